import TerminalCells

/// The dialog of columns, over the right side of the screen: which are shown, in which order, and what rows are sorted by.
struct ColumnsView: Sendable {
    let state: ConsoleState

    func draw(on canvas: inout Canvas, in rect: Rect) {
        guard let dialog = state.columnsDialog else { return }
        let columns = state.columnInfos
        let width = min(rect.columns, 44)
        let height = min(rect.rows, columns.count + 5)
        let area = Rect(column: rect.right - width, row: rect.row, columns: width, rows: height)
        canvas.fill(area, .text)
        var panel = Panel(title: "Columns: \(state.subject.title)")
        panel.isFocused = true
        panel.minimumRows = 3
        let inner = panel.draw(on: &canvas, in: area)
        let (list, foot) = inner.split(bottom: inner.rows > 4 ? 3 : 0)
        let top = max(0, min(dialog.position - list.rows / 2, columns.count - list.rows))
        for row in 0..<min(list.rows, columns.count) {
            let index = top + row
            draw(columns[index], on: &canvas, row: list.row + row, in: list, isSelected: index == dialog.position)
        }
        drawKeys(on: &canvas, in: foot)
    }

    private func draw(_ column: ColumnInfo, on canvas: inout Canvas, row: Int, in rect: Rect, isSelected: Bool) {
        let sorts = state.currentSorts
        let isShown = state.isShown(column)
        var order = ""
        if let index = sorts.firstIndex(where: { $0.column == column.id }) {
            order = "\(index + 1) \(sorts[index].isDescending ? canvas.glyphs.sortedDown : canvas.glyphs.sortedUp)"
        } else if !column.isSortable {
            order = "-"
        }
        canvas.write(
            [
                Span(isShown ? "[x] " : "[ ] ", isShown ? .good : .muted),
                Span(column.title.padded(to: 18), isShown ? .strong : .muted),
                Span(order.padded(to: 5), .key), Span(column.isExtra ? "where wide" : "", .muted),
            ], at: Point(column: rect.column + 2, row: row), columns: rect.columns - 3)
        if isSelected {
            canvas.write(canvas.glyphs.cursor, .strong, at: Point(column: rect.column, row: row))
            canvas.select(Rect(column: rect.column, row: row, columns: min(24, rect.columns), rows: 1))
        }
    }

    private func drawKeys(on canvas: inout Canvas, in rect: Rect) {
        let hints: [[(String, String)]] = [
            [("columns.toggle", "show"), ("columns.left", "up"), ("columns.right", "down")],
            [("columns.sort", "sort by"), ("columns.add-sort", "then by")],
            [("columns.reset", "as designed"), ("back", "done")],
        ]
        for (line, row) in hints.enumerated() where line < rect.rows {
            let spans = row.flatMap { id, title -> [Span] in
                let key = state.keymap.keys(for: id, in: [.dialog]).first ?? ":" + id
                return [Span(" " + key, .key), Span(" \(title) ", .keyTitle)]
            }
            canvas.write(spans, at: Point(column: rect.column, row: rect.row + line), columns: rect.columns)
        }
    }
}
