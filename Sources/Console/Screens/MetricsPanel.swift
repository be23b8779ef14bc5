import PlatformModel
import TerminalCells

/// One figure that people watch, with its recent past.
struct Metric: Sendable {
    let name: String
    let value: String
    var trend: Trend?
    var role: ThemeRole = .strong
    /// How the chart's axis is written.
    var label: @Sendable (Double) -> String = { Quantity.compact(Int64($0)) }

    /// The figures of the overview, the ones to look at first first.
    static func all(_ context: CellContext) -> [Metric] {
        let snapshot = context.snapshot
        let orders = snapshot.orders.value
        let queues = snapshot.queues.value
        let primary = snapshot.primary
        let lag = queues?.compactMap(\.lag).max()
        let backlog = queues.map { $0.reduce(0) { $0 + $1.backlog } }
        let worst = NodeRow.rows(of: snapshot).compactMap { row in row.lagBytes.map { (bytes: $0, name: row.name) } }
            .max { $0.bytes < $1.bytes }
        let api = snapshot.services.first { $0.name.lowercased().contains("api") } ?? snapshot.services.first
        let limits = snapshot.thresholds
        return [
            Metric(
                name: "Orders a minute", value: number(orders?.placedLastMinute),
                trend: snapshot.trends[.ordersPerMinute]),
            Metric(
                name: "Queue lag", value: lag.map(Quantity.duration) ?? "-", trend: snapshot.trends[.totalQueueLag],
                role: (lag ?? .zero) >= limits.queueLag ? .critical : .strong,
                label: { Quantity.shortDuration(.seconds($0)) }),
            Metric(
                name: "Replica lag", value: worst.map { Quantity.bytes($0.bytes) } ?? "-",
                trend: worst.flatMap { snapshot.trends[.replicaLagBytes($0.name)] },
                role: (worst?.bytes ?? 0) >= limits.replicaLagBytes ? .warning : .strong,
                label: { Quantity.bytes(Int64($0)) }),
            Metric(
                name: "Transactions", value: primary?.activity.transactionsPerSecond.map(Quantity.rate) ?? "-",
                trend: primary.flatMap { snapshot.trends[.transactionsPerSecond($0.name)] }),
            Metric(
                name: "Late orders", value: number(orders?.late), trend: snapshot.trends[.lateOrders],
                role: (orders?.late ?? 0) > 0 ? .critical : .strong),
            Metric(name: "Open orders", value: number(orders?.open), trend: snapshot.trends[.openOrders]),
            Metric(name: "Jobs waiting", value: backlog.map { Quantity.compact($0) } ?? "-"),
            Metric(
                name: api.map { "\($0.name) latency" } ?? "Latency",
                value: api?.reading.value.map { Quantity.duration($0.latency) } ?? "-",
                trend: api.flatMap { snapshot.trends[.serviceLatency($0.name)] },
                label: { Quantity.shortDuration(.seconds($0)) }),
            Metric(
                name: "Redis",
                value: snapshot.redis.value.map { "\(Quantity.compact(Int64($0.operationsPerSecond))) op/s" } ?? "-",
                trend: snapshot.trends[.redisOperations]),
            Metric(
                name: "Sessions",
                value: primary.map { "\($0.activity.connections)/\($0.activity.maximumConnections)" } ?? "-",
                trend: primary.flatMap { snapshot.trends[.connections($0.name)] }),
            Metric(name: "Orders today", value: number(orders?.placedToday)),
            Metric(name: "Revenue today", value: Wording.money(orders?.revenueToday ?? [])),
        ]
    }

    private static func number(_ count: Int64?) -> String { count.map(Quantity.grouped) ?? "-" }
}

/// The key metrics: figures with sparklines, or with charts where there is room.
struct MetricsPanel: Sendable {
    let context: CellContext

    func draw(on canvas: inout Canvas, in rect: Rect) {
        let metrics = Metric.all(context)
        let span = metrics.compactMap(\.trend).map { $0.step * $0.points.count }.max() ?? .zero
        var panel = Panel(title: "Key metrics")
        if span > .zero { panel.count = Quantity.shortDuration(span) }
        let inner = panel.draw(on: &canvas, in: rect).inset(columns: 1, rows: 0)
        if inner.rows >= 10, inner.columns >= 150 {
            drawCharts(metrics, on: &canvas, in: inner)
        } else {
            drawLines(metrics, on: &canvas, in: inner)
        }
    }

    private func drawLines(_ metrics: [Metric], on canvas: inout Canvas, in rect: Rect) {
        let across = rect.columns >= 150 ? 4 : rect.columns >= 100 ? 3 : 2
        let width = rect.columns / across
        for (index, metric) in metrics.prefix(across * rect.rows).enumerated() {
            let place = Point(column: rect.column + index % across * width, row: rect.row + index / across)
            draw(metric, on: &canvas, at: place, columns: width - 2)
        }
    }

    private func draw(_ metric: Metric, on canvas: inout Canvas, at point: Point, columns: Int) {
        let (name, value) = (15, 12)
        canvas.write([Span(metric.name, .muted)], at: point, columns: name)
        canvas.write(
            [Span(metric.value, metric.role)], endingAt: point.column + name + value, row: point.row, columns: value)
        let room = columns - name - value - 1
        guard room >= 5 else { return }
        let line = Sparkline.text(metric.trend, columns: min(room, 24), glyphs: canvas.glyphs)
        canvas.write(line, .curve, at: Point(column: point.column + name + value + 1, row: point.row), columns: room)
    }

    private func drawCharts(_ metrics: [Metric], on canvas: inout Canvas, in rect: Rect) {
        let (charts, lines) = rect.split(top: rect.rows - 3)
        let width = charts.columns / 4
        for (index, metric) in metrics.prefix(4).enumerated() {
            let cell = Rect(
                column: charts.column + index * width, row: charts.row, columns: width - 2, rows: charts.rows)
            canvas.write(
                [Span(metric.name, .muted), Span("  " + metric.value, metric.role)],
                at: Point(column: cell.column, row: cell.row), columns: cell.columns)
            let points = metric.trend?.points ?? []
            let step = metric.trend?.step ?? .seconds(1)
            let shown = min(points.count, (cell.columns - Chart.axisColumns) * 2)
            Chart(
                points: points, label: metric.label,
                start: points.isEmpty ? "no history" : "\(Quantity.shortDuration(step * shown)) ago"
            )
            .draw(on: &canvas, in: cell.split(top: 1).rest)
        }
        drawLines(Array(metrics.dropFirst(4)), on: &canvas, in: lines.split(top: 1).rest)
    }
}
