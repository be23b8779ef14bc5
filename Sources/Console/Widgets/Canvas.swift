import TerminalCells

/// A run of text in one role.
struct Span: Sendable, Hashable {
    var text: String
    var role: ThemeRole

    init(_ text: String, _ role: ThemeRole = .text) {
        self.text = text
        self.role = role
    }
}

/// A screen buffer that is painted in roles: the theme and the glyphs are already chosen.
struct Canvas: Sendable {
    private(set) var buffer: ScreenBuffer
    let theme: Theme
    let glyphs: GlyphSet

    init(size: Size, theme: Theme, glyphs: GlyphSet) {
        buffer = ScreenBuffer(size: size, fill: Cell(" ", style: theme[.text]))
        self.theme = theme
        self.glyphs = glyphs
    }

    var bounds: Rect { buffer.bounds }
    var cursor: Point? {
        get { buffer.cursor }
        set { buffer.cursor = newValue }
    }

    @discardableResult
    mutating func write(_ text: String, _ role: ThemeRole = .text, at point: Point, columns: Int = .max) -> Int {
        guard columns > 0 else { return 0 }
        // Data may hold what the terminal cannot show, too.
        let text = glyphs.isASCII ? SafeText.line(text, ascii: true) : text
        let style = theme[role]
        guard !SafeText.isPlain(text), SimpleText.columns(text) != nil else {
            return buffer.write(text, at: point, style: style, columns: columns)
        }
        var column = point.column
        let end = min(bounds.right, columns == .max ? bounds.right : point.column + columns)
        for scalar in text.unicodeScalars where column < end {
            buffer.fill(
                Rect(column: column, row: point.row, columns: 1, rows: 1), with: Cell(String(scalar), style: style))
            column += 1
        }
        return column - point.column
    }

    /// Writes spans one after another in at most that many columns; what does not fit ends in an ellipsis.
    @discardableResult
    mutating func write(_ spans: [Span], at point: Point, columns limit: Int) -> Int {
        var column = point.column
        let end = point.column + min(limit, max(0, bounds.right - point.column))
        for (index, span) in spans.enumerated() where column < end {
            let room = end - column
            let place = Point(column: column, row: point.row)
            let width = span.text.width
            let hasMore = index < spans.count - 1 && spans[(index + 1)...].contains { !$0.text.isEmpty }
            if width > room || (width == room && hasMore) {
                write(span.text.truncated(to: room), span.role, at: place, columns: room)
                if width == room {
                    write(glyphs.ellipsis, span.role, at: Point(column: end - 1, row: point.row), columns: 1)
                }
                return limit
            }
            column += write(span.text, span.role, at: place, columns: room)
        }
        return column - point.column
    }

    /// Writes spans so that they end at a column.
    mutating func write(_ spans: [Span], endingAt right: Int, row: Int, columns limit: Int) {
        let width = min(limit, spans.reduce(0) { $0 + $1.text.width })
        write(spans, at: Point(column: right - width, row: row), columns: width)
    }

    mutating func fill(_ rect: Rect, _ role: ThemeRole, with text: String = " ") {
        buffer.fill(rect, with: Cell(text, style: theme[role]))
    }

    /// Repeats a glyph along a row.
    mutating func rule(_ glyph: String, _ role: ThemeRole, at point: Point, columns: Int) {
        fill(Rect(column: point.column, row: point.row, columns: columns, rows: 1), role, with: glyph)
    }

    /// The selected cells: reversed where the theme has no colour for them, else on the selection's background with
    /// the colours of their states kept.
    ///
    /// Only what names a row is given to this, never the whole row: on a slow line the bytes of a key press are what
    /// a person waits for.
    mutating func select(_ rect: Rect) {
        let selection = theme[.selection]
        buffer.restyle(rect) { style in
            if selection.attributes.contains(.reverse) {
                style = selection
            } else {
                style.background = selection.background
            }
        }
    }

    /// Points out what is looked for in a part of a row; background and bold letters stay.
    mutating func highlight(_ matcher: Matcher, in rect: Rect, names: [String]? = nil) {
        let area = rect.intersection(bounds)
        guard area.rows == 1, area.columns > 0 else { return }
        let row = buffer.row(area.row)
        // The place of each grapheme: the second half of a wide one has no letter of its own.
        var letters: [Character] = []
        var places: [Int] = []
        for column in area.column..<area.right {
            guard let letter = row[row.startIndex + column].text.first else { continue }
            letters.append(letter)
            places.append(column)
        }
        let match = theme[.match]
        for range in matcher.ranges(in: letters, names: names) {
            let end = range.upperBound < places.count ? places[range.upperBound] : area.right
            let start = places[range.lowerBound]
            buffer.restyle(Rect(column: start, row: area.row, columns: end - start, rows: 1)) { style in
                style.foreground = match.foreground
                style.attributes.formUnion(match.attributes)
            }
        }
    }

    /// Underlines what is wrong with a text.
    mutating func underline(_ rect: Rect) {
        // By a line alone: the colour of errors need not be readable on every ground.
        buffer.restyle(rect) { $0.attributes.formUnion([.underline, .bold]) }
    }

    /// Old data: everything keeps its place and loses its colour.
    mutating func age(_ rect: Rect) {
        let stale = theme[.stale]
        let selection = theme[.selection]
        buffer.restyle(rect) { style in
            let before = style
            style = stale
            guard before.background == selection.background else { return }
            style.background = before.background
            // Where the selection is told by an attribute, that stays as well.
            if before.attributes.contains(.reverse) { style.attributes.insert(.reverse) }
        }
    }
}
