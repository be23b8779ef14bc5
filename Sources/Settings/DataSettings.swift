/// `[environments.NAME.postgres]`. Nil means: as libpq has it (`PG*`, `~/.pgpass`).
public struct PostgresSettings: Sendable, Hashable {
    public let database: String?
    public let user: String?
    /// An absolute path.
    public let passfile: String?
    public let sslmode: String?
    /// An absolute path.
    public let sslrootcert: String?
    public let applicationName: String
    /// The schema that holds Galley's views.
    public let schema: String
    public let nodes: [PostgresNodeSettings]

    init(_ path: String, _ values: SettingsValues) {
        database = values.text("\(path).database")
        user = values.text("\(path).user")
        passfile = values.text("\(path).passfile")
        sslmode = values.text("\(path).sslmode")
        sslrootcert = values.text("\(path).sslrootcert")
        applicationName = values.text("\(path).application_name") ?? "galley"
        schema = values.text("\(path).schema") ?? "galley"
        nodes = values.names("\(path).nodes").compactMap { PostgresNodeSettings("\(path).nodes[\($0)]", $0, values) }
    }
}

/// `[[environments.NAME.postgres.nodes]]`
public struct PostgresNodeSettings: Sendable, Hashable {
    public let name: String
    /// A host name, an address, or the folder of a socket.
    public let host: String
    public let port: Int
    /// Empty when unknown.
    public let region: String
    /// `primary`, `replica` or nil: what it is normally. What it is now is asked of it.
    public let roleHint: String?

    init?(_ path: String, _ name: String, _ values: SettingsValues) {
        guard let host = values.text("\(path).host") else { return nil }
        self.name = name
        self.host = host
        port = values.integer("\(path).port") ?? 5432
        region = values.text("\(path).region") ?? ""
        roleHint = values.text("\(path).role_hint")
    }
}

/// `[environments.NAME.redis]`
public struct RedisSettings: Sendable, Hashable {
    /// `redis://` or `rediss://`, without user and password.
    public let url: String
    public let username: String?
    /// An absolute path.
    public let passwordFile: String?
    /// An absolute path.
    public let caFile: String?
    public let bullPrefix: String
    /// Empty: all that are found.
    public let queues: [String]
    public let cluster: Bool

    init?(_ path: String, _ values: SettingsValues) {
        guard let url = values.text("\(path).url") else { return nil }
        self.url = url
        username = values.text("\(path).username")
        passwordFile = values.text("\(path).password_file")
        caFile = values.text("\(path).ca_file")
        bullPrefix = values.text("\(path).bull_prefix") ?? "bull"
        queues = values.texts("\(path).queues")
        cluster = values.boolean("\(path).cluster")
    }
}
