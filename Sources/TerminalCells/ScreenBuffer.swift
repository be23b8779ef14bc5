/// A screen as a value: a grid of cells and where the cursor stands.
///
/// Drawing clips at the edges and keeps wide graphemes whole: half of one is never left behind.
public struct ScreenBuffer: Sendable, Equatable {
    public let size: Size
    /// Row by row, `size.columns` cells each.
    public private(set) var cells: [Cell]
    /// Where cells lead to: addresses that the terminal opens on a click.
    public private(set) var links: [String] = []
    /// Where the cursor is shown; nil hides it.
    public var cursor: Point?

    public init(size: Size, fill: Cell = .blank) {
        let size = Size(columns: max(0, size.columns), rows: max(0, size.rows))
        self.size = size
        cells = Array(repeating: fill, count: size.columns * size.rows)
    }

    public var bounds: Rect { Rect(column: 0, row: 0, columns: size.columns, rows: size.rows) }

    public subscript(column: Int, row: Int) -> Cell {
        cells[row * size.columns + column]
    }

    /// The cells of one row.
    public func row(_ row: Int) -> ArraySlice<Cell> {
        cells[row * size.columns..<(row + 1) * size.columns]
    }

    public mutating func fill(_ rect: Rect, with cell: Cell) {
        let area = rect.intersection(bounds)
        guard !area.isEmpty else { return }
        for row in area.row..<area.bottom {
            splitWide(at: area.column, row: row)
            splitWide(at: area.right, row: row)
            for column in area.column..<area.right { cells[row * size.columns + column] = cell }
        }
    }

    /// Changes the style of cells, leaving their text.
    public mutating func restyle(_ rect: Rect, _ change: (inout Style) -> Void) {
        let area = rect.intersection(bounds)
        for row in area.row..<area.bottom {
            for column in area.column..<area.right { change(&cells[row * size.columns + column].style) }
        }
    }

    /// Makes cells lead to an address, on terminals that have links (OSC 8); whoever draws over them ends it there.
    ///
    /// - Parameter address: a URI in printable ASCII, at most 1,000 bytes; any other is not taken.
    public mutating func link(_ rect: Rect, to address: String) {
        let isSafe = address.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        guard isSafe, !address.isEmpty, address.utf8.count <= 1000, links.count < Int(UInt16.max) else { return }
        let place = links.firstIndex(of: address) ?? links.count
        if place == links.count { links.append(address) }
        let area = rect.intersection(bounds)
        for row in area.row..<area.bottom {
            for column in area.column..<area.right { cells[row * size.columns + column].link = UInt16(place + 1) }
        }
    }

    /// Writes text from a place on, clipped to `columns` and the row; returns the columns that it took.
    ///
    /// The text is made safe first (``SafeText``): no control character reaches a cell.
    @discardableResult
    public mutating func write(_ text: String, at point: Point, style: Style, columns limit: Int = .max) -> Int {
        guard point.row >= 0, point.row < size.rows else { return 0 }
        var column = point.column
        let end = min(size.columns, limit == .max ? size.columns : point.column + limit)
        SafeText.forEachGrapheme(text) { grapheme, columns in
            guard column + columns <= end else { return false }
            if column >= 0 { put(grapheme, columns: columns, column: column, row: point.row, style: style) }
            column += columns
            return true
        }
        return column - point.column
    }

    private mutating func put(_ text: String, columns: Int, column: Int, row: Int, style: Style) {
        splitWide(at: column, row: row)
        splitWide(at: column + columns, row: row)
        let index = row * size.columns + column
        cells[index] = Cell(text, style: style)
        for offset in 1..<max(1, columns) { cells[index + offset] = Cell("", style: style) }
    }

    /// Blanks a wide grapheme that would lose one of its halves at this column.
    private mutating func splitWide(at column: Int, row: Int) {
        guard column > 0, column < size.columns else { return }
        let index = row * size.columns + column
        guard cells[index].isContinuation else { return }
        var start = index
        while start > row * size.columns, cells[start].isContinuation { start -= 1 }
        var end = index
        while end < (row + 1) * size.columns, cells[end].isContinuation { end += 1 }
        for position in start..<end { cells[position] = Cell(" ", style: cells[position].style) }
    }

    /// The screen as text, trailing blanks dropped: what golden tests compare.
    public var lines: [String] {
        (0..<size.rows).map { row in
            let text = self.row(row).map(\.text).joined()
            return String(text.reversed().drop { $0 == " " }.reversed())
        }
    }
}
