import PlatformModel
import TerminalCells

/// All orders: the figures at the head, the list, and the selected order beside it where there is room.
struct OrdersScreen: Sendable {
    let state: ConsoleState
    let context: CellContext

    /// From this width on the selected order is shown beside the list.
    static let splitColumns = 150

    static func layout(_ body: Rect, isZoomed: Bool) -> (head: Rect, list: Rect, side: Rect) {
        let headRows = isZoomed || body.rows < 12 ? 0 : body.columns >= 100 ? 5 : 4
        let (head, rest) = body.split(top: headRows)
        guard body.columns >= splitColumns, !isZoomed else {
            return (head, rest, Rect(column: rest.right, row: rest.row, columns: 0, rows: rest.rows))
        }
        // An order reads well in 66 columns; what is left over is for the names in the list.
        let (list, side) = rest.split(left: rest.columns - max(66, rest.columns / 3))
        return (head, list, side)
    }

    func draw(on canvas: inout Canvas, in rect: Rect) {
        if state.isZoomed(.details) {
            drawSide(on: &canvas, in: rect)
            return
        }
        let layout = OrdersScreen.layout(rect, isZoomed: state.isZoomed)
        if !layout.head.isEmpty { OrdersHead(context: context).draw(on: &canvas, in: layout.head) }
        let book = state.orders
        ListPanel(
            state: state, context: context, title: "Orders", columns: OrderColumns.all, rows: book.rows,
            sorts: state.currentSorts, total: total, corner: corner(book), isStale: book.failure != nil,
            note: book.failure.map {
                [Span(context.glyphs.status(.failed) + " ", .failed), Span(Wording.failure($0))]
            },
            empty: empty(book), knowsFilter: true, list: state.list, isFocused: state.focused == .main,
            leaps: state.hasNeighbour
        ).draw(on: &canvas, in: layout.list)
        if !layout.side.isEmpty { drawSide(on: &canvas, in: layout.side) }
    }

    private var total: String {
        let book = state.orders
        let more = book.hasMore ? "+" : ""
        let count = Quantity.grouped(Int64(book.rows.count))
        // Where the server could not be asked, only what was loaded was looked through.
        let looked = book.rest == nil ? more : " among \(Quantity.grouped(Int64(book.loaded)))\(more)"
        return "\(count)\(looked) \(book.query.sort.rawValue) first"
    }

    private func corner(_ book: OrdersBook) -> [Span] {
        let age = book.readAt.map { Wording.ageText(context.now.since($0)) }
        if book.failure != nil {
            return [
                Span(context.glyphs.status(.failed) + " ", .failed),
                Span(age.map { "failing, \($0) old" } ?? "unavailable", .failed),
            ]
        }
        if book.isLoading { return [Span(age.map { "\($0), reading" } ?? "loading", .muted)] }
        return [Span(age ?? "", .muted)]
    }

    private func empty(_ book: OrdersBook) -> Message {
        if let failure = book.failure { return .failure(failure, glyphs: context.glyphs) }
        if book.readAt == nil { return .text("Reading orders.") }
        if book.rest != nil, book.hasMore {
            return .text(
                "None of the \(Quantity.grouped(Int64(book.loaded))) orders looked through matches.",
                book.isLoading ? "Looking further." : "End looks further, Esc shows all orders again.")
        }
        if state.list.filter.isEmpty { return .text("There are no orders.") }
        // The server compares codes as a whole; half a code looks like an empty platform.
        let isByCode = book.query.kitchen != nil || book.query.supplier != nil
        return .text(
            "No order matches “\(state.list.filter)”.",
            isByCode
                ? "Kitchens and suppliers go by their whole codes: Tab completes them." : "Esc shows all orders again.")
    }

    private func drawSide(on canvas: inout Canvas, in rect: Rect) {
        guard let order = state.orders.rows.row(state.detailed) else {
            _ = Panel(title: "Order").draw(on: &canvas, in: rect)
            return
        }
        OrderScreen(state: state, context: context, id: order.id).draw(
            on: &canvas, in: rect, panel: .details, isFocused: state.focused == .details)
    }
}

/// The figures of all orders: how many in which state, how fast they come, what is late and what it is worth.
struct OrdersHead: Sendable {
    let context: CellContext

    func draw(on canvas: inout Canvas, in rect: Rect) {
        let reading = context.snapshot.orders
        var panel = Panel(title: "All orders", corner: Corner.spans(reading, context))
        panel.note = Corner.failureLine(reading, context) ?? []
        let inner = panel.draw(on: &canvas, in: rect)
        guard let orders = reading.value else {
            Corner.message(reading, context, empty: .text("")).draw(on: &canvas, in: inner)
            return
        }
        for (row, line) in lines(orders, columns: inner.columns).prefix(inner.rows).enumerated() {
            canvas.write(line, at: Point(column: inner.column + 1, row: inner.row + row), columns: inner.columns - 2)
        }
        if Corner.isOld(reading, context) { canvas.age(inner) }
    }

    private func lines(_ orders: OrdersOverview, columns: Int) -> [[Span]] {
        let isWide = columns >= 96
        var counts: [Span] = []
        let statuses: [OrderStatus] = [.submitted, .held, .approved, .sent, .confirmed, .partlyReceived]
        for status in isWide ? OrderStatus.allCases : statuses {
            let count = orders.counts[status] ?? 0
            let name = isWide ? status.word : short(status)
            counts.append(Span(name + " ", .muted))
            let role: ThemeRole = status == .held && count > 0 ? .warning : count == 0 ? .muted : .strong
            counts.append(Span(Quantity.compact(count) + (isWide ? "   " : "  "), role))
        }
        let late: [Span] = [
            Span(context.glyphs.status(orders.late > 0 ? .critical : .good) + " ", orders.late > 0 ? .critical : .good),
            Span("late ", .muted), Span(Quantity.grouped(orders.late), orders.late > 0 ? .critical : .strong),
            Span(orders.oldestLate.map { ", the oldest \(Quantity.duration($0))" } ?? "", .muted),
            Span(orders.late > 0 ? " \(Wording.money(orders.lateValue))" : "", .text),
        ]
        let rate: [Span] = [
            Span("   placed ", .muted), Span(Quantity.grouped(orders.placedLastMinute), .strong), Span("/min ", .muted),
            Span(Quantity.grouped(orders.placedToday), .strong), Span(" today", .muted),
        ]
        let value: [Span] = [
            Span("open ", .muted), Span(Quantity.grouped(orders.open), .strong),
            Span(" worth ", .muted), Span(Wording.money(orders.openValue, all: columns >= 130), .text),
            Span("   revenue today ", .muted), Span(Wording.money(orders.revenueToday, all: columns >= 130), .text),
        ]
        let newest: [Span] = [
            Span("   newest ", .muted),
            Span(
                orders.newestPlacedAt.map { Quantity.duration(max(.zero, context.now.wall - $0)) + " ago" } ?? "-",
                .text),
        ]
        return isWide ? [counts, late + rate + newest, value] : [counts, late + rate]
    }

    private func short(_ status: OrderStatus) -> String {
        status == .partlyReceived ? "partly" : status == .submitted ? "new" : status.word
    }
}
