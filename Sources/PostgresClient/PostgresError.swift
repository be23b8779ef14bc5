import Reactor

/// Why a call to PostgreSQL failed, and what to do about it.
public struct PostgresError: OperationError, Hashable {
    /// Stable, for scripts and tests; see the constants of ``PostgresError/Code``.
    public let code: String
    /// The server's five characters, `42P01`; nil when the server did not speak.
    public let sqlState: String?
    public let operation: String
    public let target: String
    /// One line, at most 500 characters, control characters made visible; never a secret.
    public let cause: String
    public let hint: String
    /// The server's DETAIL line, cleaned as the cause is; may name keys and values of rows.
    public let detail: String?
    /// Where in the statement, in characters from 1.
    public let position: Int?
    /// Whether the statement may have taken effect although no answer came: do not simply repeat a write.
    public let mayHaveExecuted: Bool

    init(
        _ code: String, sqlState: String? = nil, operation: String, target: String, cause: String, hint: String = "",
        detail: String? = nil, position: Int? = nil, mayHaveExecuted: Bool = false
    ) {
        self.code = code
        self.sqlState = sqlState
        self.operation = operation
        self.target = target
        self.cause = cause
        self.hint = hint
        self.detail = detail
        self.position = position
        self.mayHaveExecuted = mayHaveExecuted
    }

    /// The same error of a statement that had been sent.
    func afterSending() -> PostgresError {
        PostgresError(
            code, sqlState: sqlState, operation: operation, target: target, cause: cause, hint: hint, detail: detail,
            position: position, mayHaveExecuted: true)
    }

    /// The stable codes; one from the server without a name of its own is `sqlstate-` and its five characters.
    public enum Code {
        public static let connectionRefused = "connection-refused"
        public static let connectionFailed = "connection-failed"
        public static let nameNotResolved = "name-not-resolved"
        public static let passwordRejected = "password-rejected"
        public static let passwordMissing = "password-missing"
        public static let notAllowed = "not-allowed"
        public static let tlsFailed = "tls-failed"
        public static let wrongSession = "wrong-session"
        public static let timedOut = "timed-out"
        public static let cancelled = "cancelled"
        public static let serverClosed = "server-closed"
        public static let clientClosed = "client-closed"
        public static let protocolViolation = "protocol"
        public static let decode = "decode"
        public static let tooLarge = "too-large"
        public static let badParameter = "bad-parameter"
        public static let unsupported = "unsupported"
    }
}

/// Makes text from a server fit for one line: bounded, and without anything that a terminal would obey.
func tidy(_ text: String, limit: Int = 500) -> String {
    var result = String.UnicodeScalarView()
    var count = 0
    var pendingSpace = false
    for scalar in text.unicodeScalars {
        if count >= limit {
            result.append("…")
            break
        }
        if scalar == "\n" || scalar == "\t" || scalar == "\r" || scalar == " " {
            pendingSpace = count > 0
            continue
        }
        if pendingSpace {
            result.append(" ")
            count += 1
            pendingSpace = false
        }
        count += 1
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .lineSeparator, .paragraphSeparator: result.append("\u{FFFD}")
        default: result.append(scalar)
        }
    }
    return String(result)
}
