import PlatformModel
import TerminalCells

/// The orders in bars by status, for the overview.
struct OrdersPanel: Sendable {
    let context: CellContext

    func draw(on canvas: inout Canvas, in rect: Rect) {
        let reading = context.snapshot.orders
        let inner = Panel(
            title: "Orders", count: reading.value.map { Quantity.grouped($0.open) + " open" } ?? "",
            corner: Corner.spans(reading, context)
        ).draw(on: &canvas, in: rect).inset(columns: 1, rows: 0)
        guard let orders = reading.value else {
            Corner.message(reading, context, empty: .text("")).draw(on: &canvas, in: inner)
            return
        }
        let open = OrderStatus.allCases.filter(\.isOpen)
        let most = Double(max(1, open.map { orders.counts[$0] ?? 0 }.max() ?? 1))
        var row = inner.row
        for status in open where row < inner.bottom {
            let count = orders.counts[status] ?? 0
            let bar = max(4, inner.columns - 28)
            canvas.write(
                [
                    Span(status.word.padded(to: 16), .muted),
                    Span(Quantity.grouped(count).padded(to: 9, .right) + " ", count == 0 ? .muted : .strong),
                ]
                    + Gauge.spans(
                        Double(count) / most, columns: bar, role: status == .held ? .warning : .gauge,
                        glyphs: canvas.glyphs),
                at: Point(column: inner.column, row: row), columns: inner.columns)
            row += 1
        }
        let late: [Span] = [
            Span("late".padded(to: 16), .muted),
            Span(Quantity.grouped(orders.late).padded(to: 9, .right) + " ", orders.late > 0 ? .critical : .good),
            Span(orders.oldestLate.map { "the oldest by \(Quantity.duration($0))" } ?? "", .muted),
        ]
        if row < inner.bottom { canvas.write(late, at: Point(column: inner.column, row: row), columns: inner.columns) }
        if Corner.isOld(reading, context) { canvas.age(inner) }
    }
}
