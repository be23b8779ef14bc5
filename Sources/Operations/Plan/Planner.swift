import Reactor

/// Makes plans for some commands: looks at the platform and changes nothing.
public protocol Planner: Sendable {
    /// Rows of the command table.
    var commands: [String] { get }

    /// What the intent comes to now.
    ///
    /// What forbids it is a failed check of the plan, so that it can be shown beside the rest; what is thrown is why
    /// there can be no plan at all.
    func plan(
        _ intent: Intent, for identity: OperatorIdentity, until deadline: Deadline
    ) async throws(PlanError) -> Plan
}

/// Why there is no plan.
public struct PlanError: OperationError, Hashable {
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
