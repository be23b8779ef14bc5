import Reactor

/// Why there is no (complete) answer.
///
/// It never holds a header, a body, a user, a password or a query.
public struct HTTPError: OperationError, Hashable {
    /// The kinds; the raw value is the stable ``HTTPError/code``.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case invalidRequest = "invalid-request"
        case nameNotResolved = "name-not-resolved"
        case connectionRefused = "connection-refused"
        case unreachable = "unreachable"
        case timedOut = "timed-out"
        case cancelled = "cancelled"
        case clientClosed = "client-closed"
        case tlsFailed = "tls-failed"
        case certificateExpired = "certificate-expired"
        case certificateNotYetValid = "certificate-not-yet-valid"
        case certificateWrongHost = "certificate-wrong-host"
        case certificateNotTrusted = "certificate-not-trusted"
        /// The server wants a client certificate, or refuses or cannot use the one it got.
        case clientCertificate = "client-certificate"
        case tooLarge = "too-large"
        case serverClosed = "server-closed"
        case protocolViolation = "protocol"
        case tooManyRedirects = "too-many-redirects"
        /// The request's own body could not be produced.
        case bodyFailed = "body-failed"
        case outOfResources = "out-of-resources"
        case failed = "failed"
    }

    public let kind: Kind
    public var code: String { kind.rawValue }
    /// `GET /health`
    public let operation: String
    /// `http://127.0.0.1:3000`
    public let target: String
    public let cause: String
    public let hint: String
    /// False only when certainly no byte of the request left: whoever may not act twice asks first when it is true.
    public let mayHaveReached: Bool

    init(_ kind: Kind, at target: HTTPTarget, _ cause: String, hint: String? = nil, mayHaveReached: Bool) {
        self.kind = kind
        operation = target.operation
        self.target = target.origin
        self.cause = cause
        self.hint = hint ?? kind.hint
        self.mayHaveReached = mayHaveReached
    }
}

extension HTTPError.Kind {
    var hint: String {
        switch self {
        case .nameNotResolved: "check the name and this machine's DNS"
        case .connectionRefused: "nothing listens there: check that the service runs, and its port"
        case .unreachable: "check the network, the address and the firewall"
        case .certificateExpired: "renew the server's certificate, and check this machine's clock"
        case .certificateNotYetValid: "check this machine's clock and the server's"
        case .certificateWrongHost: "use a name that the server's certificate holds"
        case .certificateNotTrusted: "set the CA file that signed the server's certificate"
        case .clientCertificate: "set a client certificate that the server accepts"
        case .outOfResources: "raise the limit of open files (ulimit -n)"
        case .tlsFailed: "check that the port speaks TLS, and the versions both sides allow"
        case .serverClosed: "look into the server's log"
        case .protocolViolation: "check that the port speaks HTTP"
        case .invalidRequest, .timedOut, .cancelled, .clientClosed, .tooLarge, .tooManyRedirects, .bodyFailed, .failed:
            ""
        }
    }
}
