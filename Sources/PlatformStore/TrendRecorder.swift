import PlatformModel

/// Samples the numbers that sparklines draw, at equal steps, whatever the pace of the readings.
struct TrendRecorder: Sendable {
    private let step: Duration
    private let capacity: Int
    private var trends: [TrendKey: Trend] = [:]
    private var last: Moment?

    init(step: Duration, capacity: Int) {
        self.step = step
        self.capacity = capacity
    }

    /// Adds a point to every trend once a step has passed; steps that were slept through become gaps.
    mutating func record(_ snapshot: Snapshot, at now: Moment) -> [TrendKey: Trend] {
        guard let last else {
            self.last = now
            add(Self.sample(snapshot), missed: 0)
            return trends
        }
        let steps = now.since(last) / step
        guard steps >= 1 else { return trends }
        add(Self.sample(snapshot), missed: min(Int(steps) - 1, capacity))
        self.last = now
        return trends
    }

    private mutating func add(_ sample: [TrendKey: Double], missed: Int) {
        for key in Set(trends.keys).union(sample.keys) {
            var trend = trends[key] ?? Trend(step: step, capacity: capacity)
            for _ in 0..<missed { trend.append(nil) }
            trend.append(sample[key])
            trends[key] = trend
        }
    }

    /// What can be said now; a reading that fails is absent and leaves a gap.
    private static func sample(_ snapshot: Snapshot) -> [TrendKey: Double] {
        var sample: [TrendKey: Double] = [:]
        if !snapshot.orders.isFailing, let orders = snapshot.orders.value {
            sample[.ordersPerMinute] = Double(orders.placedLastMinute)
            sample[.openOrders] = Double(orders.open)
            sample[.lateOrders] = Double(orders.late)
        }
        if !snapshot.queues.isFailing, let queues = snapshot.queues.value {
            for queue in queues {
                sample[.queueWaiting(queue.name)] = Double(queue.backlog)
                sample[.queueLag(queue.name)] = queue.lag.map(Self.seconds)
            }
            sample[.totalQueueLag] = queues.compactMap { $0.lag.map(Self.seconds) }.max() ?? 0
        }
        if !snapshot.redis.isFailing, let redis = snapshot.redis.value {
            sample[.redisOperations] = Double(redis.operationsPerSecond)
        }
        for named in snapshot.services where !named.reading.isFailing {
            sample[.serviceLatency(named.name)] = named.reading.value.map { Self.seconds($0.latency) }
        }
        if let reading = snapshot.agents, !reading.isFailing, let agents = reading.value {
            sample[.agentRunsPerMinute] = agents.runsPerMinute
            sample[.agentRunsWaiting] = Double(agents.count(.waiting))
            sample[.agentDecisionTime] = agents.decisionP95.map(Self.seconds)
        }
        let primary = snapshot.primary?.position
        for named in snapshot.databases where !named.reading.isFailing {
            guard let node = named.reading.value else { continue }
            sample[.connections(named.name)] = node.activity.map { Double($0.connections) }
            sample[.transactionsPerSecond(named.name)] = node.activity?.transactionsPerSecond
            if node.role == .replica, let replayed = node.replayed {
                let behind = primary?.ahead(of: replayed) ?? node.replayLagBytes
                sample[.replicaLagBytes(named.name)] = behind.map(Double.init)
            }
        }
        return sample
    }

    private static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }
}
