import TerminalCells

/// A titled box with the age of its data in its corner.
struct Panel: Sendable {
    var title: String
    /// How many things it lists, after the title.
    var count: String = ""
    /// Right on the top border: the age of the data or its state.
    var corner: [Span] = []
    /// Right on the bottom border: where in a long list one is.
    var place: String = ""
    /// Left on the bottom border: why the newest attempt brought nothing.
    var note: [Span] = []
    var isFocused = false
    /// A smaller panel goes without a box.
    var minimumRows = 4

    /// Draws the frame and returns what is inside it; a small panel goes without a box.
    func draw(on canvas: inout Canvas, in rect: Rect) -> Rect {
        guard !rect.isEmpty else { return rect }
        guard rect.rows >= minimumRows, rect.columns >= 20 else { return drawBare(on: &canvas, in: rect) }
        let glyphs = canvas.glyphs
        let role: ThemeRole = isFocused ? .borderFocused : .border
        let (left, right) = (rect.column, rect.right - 1)
        for row in [rect.row, rect.bottom - 1] {
            canvas.rule(glyphs.horizontal, role, at: Point(column: left, row: row), columns: rect.columns)
        }
        for column in [left, right] {
            let side = Rect(column: column, row: rect.row + 1, columns: 1, rows: rect.rows - 2)
            canvas.fill(side, role, with: glyphs.vertical)
        }
        canvas.write(glyphs.topLeft, role, at: Point(column: left, row: rect.row))
        canvas.write(glyphs.topRight, role, at: Point(column: right, row: rect.row))
        canvas.write(glyphs.bottomLeft, role, at: Point(column: left, row: rect.bottom - 1))
        canvas.write(glyphs.bottomRight, role, at: Point(column: right, row: rect.bottom - 1))
        let cornerWidth = corner.reduce(0) { $0 + $1.text.width }
        let titleRoom = rect.columns - 6 - (cornerWidth > 0 ? cornerWidth + 3 : 0)
        canvas.write(head, at: Point(column: left + 1, row: rect.row), columns: max(8, titleRoom))
        if cornerWidth > 0, titleRoom >= 8 {
            canvas.write(padded(corner), endingAt: right - 1, row: rect.row, columns: cornerWidth + 2)
        }
        if !place.isEmpty {
            canvas.write(
                [Span(" \(place) ", .muted)], endingAt: right - 1, row: rect.bottom - 1, columns: rect.columns - 4)
        }
        if !note.isEmpty {
            let room = rect.columns - 4 - (place.isEmpty ? 0 : place.width + 3)
            canvas.write(padded(note), at: Point(column: left + 1, row: rect.bottom - 1), columns: room)
        }
        return rect.inset()
    }

    private var head: [Span] {
        [Span(" \(title) ", isFocused ? .strong : .title)] + (count.isEmpty ? [] : [Span("· \(count) ", .muted)])
    }

    private func padded(_ spans: [Span]) -> [Span] { [Span(" ", .muted)] + spans + [Span(" ", .muted)] }

    private func drawBare(on canvas: inout Canvas, in rect: Rect) -> Rect {
        guard rect.rows >= 2 else { return rect }
        canvas.write(head, at: Point(column: rect.column, row: rect.row), columns: rect.columns)
        canvas.write(corner, endingAt: rect.right, row: rect.row, columns: rect.columns / 2)
        return rect.split(top: 1).rest
    }
}
