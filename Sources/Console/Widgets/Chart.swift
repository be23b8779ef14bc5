import TerminalCells

/// A curve over several rows in braille dots, with its axes: the highest value at the top, time below.
struct Chart: Sendable {
    var points: [Double?]
    /// How the values at the axis are written.
    var label: @Sendable (Double) -> String
    /// What lies at the left end: `1 h ago`.
    var start: String
    var role: ThemeRole = .curve

    static let axisColumns = 9

    func draw(on canvas: inout Canvas, in rect: Rect) {
        let axis = Chart.axisColumns
        guard rect.rows >= 3, rect.columns > axis + 6 else {
            let line = Sparkline.text(points, columns: rect.columns, glyphs: canvas.glyphs)
            canvas.write(line, role, at: Point(column: rect.column, row: rect.row), columns: rect.columns)
            return
        }
        let plot = Rect(column: rect.column + axis, row: rect.row, columns: rect.columns - axis, rows: rect.rows - 1)
        let wanted = canvas.glyphs.isASCII ? plot.columns : plot.columns * 2
        let shown = Array(points.suffix(wanted))
        let high = Chart.ceiling(shown.compactMap(\.self).filter(\.isFinite).max() ?? 0)
        drawAxis(on: &canvas, plot: plot, high: high)
        for (row, text) in rows(shown, high: high, in: plot.size, glyphs: canvas.glyphs).enumerated() {
            canvas.write(text, role, at: Point(column: plot.column, row: plot.row + row), columns: plot.columns)
        }
    }

    private func drawAxis(on canvas: inout Canvas, plot: Rect, high: Double) {
        let left = plot.column - Chart.axisColumns
        for row in 0..<plot.rows {
            let tick = row == 0 || row == plot.rows - 1
            canvas.write(
                tick && !canvas.glyphs.isASCII ? "┤" : canvas.glyphs.vertical, .axis,
                at: Point(column: plot.column - 1, row: plot.row + row))
        }
        let room = Chart.axisColumns - 2
        canvas.write(label(high).padded(to: room, .right), .axis, at: Point(column: left, row: plot.row), columns: room)
        canvas.write(
            label(0).padded(to: room, .right), .axis, at: Point(column: left, row: plot.bottom - 1), columns: room)
        canvas.write(start, .axis, at: Point(column: plot.column, row: plot.bottom), columns: plot.columns / 2)
        canvas.write([Span("now", .axis)], endingAt: plot.right, row: plot.bottom, columns: 3)
    }

    /// The smallest of 1, 2, 5 times a power of ten that is not below the value, so that the axis stays while the
    /// curve moves.
    static func ceiling(_ value: Double) -> Double {
        guard value > 0, value.isFinite else { return 1 }
        var power = 1.0
        while power * 10 <= value { power *= 10 }
        while power > value { power /= 10 }
        for step in [1.0, 2, 5, 10] where power * step >= value { return power * step }
        return value
    }

    /// Rows of text from the top; each braille cell holds two points of four dots.
    func rows(_ points: [Double?], high: Double, in size: Size, glyphs: GlyphSet) -> [String] {
        let (perColumn, perRow) = glyphs.isASCII ? (1, 8) : (2, 4)
        let slots = size.columns * perColumn
        let offset = slots - points.count
        let heights: [Int?] = (0..<slots).map { slot in
            guard slot >= offset, let value = points[slot - offset], value.isFinite else { return nil }
            let share = min(1, max(0, value / high))
            return max(value > 0 ? 1 : 0, Int((share * Double(size.rows * perRow)).rounded()))
        }
        return (0..<size.rows).map { row in
            let base = (size.rows - 1 - row) * perRow
            return (0..<size.columns).map { column in
                if glyphs.isASCII {
                    guard let height = heights[column], height > base else { return " " }
                    return glyphs.levels[min(8, height - base) - 1]
                }
                return Chart.braille(
                    left: (heights[column * 2] ?? 0) - base, right: (heights[column * 2 + 1] ?? 0) - base)
            }.joined()
        }
    }

    private static let leftDots: [UInt32] = [0x40, 0x04, 0x02, 0x01]
    private static let rightDots: [UInt32] = [0x80, 0x20, 0x10, 0x08]

    private static func braille(left: Int, right: Int) -> String {
        var bits: UInt32 = 0
        for dot in 0..<4 {
            if left > dot { bits |= leftDots[dot] }
            if right > dot { bits |= rightDots[dot] }
        }
        if bits == 0 { return " " }
        return Unicode.Scalar(0x2800 + bits).map { String(Character($0)) } ?? " "
    }
}
