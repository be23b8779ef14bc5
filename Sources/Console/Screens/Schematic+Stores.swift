import PlatformModel
import TerminalCells

/// What the services stand on: Redis, the databases as a tree, and what is not configured.
extension Schematic {
    func storeColumns(_ area: Rect) -> [Int] {
        let side = min(24, max(17, area.columns / 5))
        return [area.column, area.column + side, area.right - side + 1]
    }

    func drawStores(on canvas: inout Canvas, columns: [Int], area: Rect, row: Int) {
        let room = area.bottom - row
        drawLines(
            redisLines, on: &canvas, column: columns[0], row: row, columns: columns[1] - columns[0] - 1, rows: room)
        drawLines(
            databaseLines(columns[2] - columns[1] - 2), on: &canvas, column: columns[1], row: row,
            columns: columns[2] - columns[1] - 1, rows: room)
        let absent = [Span(canvas.glyphs.status(.absent) + " not configured", .muted)]
        drawLines(
            [[Span("Weaviate", .muted)], absent, [], [Span("S3 backups", .muted)], absent], on: &canvas,
            column: columns[2], row: row, columns: area.right - columns[2], rows: room)
    }

    private func drawLines(_ lines: [[Span]], on canvas: inout Canvas, column: Int, row: Int, columns: Int, rows: Int) {
        for (index, line) in lines.prefix(max(0, rows)).enumerated() {
            canvas.write(line, at: Point(column: column, row: row + index), columns: columns)
        }
    }

    private var redisLines: [[Span]] {
        let reading = context.snapshot.redis
        var lines: [[Span]] = [[Span("Redis", .strong)]]
        guard let redis = reading.value else {
            let tone: Tone = reading.failure == nil ? .unknown : .failed
            let word = reading.failure == nil ? "not read yet" : "no answer"
            return lines + [[Span(context.glyphs.status(tone) + " ", tone.role), Span(word)]]
        }
        if reading.isFailing {
            lines.append([Span(context.glyphs.status(.failed) + " ", .failed), Span("no answer")])
            lines.append([Span(reading.age(at: context.now).map { "for \(Wording.ageText($0))" } ?? "", .muted)])
            return lines
        }
        lines.append([Span(context.glyphs.status(.good) + " ", .good), Span(Quantity.duration(redis.latency))])
        lines.append([Span(Quantity.grouped(Int64(redis.operationsPerSecond)), .text), Span(" op/s", .muted)])
        if redis.maximumMemory > 0 {
            let share = Double(redis.usedMemory) / Double(redis.maximumMemory)
            lines.append([
                Span(Quantity.percent(share, digits: 0)), Span(" of \(Quantity.bytes(redis.maximumMemory))", .muted),
            ])
        } else {
            lines.append([Span(Quantity.bytes(redis.usedMemory)), Span(" used", .muted)])
        }
        lines.append([Span(String(redis.connectedClients)), Span(" clients", .muted)])
        return lines
    }

    /// The primary on top, its replicas below it as a tree.
    private func databaseLines(_ columns: Int) -> [[Span]] {
        var lines: [[Span]] = [
            [Span("PostgreSQL", .strong), Span("  \(context.snapshot.primary == nil ? "no primary" : "")", .critical)]
        ]
        let primaries = nodes.filter(\.isPrimary)
        let replicas = nodes.filter { !$0.isPrimary }
        let name = max(10, min(24, columns - 20))
        for row in primaries {
            let tone = row.tone(context.thresholds)
            var fact = "primary"
            if row.named.reading.isFailing {
                fact = "no answer"
            } else if let rate = row.node?.activity?.transactionsPerSecond {
                fact += " \(Quantity.rate(rate))"
            }
            lines.append([
                Span(context.glyphs.status(tone) + " ", tone.role),
                Span(row.name.truncatedMiddle(to: name + 2).padded(to: name + 2) + " ", .strong), Span(fact),
            ])
        }
        for (index, row) in replicas.enumerated() {
            let tone = row.tone(context.thresholds)
            let branch = index == replicas.count - 1 ? context.glyphs.lastBranch : context.glyphs.branch
            lines.append([
                Span(branch + " ", .border), Span(context.glyphs.status(tone) + " ", tone.role),
                Span(row.name.truncatedMiddle(to: name).padded(to: name) + " ", .text), Span(replicaFact(row), .text),
            ])
        }
        if nodes.isEmpty { lines.append([Span(context.glyphs.status(.absent) + " not configured", .muted)]) }
        return lines
    }

    private func replicaFact(_ row: NodeRow) -> String {
        if row.named.reading.isFailing { return "no answer" }
        guard row.node != nil else { return "not read yet" }
        if row.node?.receiver == nil { return "no source" }
        let time = row.lagTime.map { $0 == .zero ? "" : ", \(Quantity.duration($0))" } ?? ""
        return (row.lagBytes.map(Quantity.bytes) ?? "-") + time
    }
}
