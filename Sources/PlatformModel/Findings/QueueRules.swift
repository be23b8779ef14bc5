extension FindingRules {
    static func redis(_ snapshot: Snapshot) -> [Candidate] {
        var found: [Candidate] = []
        if let failure = snapshot.redis.failure {
            found.append(
                candidate(
                    failure.isUnreachable ? .redisUnreachable : .redisUnreadable,
                    failure.isRefusal ? .warning : .critical, "redis", holds: patience(failure),
                    at: snapshot.redis.failingSince ?? snapshot.at,
                    "it \(failure.predicate): \(reason(failure))",
                    do: failure.hint.isEmpty ? "see whether the server is up and reachable from here" : failure.hint))
        } else if let server = snapshot.redis.value {
            if server.maximumMemory > 0, Double(server.usedMemory) > 0.9 * Double(server.maximumMemory) {
                found.append(
                    candidate(
                        .redisMemoryHigh, .warning, "redis", holds: .seconds(3), at: snapshot.at,
                        "\(Quantity.bytes(server.usedMemory)) of \(Quantity.bytes(server.maximumMemory)) in use",
                        do: "see which queue keeps its finished jobs"))
            }
        }
        // What Redis itself suffers from is told once.
        if let failure = snapshot.queues.failure, snapshot.redis.failure?.kind != failure.kind {
            found.append(
                candidate(
                    .queuesUnreadable, .warning, "queues", holds: .milliseconds(1500),
                    at: snapshot.queues.failingSince ?? snapshot.at, reason(failure),
                    do: failure.hint.isEmpty ? "see what Redis answers, and its log" : failure.hint))
        }
        return found
    }

    static func queues(_ snapshot: Snapshot) -> [Candidate] {
        guard !snapshot.queues.isFailing, let queues = snapshot.queues.value else { return [] }
        return queues.flatMap { queue($0, snapshot) }
    }

    private static func queue(_ queue: Queue, _ snapshot: Snapshot) -> [Candidate] {
        let limits = snapshot.thresholds
        var found: [Candidate] = []
        if let lag = queue.lag, lag > limits.queueLag {
            let drain = queue.timeToDrain.map { ", drained in \(Quantity.duration($0))" } ?? ", not shrinking"
            found.append(
                candidate(
                    .queueLagHigh, lag > limits.queueLagCritical ? .critical : .warning, queue.name, at: snapshot.at,
                    "the oldest of \(Quantity.grouped(queue.backlog)) jobs waits for \(Quantity.duration(lag))" + drain,
                    do: queue.isPaused ? "resume the queue" : "see whether workers take jobs, and add some"))
        }
        if queue.isPaused {
            found.append(
                candidate(
                    .queuePaused, queue.backlog > 0 ? .warning : .notice, queue.name, at: snapshot.at,
                    "it is paused with \(Quantity.grouped(queue.backlog)) jobs waiting",
                    do: "resume it unless somebody paused it on purpose"))
        }
        if queue.workers == 0, queue.backlog + queue.count(.delayed) + queue.count(.active) > 0 {
            found.append(
                candidate(
                    .workersGone, .critical, queue.name, holds: .seconds(2), at: snapshot.at,
                    "no worker is connected for it", do: "see the worker service and start it"))
        }
        if queue.stalled > 0 {
            found.append(
                candidate(
                    .jobsStalled, .warning, queue.name, at: snapshot.at,
                    "\(Quantity.grouped(queue.stalled)) active jobs lost their worker's lock",
                    do: "a living worker's sweep puts them back; see whether one lives"))
        }
        if queue.count(.failed) >= limits.failedJobs {
            found.append(
                candidate(
                    .jobsFailing, .notice, queue.name, at: snapshot.at,
                    "\(Quantity.grouped(queue.count(.failed))) jobs have failed for good",
                    do: "open the queue's failed jobs and read why"))
        }
        return found
    }

    static func orders(_ snapshot: Snapshot) -> [Candidate] {
        if let failure = snapshot.orders.failure {
            return [
                candidate(
                    .ordersUnreadable, .warning, "orders", holds: .milliseconds(1500),
                    at: snapshot.orders.failingSince ?? snapshot.at, reason(failure),
                    do: failure.hint.isEmpty ? "see what the primary answers, and its log" : failure.hint)
            ]
        }
        let limits = snapshot.thresholds
        guard let orders = snapshot.orders.value, let oldest = orders.oldestLate, oldest > limits.orderLate else {
            return []
        }
        let value =
            orders.lateValue.isEmpty ? "" : ", worth " + orders.lateValue.map(\.description).joined(separator: " + ")
        return [
            candidate(
                .ordersLate, oldest > limits.orderLateCritical ? .critical : .warning, "orders", at: snapshot.at,
                "\(Quantity.grouped(orders.late)) open orders are past their delivery, the oldest by"
                    + " \(Quantity.duration(oldest))\(value)",
                do: "open the late orders and call the supplier, or mend what holds them")
        ]
    }

    static func services(_ snapshot: Snapshot) -> [Candidate] {
        snapshot.services.flatMap { named -> [Candidate] in
            if let failure = named.reading.failure {
                return [
                    candidate(
                        .serviceDown, .critical, named.name, holds: patience(failure),
                        at: named.reading.failingSince ?? snapshot.at, reason(failure),
                        do: failure.hint.isEmpty ? "see whether \(named.address) is up" : failure.hint)
                ]
            }
            guard let service = named.reading.value else { return [] }
            return health(of: service, snapshot)
        }
    }

    private static func health(of service: ServiceHealth, _ snapshot: Snapshot) -> [Candidate] {
        let broken = service.dependencies.filter { $0.state != "ok" }.map(\.name).joined(separator: ", ")
        let suffix = broken.isEmpty ? "" : "; it says it lacks \(broken)"
        switch service.state {
        case .down:
            return [
                candidate(
                    .serviceDown, .critical, service.name, at: snapshot.at,
                    "its health check answers \(service.statusCode)\(suffix)", do: "see its log and what it needs")
            ]
        case .degraded:
            return [
                candidate(
                    .serviceDegraded, .warning, service.name, at: snapshot.at, "it works with limits\(suffix)",
                    do: "see its log and what it needs")
            ]
        case .ok:
            guard service.latency > snapshot.thresholds.serviceLatency else { return [] }
            return [
                candidate(
                    .serviceSlow, .warning, service.name, holds: .seconds(1), at: snapshot.at,
                    "its health check takes \(Quantity.duration(service.latency))",
                    do: "see its load and the latency of what it needs")
            ]
        }
    }
}
