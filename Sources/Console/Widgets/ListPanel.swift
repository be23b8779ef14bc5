import PlatformModel
import TerminalCells

/// A panel with a table in it, and all the states in which it may be.
struct ListPanel<Row: ListedRow>: Sendable {
    let state: ConsoleState
    let context: CellContext
    let title: String
    let columns: [Column<Row>]
    let rows: Rows<Row>
    /// The order that somebody else keeps: the server.
    var sorts: [SortOrder]?
    /// How many there are in all, where the list holds only a part.
    var total: String?
    var corner: [Span] = []
    var isStale = false
    var note: [Span]?
    /// What is said when there is nothing to list.
    var empty = Message.text("Nothing here.")
    /// ``empty`` says what a filter left nothing of, too.
    var knowsFilter = false
    var list: ListState
    var isFocused = true
    /// See ``ListState/top(count:page:leaps:)``.
    var leaps = false

    func draw(on canvas: inout Canvas, in rect: Rect) {
        let page = rect.tableRows
        let top = list.top(count: rows.count, page: page, leaps: leaps)
        var panel = Panel(title: title, count: total ?? Quantity.grouped(Int64(rows.count)), corner: corner)
        panel.isFocused = isFocused
        panel.note = note ?? []
        if !list.filter.isEmpty, total == nil { panel.count += " of \(Quantity.grouped(Int64(rows.all.count)))" }
        if list.isFollowing { panel.count += " \(canvas.glyphs.bullet) follows" }
        if !list.marks.isEmpty { panel.count += " \(canvas.glyphs.bullet) \(list.marks.count) marked" }
        if rows.count > page {
            let last = min(rows.count, top + page)
            panel.place =
                "\(Quantity.grouped(Int64(top + 1)))-\(Quantity.grouped(Int64(last))) of \(Quantity.grouped(Int64(rows.count)))"
        }
        let inner = panel.draw(on: &canvas, in: rect)
        guard rows.count > 0 else {
            (list.filter.isEmpty || knowsFilter
                ? empty : Message.text("No row matches “\(list.filter)”.", "Esc shows all rows again."))
                .draw(on: &canvas, in: inner)
            return
        }
        let marks = list.marks
        Table(
            columns: list.columns.arrange(columns), sorts: sorts ?? list.sorts, isWide: list.isWide,
            matcher: Matcher(parsing: list.pointedOut)
        ).draw(
            on: &canvas, in: inner, count: rows.count, top: top, context: context,
            selected: list.selected == nil ? nil : list.position, isActive: isFocused,
            isMarked: { marks.contains($0) }, row: { rows[$0] })
        if isStale { canvas.age(inner) }
    }
}

/// The corner of a panel: how far a reading can be trusted, in a glyph, a word and an age.
enum Corner {
    static func spans<Value>(_ reading: Reading<Value>, _ context: CellContext) -> [Span] {
        let text = Wording.age(reading, now: context.now, staleAfter: context.thresholds.staleAfter)
        switch reading.state(at: context.now, staleAfter: context.thresholds.staleAfter) {
        case .loading: return [Span(text, .muted)]
        case .live: return [Span(text, .muted)]
        case .stale: return [Span(context.glyphs.status(.warning) + " ", .warning), Span(text, .warning)]
        case .failing, .unavailable: return [Span(context.glyphs.status(.failed) + " ", .failed), Span(text, .failed)]
        }
    }

    static func isOld<Value>(_ reading: Reading<Value>, _ context: CellContext) -> Bool {
        switch reading.state(at: context.now, staleAfter: context.thresholds.staleAfter) {
        case .stale, .failing: true
        default: false
        }
    }

    /// What stands in a panel whose reading has no value.
    static func message<Value>(_ reading: Reading<Value>, _ context: CellContext, empty: Message) -> Message {
        if let failure = reading.failure, reading.value == nil { return .failure(failure, glyphs: context.glyphs) }
        if reading.value == nil { return .text("Reading \(reading.origin).") }
        return empty
    }

    /// Why the newest attempt failed, for below old values.
    static func failureLine<Value>(_ reading: Reading<Value>, _ context: CellContext) -> [Span]? {
        guard let failure = reading.failure, reading.value != nil else { return nil }
        return [Span(context.glyphs.status(.failed) + " ", .failed), Span(Wording.failure(failure), .text)]
    }
}
