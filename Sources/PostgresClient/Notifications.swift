/// One `NOTIFY`.
public struct PostgresNotification: Sendable, Hashable {
    public let channel: String
    public let payload: String
    /// The process that sent it.
    public let backendPID: Int32
}

/// What a listener is told.
public enum PostgresNotificationEvent: Sendable, Hashable {
    /// Listening has begun: what was committed before is to be read once.
    case listening
    case notification(PostgresNotification)
    /// The connection was lost; nothing is heard until ``reconnected``.
    case disconnected(PostgresError)
    /// Listening again on a new connection: what happened between must be read.
    case reconnected
    /// The reader was too slow and events were dropped: read again.
    case overflowed
}
