/// Where a Redis server is, and who connects to it.
public struct RedisConfiguration: Sendable, Hashable {
    /// Whether the connection is encrypted, and what the server's certificate is checked against.
    public enum TLS: Sendable, Hashable {
        case off
        /// - Parameters:
        ///   - caFile: a PEM file of trusted authorities; nil for the system's.
        ///   - caPath: a folder of hashed PEM files; nil for the system's.
        ///   - verify: false accepts any certificate of any host: for a laboratory only.
        ///   - certificateFile: a PEM client certificate, for servers with `tls-auth-clients`.
        ///   - keyFile: its PEM key.
        case on(
            caFile: String? = nil, caPath: String? = nil, verify: Bool = true, certificateFile: String? = nil,
            keyFile: String? = nil)

        public var isOn: Bool { self != .off }
    }

    /// A name or an address; a name may have several addresses, all of which are tried.
    public var host: String
    public var port: UInt16
    /// The path of a Unix socket; when set, host, port and TLS are not used.
    public var socketPath: String?
    /// The ACL user; nil for `default`.
    public var username: String?
    public var password: RedisSecret?
    /// Selected after each connect; 0 sends no SELECT (a cluster has only 0).
    public var database: Int
    public var tls: TLS
    /// For one connect from name resolution to the reply of AUTH, over all addresses together.
    public var connectTimeout: Duration
    /// What CLIENT LIST shows; nil sends no CLIENT SETNAME.
    public var clientName: String?
    /// What a reply may grow to before the connection is given up.
    public var limits: RedisLimits

    public init(
        host: String = "127.0.0.1", port: UInt16 = 6379, socketPath: String? = nil, username: String? = nil,
        password: RedisSecret? = nil, database: Int = 0, tls: TLS = .off, connectTimeout: Duration = .seconds(5),
        clientName: String? = "galley", limits: RedisLimits = RedisLimits()
    ) {
        self.host = host
        self.port = port
        self.socketPath = socketPath
        self.username = username
        self.password = password
        self.database = database
        self.tls = tls
        self.connectTimeout = connectTimeout
        self.clientName = clientName
        self.limits = limits
    }

    /// `host:port`, `[v6]:port` or the socket's path: for people, without user and password.
    public var endpoint: String {
        if let socketPath { return socketPath }
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}

/// What one reply may cost; beyond it the error is `too-large` and the connection is closed.
public struct RedisLimits: Sendable, Hashable {
    /// Bytes of all strings of one reply together.
    public var bytes: Int
    /// Values of one reply, those in nested arrays included. Arrays nest at most 7 deep (hiredis).
    public var elements: Int

    public init(bytes: Int = 64 << 20, elements: Int = 1 << 20) {
        self.bytes = bytes
        self.elements = elements
    }
}
