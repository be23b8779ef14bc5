/// One service by its own word (`GET /health`) and by how it answered.
public struct ServiceHealth: Sendable, Hashable {
    public enum State: String, Sendable, Hashable {
        case ok, degraded, down
    }

    public let name: String
    public var state: State
    public var statusCode: Int
    public var latency: Duration
    public var version: String
    public var uptime: Duration?
    public var dependencies: [Dependency]

    public init(
        name: String, state: State, statusCode: Int, latency: Duration, version: String = "", uptime: Duration? = nil,
        dependencies: [Dependency] = []
    ) {
        self.name = name
        self.state = state
        self.statusCode = statusCode
        self.latency = latency
        self.version = version
        self.uptime = uptime
        self.dependencies = dependencies
    }

    /// What the service says of a system that it needs.
    public struct Dependency: Sendable, Hashable {
        public let name: String
        public let state: String
        public let latency: Duration?
        public let error: String

        public init(name: String, state: String, latency: Duration?, error: String) {
            self.name = name
            self.state = state
            self.latency = latency
            self.error = error
        }
    }
}

/// The Redis server in numbers (`INFO`).
public struct RedisServer: Sendable, Hashable {
    public var version: String
    public var role: String
    public var uptime: Duration
    public var usedMemory: Int64
    public var maximumMemory: Int64
    public var connectedClients: Int
    public var operationsPerSecond: Int
    public var keys: Int64
    public var appendOnly: Bool
    public var lastSaveOK: Bool
    /// Round trip of one PING.
    public var latency: Duration

    public init(
        version: String, role: String, uptime: Duration, usedMemory: Int64, maximumMemory: Int64,
        connectedClients: Int, operationsPerSecond: Int, keys: Int64, appendOnly: Bool, lastSaveOK: Bool,
        latency: Duration
    ) {
        self.version = version
        self.role = role
        self.uptime = uptime
        self.usedMemory = usedMemory
        self.maximumMemory = maximumMemory
        self.connectedClients = connectedClients
        self.operationsPerSecond = operationsPerSecond
        self.keys = keys
        self.appendOnly = appendOnly
        self.lastSaveOK = lastSaveOK
        self.latency = latency
    }
}
