/// Which finding explains which: what depends on a broken thing is a symptom of it.
struct CauseLinks {
    private let present: Set<Finding.ID>
    private let primary: String?
    /// Nodes that were never read: where no primary is known, one of them may be it.
    private let strangers: Set<String>
    private let agentQueue: String
    private let servicesWithout: [String: Set<String>]

    init(_ present: [Finding.ID], _ snapshot: Snapshot) {
        self.present = Set(present)
        primary = snapshot.lastKnownPrimary?.name
        strangers = Set(snapshot.databases.filter { $0.reading.value == nil }.map(\.name))
        agentQueue = snapshot.thresholds.agentQueue
        servicesWithout = Dictionary(
            snapshot.services.compactMap { named in
                named.reading.value.map { service in
                    (named.name, Set(service.dependencies.filter { $0.state != "ok" }.map(\.name)))
                }
            }, uniquingKeysWith: { first, _ in first })
    }

    /// The nearest explanation that is itself present; nil for a root.
    func cause(of id: Finding.ID) -> Finding.ID? {
        explanations(of: id).first { present.contains($0) && $0 != id }
    }

    private var primaryGone: [Finding.ID] {
        unreadPrimary + [Finding.ID(code: .noPrimary, subject: "")]
    }

    /// Findings that the primary could not be read, or where none is known, that a node was never read.
    private var unreadPrimary: [Finding.ID] {
        let nodes = primary.map { [$0] } ?? strangers.sorted()
        let codes: [Finding.Code] = [.databaseUnreachable, .databaseUnreadable, .connectionsNearLimit]
        return nodes.flatMap { node in codes.map { Finding.ID(code: $0, subject: node) } }
    }

    private let redisGone = [
        Finding.ID(code: .redisUnreachable, subject: "redis"), Finding.ID(code: .redisUnreadable, subject: "redis"),
    ]

    private func explanations(of id: Finding.ID) -> [Finding.ID] {
        let worker = Finding.ID(code: .serviceDown, subject: "worker")
        let agents = Finding.ID(code: .serviceDown, subject: "agents")
        switch id.code {
        case .noPrimary:
            return unreadPrimary
        case .replicaNotStreaming, .ordersUnreadable: return primaryGone
        case .commitsWaiting:
            return present.filter { $0.code == .replicaNotStreaming || $0.code == .databaseUnreachable }
                .sorted { $0.subject < $1.subject }
        case .slotRetainsLog:
            return present.filter { $0.code == .replicaNotStreaming && $0.subject == id.subject }.map(\.self)
        case .queuesUnreadable: return redisGone
        case .workersGone, .jobsStalled: return redisGone + [worker]
        case .queueLagHigh:
            return redisGone + [
                Finding.ID(code: .queuePaused, subject: id.subject),
                Finding.ID(code: .workersGone, subject: id.subject), worker,
            ] + primaryGone
        case .ordersLate:
            return redisGone
                + present.filter { $0.code == .workersGone || $0.code == .queuePaused }.sorted(by: bySubject)
                + present.filter { $0.code == .queueLagHigh }.sorted(by: bySubject) + primaryGone
        case .serviceDown, .serviceDegraded, .serviceSlow:
            let missing = servicesWithout[id.subject] ?? []
            return (missing.contains("redis") ? redisGone : []) + (missing.contains("postgres") ? primaryGone : [])
        case .agentQueueLag:
            return redisGone + [
                Finding.ID(code: .queuePaused, subject: id.subject),
                Finding.ID(code: .workersGone, subject: id.subject), agents,
                Finding.ID(code: .agentRunsFailing, subject: id.subject),
            ] + primaryGone
        case .agentRunsFailing: return redisGone + primaryGone + [agents]
        case .agentRunAbandoned:
            return redisGone + [agents, Finding.ID(code: .workersGone, subject: agentQueue)]
                + [Finding.ID(code: .queuePaused, subject: agentQueue)] + primaryGone
        default: return []
        }
    }

    private func bySubject(_ left: Finding.ID, _ right: Finding.ID) -> Bool { left.subject < right.subject }
}
