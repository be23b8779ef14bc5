/// What somebody must do to confirm one plan: the same question on a screen and on a command line.
public struct ConfirmationChallenge: Sendable, Hashable {
    public let level: ConfirmationLevel
    /// What will be done, in the plan's words.
    public let title: String
    public let fields: [Field]
    let digest: String

    /// Something to be typed.
    public struct Field: Sendable, Hashable {
        public let kind: Kind
        public let label: String
        /// What must be typed, to the letter; nil when any text that says something will do.
        public let expected: String?

        public enum Kind: Sendable, Hashable { case environment, object, figure, reason }

        public func accepts(_ text: String) -> Bool {
            if let expected { return text == expected }
            return text.contains { !$0.isWhitespace }
        }
    }

    /// - Parameter command: the plan's; it decides the level.
    public init(_ plan: Plan, command: Command) {
        level = command.confirmation
        title = plan.title
        digest = plan.digest
        var fields: [Field] = []
        if level == .full {
            fields.append(Field(kind: .environment, label: "environment", expected: plan.intent.environment))
        }
        if level >= .object { fields.append(Field(kind: .object, label: "object", expected: plan.object)) }
        if level == .full {
            fields += plan.figures.map { Field(kind: .figure, label: $0.label, expected: $0.value) }
            if plan.intent.reason.isEmpty { fields.append(Field(kind: .reason, label: "reason", expected: nil)) }
        }
        self.fields = fields
    }

    /// The proof, when everything was answered as it must be; nil otherwise.
    ///
    /// - Parameters:
    ///   - yes: the lower level's `y`.
    ///   - texts: what was typed, in the order of ``fields``.
    public func answer(yes: Bool = false, texts: [String] = []) -> ConfirmationProof? {
        switch level {
        case .none: break
        case .yes: guard yes else { return nil }
        case .object, .full:
            guard texts.count == fields.count, zip(fields, texts).allSatisfy({ $0.accepts($1) }) else { return nil }
        }
        let reason = zip(fields, texts).first { $0.0.kind == .reason }?.1 ?? ""
        return ConfirmationProof(digest: digest, level: level, reason: reason)
    }
}

/// That somebody confirmed exactly this plan. Only an answered challenge makes one.
public struct ConfirmationProof: Sendable, Hashable {
    let digest: String
    let level: ConfirmationLevel
    /// What was given as the reason in the dialog; empty when the intent has one.
    let reason: String

    init(digest: String, level: ConfirmationLevel, reason: String) {
        self.digest = digest
        self.level = level
        self.reason = reason
    }

    func confirms(_ plan: Plan, command: Command) -> Bool {
        level >= command.confirmation && digest == plan.digest
    }
}
