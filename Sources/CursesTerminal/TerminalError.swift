import Reactor

/// Why no screen could be opened.
public struct TerminalError: OperationError {
    public let code: String
    public let operation = "open the screen"
    public let target: String
    public let cause: String
    public let hint: String

    init(code: String, target: String, cause: String, hint: String = "") {
        self.code = code
        self.target = target
        self.cause = cause
        self.hint = hint
    }
}
