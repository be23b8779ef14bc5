import PlatformModel

/// One figure that people watch, with its recent past.
struct Metric: Sendable {
    let name: String
    let value: String
    var trend: Trend?
    var role: ThemeRole = .strong
    /// Its source no longer answers, or has not for too long: the figure is what it was then.
    var isOld = false
    /// How the chart's axis is written.
    var label: @Sendable (Double) -> String = { Wording.count($0) }

    /// The figure; an old one is marked by a sign, not by its colour alone.
    func spans(_ glyphs: GlyphSet) -> [Span] {
        isOld ? [Span(glyphs.status(.failed) + " ", .failed), Span(value, .stale)] : [Span(value, role)]
    }

    /// The figures of the overview, the ones to look at first first.
    static func all(_ context: CellContext) -> [Metric] {
        let orders = orderMetrics(context)
        let queues = queueMetrics(context)
        let databases = databaseMetrics(context)
        return [orders[0], queues[0]] + databases[0...1] + orders[1...2] + [queues[1]] + systemMetrics(context)
            + agentMetrics(context) + [databases[2]] + orders[3...4]
    }

    private static func orderMetrics(_ context: CellContext) -> [Metric] {
        let snapshot = context.snapshot
        let orders = snapshot.orders.value
        let trends = snapshot.trends
        let metrics = [
            Metric(name: "Orders a minute", value: number(orders?.placedLastMinute), trend: trends[.ordersPerMinute]),
            Metric(
                name: "Late orders", value: number(orders?.late), trend: trends[.lateOrders],
                role: (orders?.late ?? 0) > 0 ? .critical : .strong),
            Metric(name: "Open orders", value: number(orders?.open), trend: trends[.openOrders]),
            Metric(name: "Orders today", value: number(orders?.placedToday)),
            Metric(name: "Revenue today", value: Wording.money(orders?.revenueToday ?? [])),
        ]
        return metrics.map { $0.from(snapshot.orders, context) }
    }

    private static func queueMetrics(_ context: CellContext) -> [Metric] {
        let snapshot = context.snapshot
        let queues = snapshot.queues.value
        let lag = queues?.compactMap(\.lag).max()
        let backlog = queues.map { $0.reduce(0) { $0 + $1.backlog } }
        let metrics = [
            Metric(
                name: "Queue lag", value: lag.map(Quantity.duration) ?? "-", trend: snapshot.trends[.totalQueueLag],
                role: (lag ?? .zero) >= snapshot.thresholds.queueLag ? .critical : .strong,
                label: { Quantity.shortDuration(.seconds($0)) }),
            Metric(name: "Jobs waiting", value: backlog.map { Quantity.compact($0) } ?? "-"),
        ]
        return metrics.map { $0.from(snapshot.queues, context) }
    }

    private static func databaseMetrics(_ context: CellContext) -> [Metric] {
        let snapshot = context.snapshot
        let primary = snapshot.lastKnownPrimary
        let reading = snapshot.databases.first { $0.name == primary?.name }?.reading
        let rows = NodeRow.rows(of: snapshot).compactMap { row in row.lagBytes.map { (bytes: $0, row: row) } }
        let worst = rows.max { $0.bytes < $1.bytes }
        let activity = primary?.activity
        var lag = Metric(
            name: "Replica lag", value: worst.map { Quantity.bytes($0.bytes) } ?? "-",
            trend: worst.flatMap { snapshot.trends[.replicaLagBytes($0.row.name)] },
            role: (worst?.bytes ?? 0) >= snapshot.thresholds.replicaLagBytes ? .warning : .strong,
            label: { Wording.bytes($0) })
        if let worst { lag = lag.from(worst.row.named.reading, context) }
        let metrics = [
            Metric(
                name: "Transactions", value: activity?.transactionsPerSecond.map(Quantity.rate) ?? "-",
                trend: primary.flatMap { snapshot.trends[.transactionsPerSecond($0.name)] }),
            Metric(
                name: "Sessions", value: activity.map { "\($0.connections)/\($0.maximumConnections)" } ?? "-",
                trend: primary.flatMap { snapshot.trends[.connections($0.name)] }),
        ]
        return [lag] + metrics.map { metric in reading.map { metric.from($0, context) } ?? metric }
    }

    private static func systemMetrics(_ context: CellContext) -> [Metric] {
        let snapshot = context.snapshot
        let api = snapshot.services.first { $0.name.lowercased().contains("api") } ?? snapshot.services.first
        let latency = Metric(
            name: api.map { "\($0.name) latency" } ?? "Latency",
            value: api?.reading.value.map { Quantity.duration($0.latency) } ?? "-",
            trend: api.flatMap { snapshot.trends[.serviceLatency($0.name)] },
            label: { Quantity.shortDuration(.seconds($0)) })
        let redis = Metric(
            name: "Redis",
            value: snapshot.redis.value.map { "\(Quantity.compact(Int64($0.operationsPerSecond))) op/s" } ?? "-",
            trend: snapshot.trends[.redisOperations])
        return [api.map { latency.from($0.reading, context) } ?? latency, redis.from(snapshot.redis, context)]
    }

    private static func agentMetrics(_ context: CellContext) -> [Metric] {
        guard let reading = context.snapshot.agents else { return [] }
        let agents = reading.value
        let trends = context.snapshot.trends
        let metrics = [
            Metric(
                name: "Agent runs/min", value: agents?.runsPerMinute.map { Quantity.fixed($0, 1) } ?? "-",
                trend: trends[.agentRunsPerMinute]),
            Metric(
                name: "Decision p95", value: agents?.decisionP95.map(Quantity.duration) ?? "-",
                trend: trends[.agentDecisionTime], label: { Quantity.shortDuration(.seconds($0)) }),
        ]
        return metrics.map { $0.from(reading, context) }
    }

    /// The same, marked when what it was read from is old.
    private func from<Value>(_ reading: Reading<Value>, _ context: CellContext) -> Metric {
        var metric = self
        metric.isOld = Corner.isOld(reading, context)
        return metric
    }

    private static func number(_ count: Int64?) -> String { count.map(Quantity.grouped) ?? "-" }
}
