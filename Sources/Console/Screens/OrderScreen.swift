import PlatformModel
import TerminalCells

/// One order: what it says, its lines, and what happened to it.
struct OrderScreen: Sendable {
    let state: ConsoleState
    let context: CellContext
    let id: Int64

    func draw(on canvas: inout Canvas, in rect: Rect, panel id: PanelID = .main, isFocused: Bool = true) {
        let order = self.id
        let loaded = state.details[order] ?? Loaded()
        var panel = Panel(title: "Order \(order)", corner: corner(loaded))
        panel.isFocused = isFocused
        let inner = panel.draw(on: &canvas, in: rect)
        guard let lines = lines(columns: inner.columns - 2) else {
            let message =
                loaded.failure.map { Message.failure($0, glyphs: context.glyphs) } ?? .text("Reading order \(order).")
            message.draw(on: &canvas, in: inner)
            return
        }
        TextBlock(lines: lines, matcher: isFocused ? state.textMatcher(of: id) : nil).draw(
            on: &canvas, in: inner, top: state.textTop(of: id))
    }

    /// Everything that is known of it; nil while nothing is.
    func lines(columns: Int) -> [[Span]]? {
        let loaded = state.details[id] ?? Loaded()
        guard let order = loaded.value?.order ?? state.orders.rows.row(.number(id)) else { return nil }
        var lines = head(order)
        if let failure = loaded.failure {
            lines.append([Span(context.glyphs.status(.failed) + " ", .failed), Span(Wording.failure(failure), .text)])
        }
        if let details = loaded.value {
            lines += [[]] + items(details.lines, columns: columns) + [[]] + history(details.events)
        } else if loaded.failure == nil {
            lines += [[], [Span("Reading its lines.", .muted)]]
        }
        return lines
    }

    private func corner(_ loaded: Loaded<OrderDetails>) -> [Span] {
        if loaded.failure != nil { return [Span("failing", .failed)] }
        guard let at = loaded.at else { return [Span("loading", .muted)] }
        return [Span(Wording.ageText(context.now.since(at)), .muted)]
    }

    private func head(_ order: Order) -> [[Span]] {
        let tone = OrderColumns.tone(order, context.now.wall)
        var status = [
            Span(context.glyphs.status(tone) + " ", tone.role), Span(order.status.word, .strong),
            Span("   version \(order.version)", .muted),
        ]
        if let late = order.lateness(at: context.now.wall) {
            status.append(Span("   late by \(Quantity.duration(late))", .critical))
        }
        var lines = [
            status, Facts.line("kitchen", order.kitchen, order.kitchenCode + " " + order.region),
            Facts.line("supplier", order.supplier, order.supplierCode),
            Facts.line("total", order.total.description, Wording.counted(order.lineCount, "line")),
            Facts.line(
                "placed", Facts.instant(order.placedAt, context), order.placedBy.isEmpty ? "" : "by \(order.placedBy)"),
            Facts.line("due", order.dueAt.map { Facts.instant($0, context) } ?? "-", ""),
            Facts.line("changed", Facts.instant(order.updatedAt, context), ""),
        ]
        if !order.note.isEmpty { lines.append(Facts.line("note", order.note, "")) }
        return lines
    }

    private func items(_ lines: [OrderLine], columns: Int) -> [[Span]] {
        let name = max(12, columns - 40)
        var result: [[Span]] = [
            [
                Span(
                    "QTY".padded(to: 8, .right) + "  " + "ITEM".padded(to: name) + "PRICE".padded(to: 12, .right)
                        + "TOTAL".padded(to: 14, .right), .heading)
            ]
        ]
        for line in lines {
            let item = "\(line.itemCode) \(line.item)\(line.pack.isEmpty ? "" : ", \(line.pack)")"
            result.append([
                Span(line.quantity.padded(to: 8, .right) + "  ", .strong), Span(item.padded(to: name)),
                Span(line.price.amountText.padded(to: 12, .right), .muted),
                Span(line.total.amountText.padded(to: 14, .right)),
            ])
            var more: [String] = []
            if !line.received.isEmpty, line.received != "0" { more.append("received \(line.received)") }
            if !line.allergens.isEmpty { more.append("contains \(line.allergens.joined(separator: ", "))") }
            if !more.isEmpty { result.append([Span("          " + more.joined(separator: "; "), .muted)]) }
        }
        return result
    }

    private func history(_ events: [OrderEvent]) -> [[Span]] {
        guard !events.isEmpty else { return [] }
        return [[Span("HISTORY", .heading)]]
            + events.enumerated().map { index, event in
                let branch = index == events.count - 1 ? context.glyphs.lastBranch : context.glyphs.branch
                return [
                    Span(branch + " ", .muted), Span("\(Wording.instant(event.at) ?? "beyond")  ", .muted),
                    Span((event.to?.word ?? "note").padded(to: 15), .strong), Span("  \(event.actor)", .text),
                    Span(event.note.isEmpty ? "" : "  \(event.note)", .muted),
                ]
            }
    }
}

/// Labelled facts, one a line.
enum Facts {
    static let labelColumns = 14

    static func line(_ label: String, _ value: String, _ more: String = "", role: ThemeRole = .text) -> [Span] {
        [
            Span(label.padded(to: labelColumns), .muted), Span(value, role),
            Span(more.isEmpty ? "" : "   \(more)", .muted),
        ]
    }

    /// Lines that are too long go on in a second one, below their value.
    static func wrapped(_ lines: [[Span]], columns: Int) -> [[Span]] {
        lines.flatMap { line -> [[Span]] in
            guard line.count >= 2, line.reduce(0, { $0 + $1.text.width }) > columns else { return [line] }
            let indent = Span(String(repeating: " ", count: labelColumns), .muted)
            let room = max(10, columns - labelColumns)
            let last = line[line.count - 1]
            let head = line.dropLast().reduce(0) { $0 + $1.text.width }
            if line.count > 2, head <= columns {
                let more = last.text.trimmed.wrapped(to: room).map { [indent, Span($0, last.role)] }
                return [Array(line.dropLast())] + more
            }
            // A value alone: what stands behind it moves down as well.
            let value = line[1].text.wrapped(to: room)
            let first = [line[0], Span(value.first ?? "", line[1].role)]
            let rest = value.dropFirst().map { [indent, Span($0, line[1].role)] }
            let more = line.count > 2 ? last.text.trimmed.wrapped(to: room).map { [indent, Span($0, last.role)] } : []
            return [first] + rest + more.filter { !$0[1].text.isEmpty }
        }
    }

    /// `2026-11-23 14:03:22Z, 4 m 12 s ago`.
    static func instant(_ instant: Timestamp, _ context: CellContext) -> String {
        guard let text = Wording.instant(instant) else { return "beyond the calendar" }
        let distance = context.now.wall - instant
        let relative =
            distance < .zero ? "in \(Quantity.duration(.zero - distance))" : "\(Quantity.duration(distance)) ago"
        return "\(text)Z, \(relative)"
    }
}

/// Lines of text that scroll.
struct TextBlock: Sendable {
    let lines: [[Span]]
    /// What to point out.
    var matcher: Matcher?

    func draw(on canvas: inout Canvas, in rect: Rect, top: Int) {
        let top = max(0, min(top, lines.count - rect.rows))
        for (row, line) in lines.dropFirst(top).prefix(rect.rows).enumerated() {
            canvas.write(line, at: Point(column: rect.column + 1, row: rect.row + row), columns: rect.columns - 2)
            if let matcher {
                canvas.highlight(
                    matcher, in: Rect(column: rect.column + 1, row: rect.row + row, columns: rect.columns - 2, rows: 1))
            }
        }
        if lines.count > rect.rows, rect.columns > 20 {
            let last = min(lines.count, top + rect.rows)
            canvas.write(
                [Span(" \(top + 1)-\(last) of \(lines.count) ", .muted)], endingAt: rect.right, row: rect.bottom,
                columns: 20)
        }
    }
}

extension String {
    /// Without blanks at both ends.
    var trimmed: String {
        var text = self[...]
        while text.first == " " { text = text.dropFirst() }
        while text.last == " " { text = text.dropLast() }
        return String(text)
    }
}
