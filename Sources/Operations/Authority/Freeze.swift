import PlatformModel

/// Nobody is to change anything for a while; kept on the server, so that every console sees it.
public struct Freeze: Sendable, Hashable, Identifiable {
    public let id: Int64
    public let owner: String
    public let reason: String
    public let since: Timestamp
    /// By the server's clock, which alone decides when it ends.
    public let until: Timestamp

    public init(id: Int64, owner: String, reason: String, since: Timestamp, until: Timestamp) {
        self.id = id
        self.owner = owner
        self.reason = reason
        self.since = since
        self.until = until
    }
}

/// What is known of freezes.
public enum FreezeState: Sendable, Hashable {
    case none
    case frozen(Freeze)
    /// The server does not answer, and why.
    case unknown(String)
}
