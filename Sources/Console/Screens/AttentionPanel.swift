import PlatformModel
import TerminalCells

/// What needs attention: causes with what they explain below them, what was seen, and what to do.
struct AttentionPanel: Sendable {
    let state: ConsoleState
    let context: CellContext
    var title = "Needs attention"
    var isFocused = true

    func draw(on canvas: inout Canvas, in rect: Rect) {
        let rows = state.findings.visible
        var panel = Panel(title: title, count: String(rows.count))
        panel.isFocused = isFocused
        panel.minimumRows = 3
        let critical = rows.count { $0.finding.severity == .critical }
        if critical > 0 { panel.corner = [Span("\(context.glyphs.status(.critical)) \(critical) critical", .critical)] }
        let inner = panel.draw(on: &canvas, in: rect)
        guard !rows.isEmpty else {
            nothing.draw(on: &canvas, in: inner)
            return
        }
        drawRows(rows, on: &canvas, in: inner)
    }

    /// No findings is good news only when everything could be read.
    private var nothing: Message {
        let filter = state.lists[.findings]?.filter ?? ""
        if !filter.isEmpty { return Message.text("No finding matches “\(filter)”.", "Esc shows all again.") }
        let sources = SourceHealth(context.snapshot)
        if sources.isWhole {
            return Message(lines: [[Span(context.glyphs.status(.good) + " ", .good), Span("Nothing needs attention.")]])
        }
        return Message(lines: [
            [
                Span(context.glyphs.status(.unknown) + " ", .warning),
                Span("Not everything is known: \(sources.phrase)."),
            ]
        ])
    }

    private func drawRows(_ rows: [FindingRow], on canvas: inout Canvas, in rect: Rect) {
        let selected = min(state.lists[state.place]?.position ?? 0, rows.count - 1)
        // Where not all fits, the finding is told in full on which the selection rested last: rows do not jump about
        // under a key that is held down.
        let detail = state.lists[state.place]?.detail
        let expanded = rows.firstIndex { $0.identity == detail } ?? selected
        let blocks = blocks(rows, selected: expanded, columns: rect.columns, rows: rect.rows)
        // The selected block is kept on screen, with the one before it where there is room.
        let starts = blocks.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.count) }
        let end = starts[selected + 1]
        var offset = max(0, min(end - rect.rows, starts[selected]))
        if selected > 0, end - starts[selected - 1] <= rect.rows { offset = min(offset, starts[selected - 1]) }
        if (starts.last ?? 0) <= rect.rows || end <= rect.rows { offset = 0 }
        for (index, block) in blocks.enumerated() {
            for (line, spans) in block.enumerated() {
                let y = rect.row + starts[index] + line - offset
                guard y >= rect.row, y < rect.bottom else { continue }
                draw(spans, on: &canvas, row: y, in: rect)
                if index == selected, line == 0 {
                    canvas.write(
                        canvas.glyphs.cursor, isFocused ? .strong : .muted, at: Point(column: rect.column, row: y))
                    guard isFocused else { continue }
                    // Only the finding's name: what stands before it has a colour of its own in each row.
                    let before = rows[index].depth > 0 ? 2 : 1
                    let start = 1 + spans.left.prefix(before).reduce(0) { $0 + $1.text.width }
                    let columns = min(rect.columns - start, rows[index].finding.code.rawValue.columns)
                    canvas.select(Rect(column: rect.column + start, row: y, columns: columns, rows: 1))
                }
            }
        }
    }

    /// Everything where it fits; else the selected one in full, or its evidence, and the others as heads.
    private func blocks(_ rows: [FindingRow], selected: Int, columns: Int, rows room: Int) -> [[Line]] {
        let full = rows.map { block($0, columns: columns, isFull: true) }
        if full.reduce(0, { $0 + $1.count }) <= room { return full }
        let heads = rows.map { block($0, columns: columns, isFull: false) }
        let spare = room - heads.reduce(0) { $0 + $1.count }
        var blocks = heads
        // One more line already tells what was seen; none is left when even the heads do not fit.
        let wanted = spare >= 0 ? min(full[selected].count, 1 + spare) : full[selected].count
        if wanted > 1 { blocks[selected] = Array(full[selected].prefix(wanted)) }
        return blocks
    }

    /// A line whose last span keeps the right edge: the age stays in its column.
    private func draw(_ line: Line, on canvas: inout Canvas, row: Int, in rect: Rect) {
        let right = line.right.text.width
        let room = rect.columns - 2 - (right > 0 ? right + 1 : 0)
        canvas.write(line.left, at: Point(column: rect.column + 1, row: row), columns: room)
        if right > 0 { canvas.write([line.right], endingAt: rect.right - 1, row: row, columns: right) }
    }

    private struct Line {
        var left: [Span]
        var right = Span("")
    }

    private func block(_ row: FindingRow, columns: Int, isFull: Bool) -> [Line] {
        let finding = row.finding
        let tone = Tone(finding.severity)
        let age = Span(Wording.ageText(context.now.since(finding.since)), .muted)
        let subject = [Span(finding.subject.isEmpty ? "" : " " + finding.subject, .text)]
        if row.depth > 0 {
            let indent = String(repeating: "  ", count: row.depth)
            let branch = row.isLast ? context.glyphs.lastBranch : context.glyphs.branch
            let head =
                [Span("\(indent)\(branch) ", .border), Span("explains ", .muted), Span(finding.code.rawValue, .strong)]
                + subject
            if !isFull { return [Line(left: head, right: age)] }
            return [Line(left: head + [Span("  " + finding.evidence, .muted)], right: age)]
        }
        let head =
            [
                Span(context.glyphs.status(tone) + " \(finding.severity.word) ", tone.role),
                Span(finding.code.rawValue, .strong),
            ] + subject
        guard isFull else { return [Line(left: head + [Span("  " + finding.evidence, .muted)], right: age)] }
        let room = max(10, columns - 5)
        var lines = [Line(left: head, right: age)]
        lines += finding.evidence.wrapped(to: room).map { Line(left: [Span("  " + $0)]) }
        if !finding.advice.isEmpty {
            lines += finding.advice.wrapped(to: room - 2).enumerated().map {
                Line(left: [
                    Span($0.offset == 0 ? "  \(context.glyphs.cursor) " : "    ", .key), Span($0.element, .muted),
                ])
            }
        }
        return lines
    }
}
