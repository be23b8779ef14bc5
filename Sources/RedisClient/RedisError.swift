import Reactor

/// What went wrong between Galley and a Redis server.
public struct RedisError: OperationError, Hashable {
    /// The stable classes of errors; the raw value is the ``RedisError/code``.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        // Before a command was sent.
        case configuration = "configuration"
        case nameNotResolved = "name-not-resolved"
        case connectionRefused = "connection-refused"
        case unreachable = "unreachable"
        case tls = "tls"
        case certificate = "certificate"
        case noAuth = "no-auth"
        case wrongPassword = "wrong-password"
        case unsupported = "unsupported"
        case closed = "closed"
        // On the way.
        case timedOut = "timed-out"
        case cancelled = "cancelled"
        case serverClosed = "server-closed"
        case protocolViolation = "protocol"
        case tooLarge = "too-large"
        // What the server said.
        case noPermission = "no-permission"
        case noScript = "no-script"
        case moved = "moved"
        case ask = "ask"
        case tryAgain = "try-again"
        case clusterDown = "cluster-down"
        case crossSlot = "cross-slot"
        case loading = "loading"
        case busy = "busy"
        case readOnly = "read-only"
        case masterDown = "master-down"
        case noReplicas = "no-replicas"
        case outOfMemory = "out-of-memory"
        case cannotPersist = "cannot-persist"
        case tooManyClients = "too-many-clients"
        case wrongType = "wrong-type"
        case unknownCommand = "unknown-command"
        case replyError = "reply-error"
    }

    /// Where a cluster says that a slot is.
    public struct Redirection: Sendable, Hashable {
        public let slot: Int
        /// Empty when it is the host that was asked.
        public let host: String
        public let port: UInt16
    }

    private let details: Details

    public var kind: Kind { details.kind }
    public var code: String { details.kind.rawValue }
    public var operation: String { details.operation }
    public var target: String { details.target }
    public var cause: String { details.cause }
    public var hint: String { details.hint }
    /// Whether the server may have carried the command out although no reply came; such a command is never sent
    /// a second time by this module.
    public var mayHaveExecuted: Bool { details.mayHaveExecuted }
    /// Of `moved` and `ask`.
    public var redirection: Redirection? { details.redirection }

    init(
        _ kind: Kind, operation: String, target: String, cause: String, hint: String = "",
        mayHaveExecuted: Bool = false, redirection: Redirection? = nil
    ) {
        details = Details(
            kind: kind, operation: operation, target: target, cause: cause, hint: hint,
            mayHaveExecuted: mayHaveExecuted, redirection: redirection)
    }

    /// The same error told of another operation.
    func during(_ operation: String, mayHaveExecuted: Bool) -> RedisError {
        RedisError(
            kind, operation: operation, target: target, cause: cause, hint: hint, mayHaveExecuted: mayHaveExecuted,
            redirection: redirection)
    }

    public static func == (left: RedisError, right: RedisError) -> Bool { left.details.isEqual(right.details) }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(kind)
        hasher.combine(operation)
        hasher.combine(cause)
    }

    /// Out of line, so that a `Result` is as small as its value.
    private final class Details: Sendable {
        let kind: Kind
        let operation: String
        let target: String
        let cause: String
        let hint: String
        let mayHaveExecuted: Bool
        let redirection: Redirection?

        init(
            kind: Kind, operation: String, target: String, cause: String, hint: String, mayHaveExecuted: Bool,
            redirection: Redirection?
        ) {
            self.kind = kind
            self.operation = operation
            self.target = target
            self.cause = cause
            self.hint = hint
            self.mayHaveExecuted = mayHaveExecuted
            self.redirection = redirection
        }

        func isEqual(_ other: Details) -> Bool {
            self === other
                || (kind == other.kind && operation == other.operation && target == other.target
                    && cause == other.cause && hint == other.hint && mayHaveExecuted == other.mayHaveExecuted
                    && redirection == other.redirection)
        }
    }
}
