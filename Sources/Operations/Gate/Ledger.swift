import Reactor

/// What the gate keeps on the server, where every console sees it: freezes, approvals and the audit chain.
public protocol Ledger: Sendable {
    /// The freeze that is in force, from any node that answers.
    func freeze(until deadline: Deadline) async -> FreezeState

    /// Adds an entry to the chain; the same entry again gives the same receipt.
    func append(id: String, text: String, until deadline: Deadline) async throws(LedgerError) -> AuditLink

    /// Links after `sequence`, oldest first, at most `limit`.
    func audit(after sequence: Int64, limit: Int, until deadline: Deadline) async throws(LedgerError) -> [AuditLink]

    /// The sequence of the newest link; 0 in an empty chain.
    func auditEnd(until deadline: Deadline) async throws(LedgerError) -> Int64

    /// Asks for a second person's agreement to exactly this plan; the same identity again asks nothing new.
    func ask(
        id: String, plan: Plan, asker: String, for duration: Duration, until deadline: Deadline
    ) async throws(LedgerError)

    /// Uses a granted request up; fails unless it was granted in time, by another person, for this digest, and not used.
    func use(approval id: String, digest: String, until deadline: Deadline) async throws(LedgerError)

    /// A request as it stands; nil when there is none.
    func approval(id: String, until deadline: Deadline) async throws(LedgerError) -> Approval?

    /// Requests that wait for an answer, oldest first.
    func openApprovals(until deadline: Deadline) async throws(LedgerError) -> [Approval]
}

/// What changes the server's side of the gate: the executor's permit is asked for.
public protocol LedgerChanges: Sendable {
    func freeze(
        owner: String, reason: String, for duration: Duration, key: String, permit: borrowing ExecutionPermit,
        until deadline: Deadline
    ) async throws(LedgerError)

    func unfreeze(id: Int64, by person: String, permit: borrowing ExecutionPermit, until deadline: Deadline)
        async throws(LedgerError)

    func answer(
        approval id: String, digest: String, by person: String, granted: Bool, permit: borrowing ExecutionPermit,
        until deadline: Deadline
    ) async throws(LedgerError)
}

/// Somebody asks for a second person's agreement to exactly one plan.
public struct Approval: Sendable, Hashable, Identifiable {
    public let id: String
    public let plan: Plan
    public let asker: String
    /// Whole seconds that are left by the server's clock; silence until then is a refusal.
    public let secondsLeft: Int
    /// Nil while nobody has answered.
    public let isGranted: Bool?
    public let answeredBy: String
    /// An approval serves once.
    public let isUsed: Bool

    public init(
        id: String, plan: Plan, asker: String, secondsLeft: Int, isGranted: Bool?, answeredBy: String, isUsed: Bool
    ) {
        self.id = id
        self.plan = plan
        self.asker = asker
        self.secondsLeft = secondsLeft
        self.isGranted = isGranted
        self.answeredBy = answeredBy
        self.isUsed = isUsed
    }

    /// Whether it lets this plan pass now.
    func permits(_ plan: Plan, by subject: String) -> Bool {
        isGranted == true && !isUsed && answeredBy != subject && !answeredBy.isEmpty && self.plan.digest == plan.digest
    }
}

/// Why the server's side of the gate did not do or tell something.
public struct LedgerError: OperationError, Hashable {
    public let code: String
    public let operation: String
    public let target: String
    public let cause: String
    public let hint: String
    /// Whether it may have happened although no answer came.
    public let mayHaveHappened: Bool

    public init(
        code: String, operation: String, target: String, cause: String, hint: String = "", mayHaveHappened: Bool = false
    ) {
        self.code = code
        self.operation = operation
        self.target = target
        self.cause = cause
        self.hint = hint
        self.mayHaveHappened = mayHaveHappened
    }
}
