/// What a server answers before the body, and what is known of the connection.
public struct HTTPResponseHead: Sendable, Hashable {
    public let status: Int
    public let headers: HTTPHeaders
    /// `1.0`, `1.1` or `2`.
    public let httpVersion: String
    public let timing: HTTPTiming
    /// Nil without TLS.
    public let tls: HTTPTLS?
    /// True when a kept connection served the request: there was nothing to resolve, connect or negotiate.
    public let connectionReused: Bool
}

/// A whole answer. Every status is one: 404 and 500 are no errors of the client.
@dynamicMemberLookup
public struct HTTPResponse: Sendable, Hashable {
    public let head: HTTPResponseHead
    public let body: [UInt8]

    public subscript<Value>(dynamicMember path: KeyPath<HTTPResponseHead, Value>) -> Value { head[keyPath: path] }
    public var status: Int { head.status }
    public var headers: HTTPHeaders { head.headers }
    /// The body as UTF-8; what is none becomes U+FFFD.
    public var text: String { String(decoding: body, as: UTF8.self) }
}

/// How long the parts of a transfer took, on the monotonic clock.
public struct HTTPTiming: Sendable, Hashable {
    /// Waiting for a free place among the transfers in flight. Not part of the others.
    public let queued: Duration
    /// Of the name resolution alone.
    public let resolve: Duration
    /// Of the TCP connection alone.
    public let connect: Duration
    /// Of the TLS negotiation alone; zero without TLS.
    public let tls: Duration
    /// From the transfer's start to the first byte of the answer.
    public let firstByte: Duration
    /// From the transfer's start to its end, or to now while it streams.
    public let total: Duration
}

/// The security of a connection.
public struct HTTPTLS: Sendable, Hashable {
    /// `TLSv1.3`
    public let version: String
    /// When the server's certificate ends, in seconds since 1970; nil when it showed none.
    public let certificateExpires: Int64?
}

/// An answer whose body is still coming.
public struct HTTPStream: Sendable {
    public let head: HTTPResponseHead
    /// Iterate it once. Letting go of it ends the transfer.
    public let body: HTTPBody
}
