import HTTPClient
import PlatformModel
import Reactor

/// Why the platform's API did not do or tell something.
public struct OrdersAPIError: OperationError, Hashable {
    /// Of this program (`unreachable`, `timed-out`), or the API's own in lower case: `version-conflict`.
    public let code: String
    public let operation: String
    public let target: String
    public let cause: String
    public let hint: String
    /// Whether it may have taken effect although no answer tells so.
    public let mayHaveHappened: Bool
    /// The API's own details: what changed, what is wrong with which line.
    public let details: JSON

    init(
        code: String, operation: String, target: String, cause: String, hint: String = "", mayHaveHappened: Bool,
        details: JSON = .null
    ) {
        self.code = code
        self.operation = operation
        self.target = target
        self.cause = cause
        self.hint = hint
        self.mayHaveHappened = mayHaveHappened
        self.details = details
    }

    init(_ error: HTTPError) {
        // Without a byte sent nothing happened; with one, nobody knows.
        self.init(
            code: error.mayHaveReached ? "timed-out" : "unreachable", operation: error.operation, target: error.target,
            cause: error.cause, hint: error.hint, mayHaveHappened: error.mayHaveReached)
    }

    /// Whether the same request may succeed later as it is.
    public var isTemporary: Bool {
        ["unreachable", "timed-out", "service-unavailable", "rate-limited", "internal-server-error"].contains(code)
    }

    /// How a step that met this error ended.
    var result: StepResult {
        let state: StepResult.State = mayHaveHappened ? .unknown : isTemporary ? .failed : .refused
        return StepResult(state, code: code, cause, hint: hint)
    }
}
