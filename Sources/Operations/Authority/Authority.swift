import PlatformModel

/// Whether somebody may do something here and now: a pure function of what is known.
public struct Authority: Sendable {
    public let command: Command
    /// Whose kitchens the plan touches; empty when it touches none.
    public let kitchens: [String]
    public let identity: OperatorIdentity
    public let policy: EnvironmentPolicy
    public let armed: Bool
    public let freeze: FreezeState
    public let secondFactor: SecondFactor?
    /// Whether a second person has agreed to exactly this plan.
    public let isApproved: Bool
    /// In ``GateClock/ticks``.
    public let now: UInt64

    public init(
        command: Command, kitchens: [String], identity: OperatorIdentity, policy: EnvironmentPolicy, armed: Bool,
        freeze: FreezeState, secondFactor: SecondFactor?, isApproved: Bool, now: UInt64
    ) {
        self.command = command
        self.kitchens = kitchens
        self.identity = identity
        self.policy = policy
        self.armed = armed
        self.freeze = freeze
        self.secondFactor = secondFactor
        self.isApproved = isApproved
        self.now = now
    }

    /// Nil when it may be done.
    ///
    /// Who may never comes before what is not possible now, and what a person can do at once comes last: nobody
    /// is asked for a second person only to hear that the platform is frozen.
    public var refusal: AuthorityRefusal? {
        // Reading moves nothing; what a role may see, its credentials decide.
        guard command.danger > .none else { return nil }
        return readOnly ?? role ?? kitchen ?? frozen ?? arming ?? factor ?? person
    }

    /// A kitchen's own orders are its business, not an operation on the platform: neither freeze nor arming stops them.
    private var isBusiness: Bool { identity.role == .kitchen && !kitchens.isEmpty }

    private var readOnly: AuthorityRefusal? {
        guard policy.readOnly == .always else { return nil }
        return AuthorityRefusal(.readOnly, "this console was started read-only", "start it without --read-only")
    }

    private var role: AuthorityRefusal? {
        guard identity.role < command.role else { return nil }
        return AuthorityRefusal(
            .role,
            "\(command.title.lowercased()) needs the role \(command.role.word), \(identity.subject) is \(identity.role.word)",
            "ask somebody with the role \(command.role.word)")
    }

    private var kitchen: AuthorityRefusal? {
        guard let other = kitchens.first(where: { !identity.kitchens.includes($0) }) else { return nil }
        return AuthorityRefusal(
            .kitchen, "\(identity.subject) does not act for kitchen \(other)", "ask that kitchen, or an operator")
    }

    private var frozen: AuthorityRefusal? {
        guard !isBusiness, !command.exemptions.contains(.freeze) else { return nil }
        switch freeze {
        case .none: return nil
        case .frozen(let freeze):
            return AuthorityRefusal(
                .frozen, "frozen by \(freeze.owner) until \(freeze.until): \(freeze.reason)",
                "wait, or speak with \(freeze.owner); the owner or a lead lifts it with galley unfreeze")
        case .unknown(let cause):
            guard !command.exemptions.contains(.unknownFreeze) else { return nil }
            return AuthorityRefusal(
                .freezeUnknown, "nobody can say whether the platform is frozen: \(cause)",
                "the freeze is kept in the platform's database; try again when it answers")
        }
    }

    private var arming: AuthorityRefusal? {
        guard policy.readOnly == .untilArmed, !armed, !isBusiness, !command.exemptions.contains(.readOnly) else {
            return nil
        }
        return AuthorityRefusal(
            .notArmed, "this environment is read-only until you arm the console",
            "galley arm 15 --reason \"…\" allows actions for 15 minutes")
    }

    private var factor: AuthorityRefusal? {
        guard policy.asksSecondFactor(command.danger), secondFactor?.isFresh(at: now) != true else { return nil }
        return AuthorityRefusal(
            .secondFactor, "this needs your second factor", "give the six digits of your authenticator with --code")
    }

    private var person: AuthorityRefusal? {
        guard policy.asksSecondPerson(command.danger), !isApproved else { return nil }
        return AuthorityRefusal(
            .secondPerson, "this needs a second person's approval", "another operator answers galley approvals")
    }
}

/// Why somebody may not, in one sentence, with what would change it.
public struct AuthorityRefusal: Sendable, Hashable, Error {
    public let rule: Rule
    public let cause: String
    public let hint: String

    public enum Rule: String, Sendable, Hashable, CaseIterable {
        case readOnly = "read-only"
        case role = "role"
        case kitchen = "other-kitchen"
        case frozen = "frozen"
        case freezeUnknown = "freeze-unknown"
        case notArmed = "not-armed"
        case secondFactor = "second-factor"
        case secondPerson = "second-person"
    }

    init(_ rule: Rule, _ cause: String, _ hint: String) {
        self.rule = rule
        self.cause = cause
        self.hint = hint
    }
}
