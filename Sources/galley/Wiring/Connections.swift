import Collectors
import HTTPClient
import PlatformModel
import PlatformStore
import PostgresClient
import Reactor
import RedisClient
import Settings

/// The clients of one environment, and what reads through them.
struct Connections: Sendable {
    let identity: EnvironmentIdentity
    let collectors: [any Collector]
    let store: PlatformStore
    let orders: OrderSource?
    let jobs: JobReader?
    let agents: AgentReader?

    /// Makes the clients; none connects before it is first used.
    ///
    /// - Throws: ``CommandFailure`` when a password file cannot be read or an address makes no sense.
    init(_ settings: EnvironmentSettings) throws(CommandFailure) {
        identity = EnvironmentIdentity(
            name: settings.name, kind: EnvironmentIdentity.Kind(rawValue: settings.kind.rawValue) ?? .prod,
            title: settings.title)
        var collectors: [any Collector] = []
        var databases: [NamedReading<DatabaseNode>] = []
        var orders: OrderSource?
        if let postgres = settings.postgres, !postgres.nodes.isEmpty {
            for node in postgres.nodes {
                databases.append(
                    NamedReading(name: node.name, region: node.region, address: "\(node.host):\(node.port)"))
                let client = PostgresClient(Self.configuration(postgres, nodes: [node]), name: node.name)
                collectors.append(DatabaseCollector(node: node.name, region: node.region, client: client))
            }
            let source = Self.orderSource(postgres)
            orders = source
            collectors.append(OrdersCollector(source: source))
        }
        var jobs: JobReader?
        if let redis = settings.redis {
            let configuration = try Self.configuration(redis)
            func connection(_ name: String) -> RedisDeployment {
                RedisDeployment(configuration, isCluster: redis.cluster, name: name)
            }
            collectors.append(RedisCollector(redis: connection("redis")))
            collectors.append(
                QueuesCollector(redis: connection("queues"), prefix: redis.bullPrefix, queues: redis.queues))
            jobs = JobReader(redis: connection("jobs"), prefix: redis.bullPrefix)
        }
        var services: [NamedReading<ServiceHealth>] = []
        if !settings.services.isEmpty {
            let http = HTTPClient()
            for service in settings.services {
                services.append(NamedReading(name: service.name, address: service.url))
                collectors.append(
                    ServiceCollector(service: service.name, url: service.url + service.healthPath, client: http))
            }
        }
        var agents: AgentReader?
        if let wanted = settings.agents, let postgres = settings.postgres, !postgres.nodes.isEmpty {
            let abandoned = settings.thresholds.agentAbandoned
            collectors.append(
                AgentsCollector(
                    client: Self.anyNode(postgres, "agents"), schema: wanted.schema, abandonedAfter: abandoned))
            agents = AgentReader(
                client: Self.anyNode(postgres, "agent run"), schema: wanted.schema, abandonedAfter: abandoned)
        }
        self.agents = agents
        self.collectors = collectors
        self.orders = orders
        self.jobs = jobs
        var thresholds = Thresholds(settings.thresholds)
        if let queue = settings.agents?.queue { thresholds.agentQueue = queue }
        store = PlatformStore(
            environment: identity, thresholds: thresholds, databases: databases, services: services,
            hasAgents: agents != nil, at: .now())
    }

    // MARK: Configurations

    private static func configuration(
        _ settings: PostgresSettings, nodes: [PostgresNodeSettings],
        target: PostgresConfiguration.TargetSessionAttributes = .any
    ) -> PostgresConfiguration {
        var configuration = PostgresConfiguration.fromEnvironment(Setup.variables)
        configuration.hosts = nodes.map {
            PostgresConfiguration.Host(name: $0.name, host: $0.host, port: UInt16(clamping: $0.port))
        }
        if let database = settings.database { configuration.database = database }
        if let user = settings.user { configuration.user = user }
        if let passfile = settings.passfile { configuration.passfile = passfile }
        if let mode = settings.sslmode.flatMap(PostgresTLS.Mode.init) { configuration.tls.mode = mode }
        if let root = settings.sslrootcert { configuration.tls.rootCertificate = root }
        configuration.applicationName = settings.applicationName
        configuration.targetSessionAttributes = target
        configuration.connectTimeout = .milliseconds(1500)
        return configuration
    }

    /// NOTIFY and fresh rows come from the primary, wherever it is; a replica answers while there is none.
    private static func orderSource(_ settings: PostgresSettings) -> OrderSource {
        let primary = configuration(settings, nodes: settings.nodes, target: .primary)
        let replica = configuration(settings, nodes: settings.nodes.reversed(), target: .any)
        return OrderSource(
            primary: PostgresClient(primary, name: "orders"),
            replica: PostgresClient(replica, name: "orders on a replica"),
            schema: settings.schema)
    }

    /// Any node that answers, those that are normally replicas first: what is read there costs the primary nothing.
    private static func anyNode(_ settings: PostgresSettings, _ name: String) -> PostgresClient {
        PostgresClient(configuration(settings, nodes: settings.nodes.reversed(), target: .any), name: name)
    }

    private static func configuration(_ settings: RedisSettings) throws(CommandFailure) -> RedisConfiguration {
        var configuration: RedisConfiguration
        do {
            configuration = try RedisConfiguration.parse(url: settings.url)
        } catch {
            throw CommandFailure(
                status: ExitStatus.configuration, message: error.description, code: error.code, hint: error.hint)
        }
        if let username = settings.username { configuration.username = username }
        if let file = settings.passwordFile { configuration.password = RedisSecret(try SecretFile.read(file)) }
        if let ca = settings.caFile, configuration.tls.isOn { configuration.tls = .on(caFile: ca) }
        configuration.connectTimeout = .milliseconds(1500)
        return configuration
    }
}

extension Thresholds {
    init(_ settings: ThresholdSettings) {
        self.init()
        queueLag = settings.queueLag
        queueLagCritical = settings.queueLagCritical
        replicaLagBytes = settings.replicaLagBytes
        replicaLagCriticalBytes = settings.replicaLagCriticalBytes
        orderLate = settings.orderLate
        orderLateCritical = settings.orderLateCritical
        serviceLatency = settings.serviceSlow
        agentWaiting = settings.agentWaiting
        agentAbandoned = settings.agentAbandoned
        staleAfter = settings.staleAfter
    }
}
