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

    /// How many rows the drawing takes; spread, with air above and between.
    static func rows(nodes: Int, isSpread: Bool) -> Int { 9 + max(5, 1 + nodes) + (isSpread ? 2 : 0) }

    func draw(on canvas: inout Canvas, in rect: Rect) {
        let area = Rect(column: rect.column + 1, row: rect.row, columns: rect.columns - 2, rows: rect.rows)
        // The first column holds `Suppliers` and the line out of it.
        let first = max(14, area.columns / 5)
        let step = (area.columns - first) / 4
        let columns = (0..<5).map { $0 == 0 ? area.column : area.column + first + ($0 - 1) * step }
        let spread = area.rows >= Schematic.rows(nodes: nodes.count, isSpread: true) ? 1 : 0
        var row = area.row + spread
        drawDoors(on: &canvas, columns: columns, step: step, row: row)
        row += 2
        var wires = Wires()
        wires.vertical(column: columns[4] + 1, from: row, to: row + 1)
        wires.horizontal(row: row + 1, from: columns[0] + 1, to: columns[4] + 1)
        for column in columns { wires.down(column: column + 1, row: row + 1) }
        row += 2
        for (index, part) in serviceParts.enumerated() {
            let right = index == 4 ? area.right : columns[index + 1] - 1
            draw(part, on: &canvas, at: Point(column: columns[index], row: row), columns: right - columns[index])
        }
        row += 3
        let stores = storeColumns(area)
        wires.horizontal(row: row, from: columns[0] + 1, to: max(columns[4], stores[2]) + 1)
        for column in columns { wires.up(column: column + 1, row: row) }
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
        canvas.write(canvas.glyphs.isASCII ? "+" : "┬", .border, at: Point(column: columns[0] + 10, row: row))
        canvas.write(canvas.glyphs.isASCII ? "+" : "┘", .border, at: Point(column: columns[0] + 10, row: row + 1))
        let absent = canvas.glyphs.status(.absent)
        canvas.write(
            [Span("\(absent) not configured", .muted)], at: Point(column: columns[1], row: row + 1), columns: step * 2)
    }

    private func draw(_ part: Part, on canvas: inout Canvas, at point: Point, columns: Int) {
        let isAbsent = part.tone == .absent
        canvas.write(part.name, isAbsent ? .muted : .strong, at: point, columns: columns)
        let below = Point(column: point.column, row: point.row + 1)
        if isAbsent { return drawAbsent(on: &canvas, at: below, columns: columns) }
        canvas.write(
            [Span(canvas.glyphs.status(part.tone) + " ", part.tone.role), Span(part.fact)], at: below, columns: columns)
        canvas.write(part.more, at: Point(column: point.column, row: point.row + 2), columns: columns)
    }

    /// `not configured`, in two lines where it does not fit in one.
    private func drawAbsent(on canvas: inout Canvas, at point: Point, columns: Int) {
        let sign = canvas.glyphs.status(.absent)
        if columns >= 16 {
            canvas.write("\(sign) not configured", .muted, at: point, columns: columns)
        } else {
            canvas.write("\(sign) not", .muted, at: point, columns: columns)
            canvas.write("  configured", .muted, at: Point(column: point.column, row: point.row + 1), columns: columns)
        }
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
        parts.append(agentPart(take("agent")))
        return parts
    }

    /// The agents: whether their service lives, how long they take to decide, and who is waited for.
    private func agentPart(_ service: ServiceRow?) -> Part {
        guard let reading = context.snapshot.agents else {
            return service.map { self.part($0, name: "Agents") } ?? Part(name: "Agents")
        }
        var agentsPart =
            service.map { self.part($0, name: "Agents") } ?? Part(name: "Agents", tone: .unknown, fact: "not read yet")
        guard agentsPart.tone != .failed, agentsPart.tone != .critical, let agents = reading.value, !reading.isFailing
        else {
            return agentsPart
        }
        if service == nil { agentsPart.tone = .good }
        if agents.count(.abandoned) > 0 { agentsPart.tone = .warning }
        agentsPart.fact = agents.decisionP95.map(Quantity.duration) ?? "idle"
        let troubled = agents.count(.failed) + agents.count(.abandoned)
        agentsPart.more =
            troubled > 0
            ? [Span("\(troubled) failed", .warning), Span("  \(agents.count(.waiting)) wait", .muted)]
            : [
                Span(agents.runsPerMinute.map { Quantity.fixed($0, 1) + "/min" } ?? "", .text),
                Span("  \(agents.count(.waiting)) wait", .muted),
            ]
        return agentsPart
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
}
