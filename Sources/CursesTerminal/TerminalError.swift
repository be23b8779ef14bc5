import Reactor

/// Why no screen could be opened: one line that says what to do, and exit code 2.
public struct TerminalError: OperationError {
    public let code: String
    public let operation = "opening the screen"
    public let target: String
    public let cause: String
    public let hint: String

    /// What the process exits with: a matter of usage.
    public let exitCode: Int32 = 2

    init(code: String, target: String, cause: String, hint: String) {
        self.code = code
        self.target = target
        self.cause = cause
        self.hint = hint
    }
}
