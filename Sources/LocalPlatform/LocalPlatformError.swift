import Reactor

/// Why the local platform could not do what it was asked, and what to do about it.
public struct LocalPlatformError: OperationError, Hashable {
    public let code: String
    public let operation: String
    public let target: String
    public let cause: String
    public let hint: String
    /// The command line's exit code for it (`DESIGN.md` section 5).
    public let exitCode: Int32

    public init(
        code: String, operation: String, target: String, cause: String, hint: String = "", exitCode: Int32 = 1
    ) {
        self.code = code
        self.operation = operation
        self.target = target
        self.cause = cause
        self.hint = hint
        self.exitCode = exitCode
    }
}

extension LocalPlatformError {
    /// A failed system call, with the fix for the causes that people meet.
    static func system(_ operation: String, _ target: String, errno number: Int32) -> LocalPlatformError {
        let known = SystemCause(number)
        return LocalPlatformError(
            code: known.code, operation: operation, target: target, cause: known.cause, hint: known.hint)
    }

    static func usage(_ cause: String, hint: String = "galley local --help shows the options") -> LocalPlatformError {
        LocalPlatformError(
            code: "usage", operation: "read the arguments", target: "galley local", cause: cause, hint: hint,
            exitCode: 2)
    }

    static func notRunning(_ folder: String) -> LocalPlatformError {
        LocalPlatformError(
            code: "not-running", operation: "reach the local platform", target: folder, cause: "no platform runs there",
            hint: "start it with galley local up", exitCode: 7)
    }
}
