import Reactor

/// Who acts: a person whom an identity source has recognised.
public struct OperatorIdentity: Sendable, Hashable {
    /// `anna@bastion-1`: what records and other consoles show.
    public let subject: String
    public let role: Role
    public let kitchens: KitchenScope
    /// Who says so: `local account`.
    public let source: String

    public init(subject: String, role: Role, kitchens: KitchenScope = .all, source: String) {
        self.subject = subject
        self.role = role
        self.kitchens = kitchens
        self.source = source
    }
}

/// Which kitchens somebody may see and act on.
public enum KitchenScope: Sendable, Hashable {
    case all
    case only(Set<String>)

    /// `["*"]` is all.
    public init(codes: [String]) {
        self = codes.contains("*") ? .all : .only(Set(codes))
    }

    public func includes(_ kitchen: String) -> Bool {
        switch self {
        case .all: true
        case .only(let kitchens): kitchens.contains(kitchen)
        }
    }
}

/// Where identities come from: the local account today, a device authorization of an identity provider later.
public protocol IdentitySource: Sendable {
    /// Who is at this console; may suspend while a person logs in elsewhere.
    func identify(until deadline: Deadline) async throws(IdentityError) -> OperatorIdentity
    /// Proves that the same person is there now, with what a second device shows.
    ///
    /// - Throws: when there is no second factor, the answer is wrong, or it was used before.
    func secondFactor(_ answer: String, until deadline: Deadline) async throws(IdentityError) -> SecondFactor
}

/// A second factor that was proven; good for a few minutes on the console that saw it.
public struct SecondFactor: Sendable, Hashable {
    /// `totp`
    public let method: String
    /// When, in ``GateClock/ticks``.
    public let ticks: UInt64

    /// For how long one proof serves.
    public static let lifetime = Duration.seconds(300)

    init(method: String, ticks: UInt64) {
        self.method = method
        self.ticks = ticks
    }

    func isFresh(at now: UInt64) -> Bool {
        now >= ticks && now - ticks <= UInt64(Self.lifetime.nanoseconds)
    }
}

/// Why nobody is recognised.
public struct IdentityError: OperationError, Hashable {
    public let code: String
    public let operation: String
    public let target: String
    public let cause: String
    public let hint: String

    public init(code: String, operation: String, target: String, cause: String, hint: String = "") {
        self.code = code
        self.operation = operation
        self.target = target
        self.cause = cause
        self.hint = hint
    }
}
