/// All newest readings at an instant: what every screen is drawn from and every finding is made of.
public struct Snapshot: Sendable, Equatable {
    public var environment: EnvironmentIdentity
    public var at: Moment
    /// In the order of the configuration, which does not move.
    public var databases: [NamedReading<DatabaseNode>]
    public var redis: Reading<RedisServer>
    public var queues: Reading<[Queue]>
    public var orders: Reading<OrdersOverview>
    public var services: [NamedReading<ServiceHealth>]
    /// nil where no agents are configured.
    public var agents: Reading<AgentsOverview>?
    public var findings: [Finding]
    public var trends: [TrendKey: Trend]
    public var thresholds: Thresholds

    public init(environment: EnvironmentIdentity, at: Moment, thresholds: Thresholds = Thresholds()) {
        self.environment = environment
        self.at = at
        self.thresholds = thresholds
        databases = []
        redis = Reading(origin: "redis")
        queues = Reading(origin: "redis")
        orders = Reading(origin: "postgres")
        services = []
        agents = nil
        findings = []
        trends = [:]
    }

    /// The node that says of itself that it is primary; the newest word wins where several claim it.
    public var primary: DatabaseNode? {
        databases.filter { $0.reading.value?.role == .primary && !$0.reading.isFailing }
            .compactMap(\.reading.value).first
    }

    /// The node that was primary when last heard of, reachable or not.
    public var lastKnownPrimary: DatabaseNode? {
        primary ?? databases.compactMap(\.reading.value).first { $0.role == .primary }
    }

    /// The overall state, as `galley status` and its exit code tell it.
    public var health: Health {
        if findings.contains(where: { $0.severity == .critical }) { return .down }
        return findings.contains { $0.severity == .warning } ? .degraded : .healthy
    }
}

public enum Health: String, Sendable, Hashable {
    case healthy, degraded, down
}

/// One of several readings of a kind, with the name that configuration gave its origin.
public struct NamedReading<Value: Sendable & Equatable>: Sendable, Equatable {
    public let name: String
    /// The region it stands in, where one is known.
    public let region: String
    /// `127.0.0.1:5432` or a URL without userinfo.
    public let address: String
    public var reading: Reading<Value>

    public init(name: String, region: String = "", address: String, reading: Reading<Value>? = nil) {
        self.name = name
        self.region = region
        self.address = address
        self.reading = reading ?? Reading(origin: name)
    }
}
