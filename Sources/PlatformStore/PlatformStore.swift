import PlatformModel

/// The newest reading of everything, and what follows from them: findings and trends.
///
/// A value: observations go in, snapshots come out, nothing else is touched.
public struct PlatformStore: Sendable {
    private var current: Snapshot
    private var tracker = FindingTracker()
    private var trends: TrendRecorder

    /// - Parameters:
    ///   - databases: name, region and address of each node, in the order that screens keep.
    ///   - services: name and address of each service, likewise.
    ///   - hasAgents: whether agents are read at all.
    public init(
        environment: EnvironmentIdentity, thresholds: Thresholds, databases: [NamedReading<DatabaseNode>],
        services: [NamedReading<ServiceHealth>], hasAgents: Bool = false, at now: Moment
    ) {
        current = Snapshot(environment: environment, at: now, thresholds: thresholds)
        current.databases = databases
        current.services = services
        if hasAgents { current.agents = Reading(origin: "agents") }
        trends = TrendRecorder(step: .seconds(1), capacity: 600)
    }

    /// Takes in one attempt; one of a name that is not configured is dropped.
    public mutating func apply(_ observation: Observation) {
        switch observation {
        case .database(let name, let attempt):
            guard let index = current.databases.firstIndex(where: { $0.name == name }) else { return }
            current.databases[index].reading.take(attempt)
        case .service(let name, let attempt):
            guard let index = current.services.firstIndex(where: { $0.name == name }) else { return }
            current.services[index].reading.take(attempt)
        case .redis(let attempt): current.redis.take(attempt)
        case .queues(let attempt): current.queues.take(attempt)
        case .orders(let attempt): current.orders.take(attempt)
        case .agents(let attempt):
            var reading = current.agents ?? Reading(origin: "agents")
            reading.take(attempt)
            current.agents = reading
        }
    }

    /// The state of the platform now, with findings and trends brought up to this moment.
    public mutating func snapshot(at now: Moment) -> Snapshot {
        current.at = now
        current.findings = tracker.update(FindingRules.evaluate(current), at: now)
        current.trends = trends.record(current, at: now)
        return current
    }
}
