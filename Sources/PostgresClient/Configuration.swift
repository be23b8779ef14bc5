import Reactor

/// Where a PostgreSQL database is, who connects, and how.
///
/// What is left empty is filled in by libpq as `psql` would: user and database from the operating system's user,
/// the password from `~/.pgpass`, certificates from `~/.postgresql`.
public struct PostgresConfiguration: Sendable, Hashable {
    public typealias Secret = PostgresSecret

    /// One server that may answer for the database.
    public struct Host: Sendable, Hashable {
        /// What people call it, `eu-west-1a`; empty: its host and port.
        public var name: String
        /// A host name, a numeric address, or the folder of a Unix socket (begins with `/` or `@`);
        /// empty: libpq's own default.
        public var host: String
        public var port: UInt16
        /// A numeric address that makes a look-up needless; certificates are still checked against ``host``.
        public var address: String?

        public init(name: String = "", host: String, port: UInt16 = 5432, address: String? = nil) {
            self.name = name
            self.host = host
            self.port = port
            self.address = address
        }

        var isSocketFolder: Bool { host.isEmpty || host.hasPrefix("/") || host.hasPrefix("@") }

        /// `10.0.0.1:5432`, or the socket's path.
        public var endpoint: String {
            isSocketFolder ? "\(host.isEmpty ? "local socket" : host):\(port)" : "\(host):\(port)"
        }
    }

    /// Which of the hosts will do, as libpq's `target_session_attrs` says it.
    public enum TargetSessionAttributes: String, Sendable, Hashable, CaseIterable {
        case any
        case readWrite = "read-write"
        case readOnly = "read-only"
        case primary
        case standby
        case preferStandby = "prefer-standby"
    }

    /// Tried in order; the first that answers and fits is used.
    public var hosts: [Host]
    public var database: String
    public var user: String
    public var password: Secret?
    /// A password file other than `~/.pgpass`.
    public var passfile: String?
    public var tls: PostgresTLS
    public var targetSessionAttributes: TargetSessionAttributes
    /// Shown in `pg_stat_activity`.
    public var applicationName: String
    /// Server options at start, `-c statement_timeout=2000`.
    public var options: String
    /// How long one host may take to accept a connection; the caller's deadline may end it sooner.
    public var connectTimeout: Duration
    /// How long a cancelled statement may take to end on the server before the connection is given up.
    public var cancelTimeout: Duration
    /// The largest result that is kept in memory; a larger one is the error `too-large`.
    public var resultLimit: PostgresResultLimit
    /// Whether a call that finds the connection lost tries again, with pauses, until its deadline; otherwise it tries
    /// each host once, and calls made while the pause lasts fail at once with the last error.
    public var retriesUntilDeadline: Bool
    /// Other libpq keywords (`sslcrl`, `channel_binding`, `service`), passed on as they are. Not for passwords.
    public var parameters: [String: String]

    public init(
        hosts: [Host], database: String = "", user: String = "", password: Secret? = nil, passfile: String? = nil,
        tls: PostgresTLS = PostgresTLS(), targetSessionAttributes: TargetSessionAttributes = .any,
        applicationName: String = "galley", options: String = "", connectTimeout: Duration = .seconds(5),
        cancelTimeout: Duration = .seconds(1),
        resultLimit: PostgresResultLimit = PostgresResultLimit(), retriesUntilDeadline: Bool = false,
        parameters: [String: String] = [:]
    ) {
        self.hosts = hosts
        self.database = database
        self.user = user
        self.password = password
        self.passfile = passfile
        self.tls = tls
        self.targetSessionAttributes = targetSessionAttributes
        self.applicationName = applicationName
        self.options = options
        self.connectTimeout = connectTimeout
        self.cancelTimeout = cancelTimeout
        self.resultLimit = resultLimit
        self.retriesUntilDeadline = retriesUntilDeadline
        self.parameters = parameters
    }
}

/// How the connection is encrypted and the server's certificate checked.
public struct PostgresTLS: Sendable, Hashable {
    /// libpq's `sslmode`.
    public enum Mode: String, Sendable, Hashable, CaseIterable {
        case disable
        case allow
        case prefer
        case require
        case verifyCA = "verify-ca"
        case verifyFull = "verify-full"
    }

    public var mode: Mode
    /// A file of trusted authorities; nil: `~/.postgresql/root.crt`.
    public var rootCertificate: String?
    public var clientCertificate: String?
    public var clientKey: String?
    public var clientKeyPassword: PostgresSecret?

    public init(
        _ mode: Mode = .prefer, rootCertificate: String? = nil, clientCertificate: String? = nil,
        clientKey: String? = nil, clientKeyPassword: PostgresSecret? = nil
    ) {
        self.mode = mode
        self.rootCertificate = rootCertificate
        self.clientCertificate = clientCertificate
        self.clientKey = clientKey
        self.clientKeyPassword = clientKeyPassword
    }

    public static let disable = PostgresTLS(.disable)
    public static let prefer = PostgresTLS(.prefer)
    public static let require = PostgresTLS(.require)
    public static func verifyCA(rootCertificate: String? = nil) -> PostgresTLS {
        PostgresTLS(.verifyCA, rootCertificate: rootCertificate)
    }
    public static func verifyFull(rootCertificate: String? = nil) -> PostgresTLS {
        PostgresTLS(.verifyFull, rootCertificate: rootCertificate)
    }
}

/// The bounds of a result that is held in memory as a whole.
public struct PostgresResultLimit: Sendable, Hashable {
    public var rows: Int
    /// Bytes as they come over the wire.
    public var bytes: Int

    public init(rows: Int = 1_000_000, bytes: Int = 64 << 20) {
        self.rows = rows
        self.bytes = bytes
    }
}
