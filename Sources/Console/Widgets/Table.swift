import PlatformModel
import TerminalCells

/// What tells one row from another, whatever place it has in the list.
enum RowIdentity: Sendable, Hashable {
    case number(Int64)
    case name(String)
    case finding(Finding.ID)
}

/// What a list can show, select and remember.
protocol ListedRow: Sendable {
    var identity: RowIdentity { get }
    /// What `y` copies, and what messages call it.
    var label: String { get }
}

/// What cells are drawn from besides their row.
struct CellContext: Sendable {
    let now: Moment
    let glyphs: GlyphSet
    let snapshot: Snapshot
    var thresholds: Thresholds { snapshot.thresholds }
}

/// What a column sorts by.
enum SortKey: Sendable, Comparable {
    /// No value: always last.
    case nothing
    case number(Double)
    case text(String)

    init(_ number: (some BinaryInteger)?) { self = number.map { .number(Double($0)) } ?? .nothing }
    init(_ number: Double?) { self = number.map { .number($0) } ?? .nothing }
    init(_ duration: Duration?) { self = duration.map { .number($0.inSeconds) } ?? .nothing }
}

/// One column of a table, as data.
struct Column<Row: Sendable>: Sendable {
    let id: String
    let title: String
    /// Columns that it takes at least; numbers keep exactly this, so that nothing jumps.
    let width: Int
    /// Its part of what is left over; 0 stays at `width`.
    var growth = 0
    var alignment = String.Alignment.left
    /// The lowest is dropped first when there is no room.
    var importance = 50
    /// Shown only when all columns are asked for, or when there is room to spare.
    var isExtra = false
    /// Cut in the middle, as names whose ends differ.
    var cutsMiddle = false
    var sort: (@Sendable (Row) -> SortKey)?
    let cell: @Sendable (Row, CellContext) -> [Span]

    init(
        _ id: String, _ title: String, _ width: Int, growth: Int = 0, _ alignment: String.Alignment = .left,
        importance: Int = 50, isExtra: Bool = false, cutsMiddle: Bool = false,
        sort: (@Sendable (Row) -> SortKey)? = nil, cell: @escaping @Sendable (Row, CellContext) -> [Span]
    ) {
        self.id = id
        self.title = title
        self.width = width
        self.growth = growth
        self.alignment = alignment
        self.importance = importance
        self.isExtra = isExtra
        self.cutsMiddle = cutsMiddle
        self.sort = sort
        self.cell = cell
    }
}

/// How a list is sorted.
struct SortOrder: Sendable, Hashable {
    var column: String
    var isDescending: Bool
}

/// A table over the visible part of a list: its columns are given, its rows are asked for one by one.
struct Table<Row: ListedRow>: Sendable {
    let columns: [Column<Row>]
    var sorts: [SortOrder] = []
    var isWide = false
    /// What to point out in cells.
    var matcher: Matcher?
    static var gutter: Int { 2 }
    /// From this width on the selected row is marked at both ends.
    static var longRow: Int { 100 }

    /// The columns that fit, with the place and width of each.
    func layout(columns room: Int) -> [(column: Column<Row>, at: Int, width: Int)] {
        let available = room - Table.gutter - 1
        var chosen = columns.indices.filter { isWide || !columns[$0].isExtra }
        func width(_ set: [Int]) -> Int { set.reduce(0) { $0 + columns[$1].width } + max(0, set.count - 1) * 2 }
        while chosen.count > 1, width(chosen) > available {
            guard let least = chosen.min(by: { columns[$0].importance < columns[$1].importance }) else { break }
            chosen.removeAll { $0 == least }
        }
        if !isWide {
            let extras = columns.indices.filter { columns[$0].isExtra }
                .sorted { columns[$0].importance > columns[$1].importance }
            for index in extras where width(chosen + [index]) + 24 <= available { chosen.append(index) }
            chosen.sort()
        }
        var spare = max(0, available - width(chosen))
        var parts = chosen.reduce(0) { $0 + columns[$1].growth }
        var place = Table.gutter
        return chosen.map { index in
            let column = columns[index]
            var width = min(column.width, max(1, available))
            if column.growth > 0 {
                let share = spare * column.growth / max(1, parts)
                width += share
                spare -= share
                parts -= column.growth
            }
            defer { place += width + 2 }
            return (column, place, width)
        }
    }

    /// Draws the column heads and the rows from `top` on; returns how many rows there was room for.
    @discardableResult
    func draw(
        on canvas: inout Canvas, in rect: Rect, count: Int, top: Int, context: CellContext, selected: Int?,
        isActive: Bool = true, isMarked: (RowIdentity) -> Bool = { _ in false }, row: (Int) -> Row
    ) -> Int {
        guard rect.rows >= 1, rect.columns >= 4 else { return 0 }
        let places = layout(columns: rect.columns)
        drawHead(places, on: &canvas, in: rect)
        let body = rect.split(top: 1).rest
        for line in 0..<body.rows {
            let index = top + line
            guard index < count else { break }
            let item = row(index)
            let y = body.row + line
            for (column, place, width) in places {
                draw(column, item, at: Point(column: rect.column + place, row: y), width, context, &canvas)
            }
            if let matcher { highlight(matcher, places, on: &canvas, row: y, from: rect.column) }
            if isMarked(item.identity) {
                canvas.write(canvas.glyphs.mark, .mark, at: Point(column: rect.column + 1, row: y))
            }
            if index == selected, let first = places.first {
                select(row: y, of: rect, columns: first.at + first.width + 1, isActive: isActive, on: &canvas)
            }
        }
        return body.rows
    }

    /// Points out the selected row: a cursor and the cells that name it on the selection's background; at the far end
    /// of a long row a second cursor, so that the eye finds the line again.
    private func select(row: Int, of rect: Rect, columns: Int, isActive: Bool, on canvas: inout Canvas) {
        let cursor = Point(column: rect.column, row: row)
        canvas.write(canvas.glyphs.cursor, isActive ? .strong : .muted, at: cursor)
        guard isActive else { return }
        canvas.select(Rect(column: rect.column, row: row, columns: min(columns, rect.columns), rows: 1))
        if rect.columns >= Table.longRow {
            canvas.write(canvas.glyphs.cursorBack, .strong, at: Point(column: rect.right - 1, row: row))
        }
    }

    /// Points out what was looked for, in the columns that it was looked for in.
    private func highlight(
        _ matcher: Matcher, _ places: [(column: Column<Row>, at: Int, width: Int)], on canvas: inout Canvas, row: Int,
        from left: Int
    ) {
        for (index, place) in places.enumerated() {
            // The first column is the row's name, whatever it is called.
            let names = [place.column.id, place.column.title.lowercased()] + (index == 0 ? ["name", "id"] : [])
            let area = Rect(column: left + place.at, row: row, columns: place.width, rows: 1)
            canvas.highlight(matcher, in: area, names: names)
        }
    }

    private func drawHead(
        _ places: [(column: Column<Row>, at: Int, width: Int)], on canvas: inout Canvas, in rect: Rect
    ) {
        for (column, place, width) in places {
            var title = column.title
            if let index = sorts.firstIndex(where: { $0.column == column.id }) {
                title += sorts[index].isDescending ? canvas.glyphs.sortedDown : canvas.glyphs.sortedUp
                if sorts.count > 1 { title += String(index + 1) }
            }
            // A right-aligned head may reach into the gap before it rather than be cut.
            let at = Point(column: rect.column + place, row: rect.row)
            if column.alignment == .right {
                canvas.write([Span(title, .heading)], endingAt: at.column + width, row: at.row, columns: width + 1)
            } else {
                canvas.write([Span(title, .heading)], at: at, columns: width)
            }
        }
    }

    private func draw(
        _ column: Column<Row>, _ row: Row, at point: Point, _ width: Int, _ context: CellContext,
        _ canvas: inout Canvas
    ) {
        var spans = column.cell(row, context)
        if column.cutsMiddle,
            let longest = spans.indices.max(by: { spans[$0].text.utf8.count < spans[$1].text.utf8.count })
        {
            let others = spans.indices.reduce(0) { $0 + ($1 == longest ? 0 : spans[$1].text.width) }
            spans[longest].text = spans[longest].text.truncatedMiddle(to: max(4, width - others))
        }
        if column.alignment == .right {
            canvas.write(spans, endingAt: point.column + width, row: point.row, columns: width)
        } else {
            canvas.write(spans, at: point, columns: width)
        }
    }
}
