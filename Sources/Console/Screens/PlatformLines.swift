import PlatformModel
import TerminalCells

/// The platform in lines, for where there is no room to draw it.
struct PlatformLines: Sendable {
    let context: CellContext
    let nodes: [NodeRow]
    let services: [ServiceRow]

    func draw(on canvas: inout Canvas, in rect: Rect) {
        let lines = serviceLines(rect.columns - 2) + databaseLines + [redisLine] + queueLines + [orderLine, edgeLine]
        TextBlock(lines: lines).draw(on: &canvas, in: rect, top: 0)
    }

    private static let label = 10

    private func labelled(_ label: String, _ spans: [Span]) -> [Span] {
        [Span(label.padded(to: PlatformLines.label) + " ", .muted)] + spans
    }

    private func serviceLines(_ columns: Int) -> [[Span]] {
        let width = 16
        let perLine = max(1, (columns - PlatformLines.label - 1) / width)
        guard !services.isEmpty else {
            return [labelled("Services", [Span("\(context.glyphs.status(.absent)) not configured", .muted)])]
        }
        return stride(from: 0, to: services.count, by: perLine).map { start in
            let spans = services[start..<min(services.count, start + perLine)].flatMap { cell($0, width: width) }
            return labelled(start == 0 ? "Services" : "", spans)
        }
    }

    private var databaseLines: [[Span]] {
        guard !nodes.isEmpty else {
            return [labelled("PostgreSQL", [Span("\(context.glyphs.status(.absent)) not configured", .muted)])]
        }
        let ordered = nodes.filter(\.isPrimary) + nodes.filter { !$0.isPrimary }
        return ordered.enumerated().map { index, row in
            let tone = row.tone(context.thresholds)
            var facts = [
                Span(context.glyphs.status(tone) + " ", tone.role),
                Span(row.name.truncatedMiddle(to: 16).padded(to: 17), .strong),
            ]
            if row.named.reading.isFailing {
                facts.append(Span("no answer", .failed))
                facts.append(
                    Span(row.named.reading.age(at: context.now).map { " for \(Wording.ageText($0))" } ?? "", .muted))
            } else if let node = row.node {
                facts.append(Span(node.role.rawValue.padded(to: 8), node.role == .primary ? .strong : .text))
                if node.role == .primary {
                    facts.append(
                        Span(
                            "\(node.activity?.transactionsPerSecond.map(Quantity.rate) ?? "-")  \(node.activity.map { "\($0.connections)" } ?? "-") sessions"
                        ))
                } else {
                    facts.append(
                        Span(row.lagBytes.map { Quantity.bytes($0) + " behind" }?.padded(to: 17) ?? "-", .text))
                    facts.append(Span(row.linkText, .muted))
                }
            } else {
                facts.append(Span("not read yet", .muted))
            }
            return labelled(index == 0 ? "PostgreSQL" : "", facts)
        }
    }

    private var redisLine: [Span] {
        let reading = context.snapshot.redis
        guard let redis = reading.value, !reading.isFailing else {
            let tone: Tone = reading.failure == nil ? .unknown : .failed
            return labelled(
                "Redis",
                [Span(context.glyphs.status(tone) + " ", tone.role), Span(reading.failure?.cause ?? "not read yet")])
        }
        return labelled(
            "Redis",
            [
                Span(context.glyphs.status(.good) + " ", .good), Span(Quantity.duration(redis.latency).padded(to: 9)),
                Span(Quantity.grouped(Int64(redis.operationsPerSecond)) + " op/s   "),
                Span(Quantity.bytes(redis.usedMemory) + "   ", .text),
                Span("\(redis.connectedClients) clients", .muted),
            ])
    }

    private var queueLines: [[Span]] {
        guard let queues = context.snapshot.queues.value else { return [] }
        let backlog = queues.reduce(0) { $0 + $1.backlog }
        let worst = queues.max { ($0.lag ?? .zero) < ($1.lag ?? .zero) }
        let worstTone = queues.map { QueueColumns.tone($0, context.thresholds) }.first { $0 != .good } ?? .good
        let tone = old(context.snapshot.queues) == nil ? worstTone : .failed
        var spans = [
            Span(context.glyphs.status(tone) + " ", tone.role),
            Span("\(Quantity.compact(backlog)) waiting in \(Wording.counted(queues.count, "queue"))"),
        ]
        if let worst, let lag = worst.lag, lag > .zero {
            spans.append(
                Span("   \(worst.name) lags \(Quantity.duration(lag))", tone.role == .good ? .text : tone.role))
        }
        if let age = old(context.snapshot.queues) { spans.append(age) }
        return [labelled("Queues", spans)]
    }

    private var orderLine: [Span] {
        guard let orders = context.snapshot.orders.value else {
            return labelled("Orders", [Span(context.snapshot.orders.failure?.cause ?? "not read yet", .muted)])
        }
        let tone: Tone = old(context.snapshot.orders) != nil ? .failed : orders.late > 0 ? .critical : .good
        var facts = [
            Span(context.glyphs.status(tone) + " ", tone.role),
            Span("\(Quantity.grouped(orders.late)) late", orders.late > 0 ? .critical : .text),
        ]
        if let oldest = orders.oldestLate, orders.late > 0 {
            facts.append(Span(", the oldest \(Quantity.duration(oldest))", .muted))
        }
        facts.append(
            Span("   \(Quantity.grouped(orders.open)) open   \(Quantity.grouped(orders.placedLastMinute))/min"))
        if let age = old(context.snapshot.orders) { facts.append(age) }
        return labelled("Orders", facts)
    }

    /// How old figures are whose source no longer answers; nil while they are live.
    private func old<Value>(_ reading: Reading<Value>) -> Span? {
        guard Corner.isOld(reading, context) else { return nil }
        return Span("   \(Wording.age(reading, now: context.now, staleAfter: context.thresholds.staleAfter))", .failed)
    }

    /// One service: its sign, its name, and its latency or state where there is room for it.
    private func cell(_ row: ServiceRow, width: Int) -> [Span] {
        let tone = row.tone(context.thresholds)
        let fact = tone == .good ? row.named.reading.value.map { Quantity.duration($0.latency) } ?? "" : row.word
        let name = row.named.name.truncatedMiddle(to: width - 3)
        let text = name.columns + fact.columns < width - 3 ? "\(name) \(fact)" : name
        return [Span(context.glyphs.status(tone) + " ", tone.role), Span(text.padded(to: width - 3) + " ")]
    }

    private var edgeLine: [Span] {
        labelled(
            "Edge",
            [
                Span(
                    "\(context.glyphs.status(.absent)) not configured: CloudFlare, Route 53, WAF, ALB, agents, Weaviate, S3",
                    .muted)
            ])
    }
}
