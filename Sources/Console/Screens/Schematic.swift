import PlatformModel
import TerminalCells

/// The platform drawn: who asks, through which doors, which services answer, and what they stand on.
///
/// Parts that this platform does not have configured are drawn as such, never as if they were well.
struct Schematic: Sendable {
    let context: CellContext
    let nodes: [NodeRow]
    let services: [ServiceRow]

    /// A part with what is known of it: one line below its name, and a second one where there is more to say.
    struct Part: Sendable {
        let name: String
        var tone: Tone = .absent
        var fact: String = "not configured"
        var more: [Span] = []
    }

    private static let doors = ["CloudFlare", "Route 53", "WAF", "ALB"]

    func draw(on canvas: inout Canvas, in rect: Rect) {
        let area = Rect(column: rect.column + 1, row: rect.row, columns: rect.columns - 2, rows: rect.rows)
        let step = area.columns / 5
        let columns = (0..<5).map { area.column + $0 * step }
        let spread = area.rows >= 18 ? 1 : 0
        var row = area.row + spread
        drawDoors(on: &canvas, columns: columns, step: step, row: row)
        row += 2
        var wires = Wires()
        wires.vertical(column: columns[4] + 1, from: row, to: row + 1)
        wires.horizontal(row: row + 1, from: columns[0] + 1, to: columns[4] + 1)
        for column in columns { wires.down(column: column + 1, row: row + 1) }
        row += 2
        for (part, column) in zip(serviceParts, columns) {
            draw(part, on: &canvas, at: Point(column: column, row: row), columns: step - 2)
        }
        row += 3
        wires.horizontal(row: row, from: columns[0] + 1, to: columns[4] + 1)
        for column in columns { wires.up(column: column + 1, row: row) }
        let stores = storeColumns(area)
        for column in stores { wires.down(column: column + 1, row: row) }
        wires.draw(on: &canvas)
        row += 1 + spread
        drawStores(on: &canvas, columns: stores, area: area, row: row)
    }

    private func drawDoors(on canvas: inout Canvas, columns: [Int], step: Int, row: Int) {
        canvas.write("Users", .strong, at: Point(column: columns[0], row: row))
        canvas.write("Suppliers", .strong, at: Point(column: columns[0], row: row + 1))
        var from = columns[0] + 6
        for (index, name) in Schematic.doors.enumerated() {
            let to = columns[index + 1] - 2
            canvas.rule(canvas.glyphs.horizontal, .border, at: Point(column: from, row: row), columns: to - from)
            canvas.write(canvas.glyphs.arrow, .border, at: Point(column: to, row: row))
            canvas.write(name, .muted, at: Point(column: columns[index + 1], row: row), columns: step - 2)
            from = columns[index + 1] + name.columns + 1
        }
        var wires = Wires()
        wires.horizontal(row: row + 1, from: columns[0] + 10, to: columns[0] + 11)
        wires.vertical(column: columns[0] + 11, from: row, to: row + 1)
        wires.horizontal(row: row, from: columns[0] + 10, to: columns[0] + 12)
        if columns[0] + 12 < columns[1] - 2 { wires.draw(on: &canvas) }
        let absent = canvas.glyphs.status(.absent)
        canvas.write(
            [Span("\(absent) not configured", .muted)], at: Point(column: columns[1], row: row + 1), columns: step * 2)
    }

    private func draw(_ part: Part, on canvas: inout Canvas, at point: Point, columns: Int) {
        let isAbsent = part.tone == .absent
        canvas.write(part.name, isAbsent ? .muted : .strong, at: point, columns: columns)
        canvas.write(
            [Span(canvas.glyphs.status(part.tone) + " ", part.tone.role), Span(part.fact, isAbsent ? .muted : .text)],
            at: Point(column: point.column, row: point.row + 1), columns: columns + (isAbsent ? 3 : 1))
        canvas.write(part.more, at: Point(column: point.column, row: point.row + 2), columns: columns)
    }

    /// API, Admin, Webhook, Worker by their names, and the agents.
    private var serviceParts: [Part] {
        var rest = services
        func take(_ word: String) -> ServiceRow? {
            guard let index = rest.firstIndex(where: { $0.named.name.lowercased().contains(word) }) else { return nil }
            return rest.remove(at: index)
        }
        var parts = ["API", "Admin", "Webhook", "Worker"].map { name -> Part in
            guard let service = take(name.lowercased()) else { return Part(name: name) }
            return part(service, name: name)
        }
        parts.append(take("agent").map { part($0, name: "Agents") } ?? Part(name: "Agents"))
        return parts
    }

    private func part(_ service: ServiceRow, name: String) -> Part {
        let tone = service.tone(context.thresholds)
        let health = service.named.reading.value
        var fact = service.word
        if let health, health.state == .ok, !service.named.reading.isFailing {
            fact = Quantity.duration(health.latency)
        }
        let broken = health?.dependencies.filter { $0.state != "ok" } ?? []
        var more = [
            Span(
                Sparkline.text(
                    context.snapshot.trends[.serviceLatency(service.named.name)], columns: 10, glyphs: context.glyphs),
                .curve)
        ]
        if service.named.reading.isFailing, let age = service.named.reading.age(at: context.now) {
            more = [Span("for \(Wording.ageText(age))", .muted)]
        } else if let first = broken.first {
            more = [Span("\(first.name) \(first.state)", .warning)]
        }
        return Part(name: name, tone: tone, fact: fact, more: more)
    }

    private func storeColumns(_ area: Rect) -> [Int] {
        let side = min(24, max(16, area.columns / 5))
        return [area.column, area.column + side, area.right - side]
    }

    private func drawStores(on canvas: inout Canvas, columns: [Int], area: Rect, row: Int) {
        let room = area.bottom - row
        drawLines(
            redisLines, on: &canvas, column: columns[0], row: row, columns: columns[1] - columns[0] - 2, rows: room)
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
        lines.append([
            Span(Quantity.bytes(redis.usedMemory)),
            Span(redis.maximumMemory > 0 ? " of \(Quantity.bytes(redis.maximumMemory))" : "", .muted),
        ])
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
        let name = max(10, min(24, columns - 21))
        for row in primaries {
            let tone = row.tone(context.thresholds)
            var fact = "primary"
            if row.named.reading.isFailing {
                fact = "no answer"
            } else if let rate = row.node?.activity.transactionsPerSecond {
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
        return (row.lagBytes.map { "\(Quantity.bytes($0)) behind" } ?? "-").replacing(
            " behind", unless: row.lagBytes != 0) + time
    }
}

extension String {
    /// Drops a tail that says nothing: `0 B behind` reads as `0 B`.
    fileprivate func replacing(_ tail: String, unless isNeeded: Bool) -> String {
        !isNeeded && hasSuffix(tail) ? String(dropLast(tail.count)) : self
    }
}
