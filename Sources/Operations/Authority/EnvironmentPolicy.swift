import PlatformModel

/// What an environment asks of whoever acts in it.
public struct EnvironmentPolicy: Sendable, Hashable {
    public let readOnly: ReadOnly
    /// The least danger for which a second factor is asked; nil: never.
    public let secondFactor: Danger?
    /// The least danger for which a second person must agree; nil: never.
    public let secondPerson: Danger?

    public enum ReadOnly: String, Sendable, Hashable, CaseIterable {
        case never
        /// Until somebody arms their console for some minutes, with a reason.
        case untilArmed
        /// `--read-only`: whoever started the console wanted to look only.
        case always
    }

    /// The longest that a console stays armed.
    public static let longestArming = Duration.seconds(4 * 3600)

    public init(readOnly: ReadOnly, secondFactor: Danger? = nil, secondPerson: Danger? = nil) {
        self.readOnly = readOnly
        self.secondFactor = secondFactor
        self.secondPerson = secondPerson
    }

    /// What holds when the configuration says nothing.
    public static func standard(for kind: EnvironmentIdentity.Kind) -> EnvironmentPolicy {
        switch kind {
        case .local, .dev, .drill: EnvironmentPolicy(readOnly: .never)
        case .staging: EnvironmentPolicy(readOnly: .untilArmed, secondFactor: .highest)
        case .prod: EnvironmentPolicy(readOnly: .untilArmed, secondFactor: .high, secondPerson: .highest)
        }
    }

    func asksSecondFactor(_ danger: Danger) -> Bool { secondFactor.map { danger >= $0 } ?? false }
    func asksSecondPerson(_ danger: Danger) -> Bool { secondPerson.map { danger >= $0 } ?? false }
}

/// What a confirmation asks for.
public enum ConfirmationLevel: Int, Sendable, Hashable, Comparable, CaseIterable {
    case none
    /// The letter `y`.
    case yes
    /// The object's name, typed.
    case object
    /// The environment and the object, typed, and a reason.
    case full

    public static func < (left: ConfirmationLevel, right: ConfirmationLevel) -> Bool {
        left.rawValue < right.rawValue
    }

    public init(for danger: Danger) {
        switch danger {
        case .none: self = .none
        case .low: self = .yes
        case .high: self = .object
        case .highest: self = .full
        }
    }

    public var word: String { ["none", "yes", "object", "full"][rawValue] }
}
