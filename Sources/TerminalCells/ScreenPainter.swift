/// Brings a terminal from what it shows to what is wanted, and remembers what it shows.
///
/// Pure: it returns bytes and writes nothing. Nothing changed: no bytes. It never clears on the way, and goes
/// on from wherever the last frame left off, so a frame that was cut short or skipped costs nothing.
public struct ScreenPainter: Sendable {
    public let capabilities: TerminalCapabilities
    private let mover: CursorMover
    private let styleWriter: StyleWriter
    private var styles: StyleResolver
    private var links = LinkTable()

    private var shown: PaintScreen
    private var position = CursorMover.Position()
    private var style: PaintStyle?
    private var cursorIsShown: Bool?

    /// A frame shorter than this is not worth the 16 bytes of synchronized output.
    private static let synchronizedFrom = 200

    public init(capabilities: TerminalCapabilities, size: Size) {
        self.capabilities = capabilities
        mover = CursorMover(capabilities)
        styleWriter = StyleWriter(capabilities)
        styles = StyleResolver(capabilities)
        shown = PaintScreen(size: size, fill: .unknown)
    }

    public var size: Size { shown.size }

    /// Tells that nothing is known of what the terminal shows, or that its size changed: the next frame
    /// paints everything.
    public mutating func forget(size: Size) {
        shown = PaintScreen(size: size, fill: .unknown)
        position = CursorMover.Position()
        style = nil
        cursorIsShown = nil
        links = LinkTable()
    }

    /// Tells that the terminal was just cleared, cursor at the top left, hidden, everything plain.
    public mutating func assumeCleared(size: Size) {
        shown = PaintScreen(size: size, fill: .blank)
        position = CursorMover.Position(row: 0, column: 0)
        style = .plain
        cursorIsShown = false
    }

    public struct Frame: Sendable, Equatable {
        public var bytes: [UInt8]
        /// The rows that are still to be painted, because the budget ended: they come with the next frame.
        public var remaining: [Int]

        public var isComplete: Bool { remaining.isEmpty }
    }

    /// The bytes that bring the terminal to the buffer, which must have its size.
    ///
    /// - Parameters:
    ///   - budget: about how many bytes may be written; on a slow line a frame is painted in pieces.
    ///   - first: the rows that a person waits for, painted before the others when the budget may not last.
    ///   - others: false to paint those only.
    public mutating func paint(
        _ buffer: ScreenBuffer, budget: Int = .max, first: Set<Int> = [], others: Bool = true
    ) -> Frame {
        precondition(buffer.size == shown.size, "a buffer of another size than the terminal's")
        // On a slow line, where the budget ends, links are not worth their bytes.
        let showsLinks = capabilities.hyperlinks && budget == .max && !buffer.links.isEmpty
        if showsLinks, links.isFull { forget(size: size) }
        let numbers = showsLinks ? buffer.links.map { links.number($0) } : []
        let wanted = PaintScreen(buffer, unicode: capabilities.unicode, styles: &styles, links: numbers)
        let canScroll = capabilities.setScrollRegion != nil && capabilities.reverseIndex != nil
        let diff = ScreenDiff(from: shown, to: wanted, scrolls: canScroll)
        var output: [UInt8] = []
        var remaining: [Int] = []
        if let scroll = diff.scroll { append(scroll, into: &output) }
        for row in order(diff.rows, first: budget == .max ? [] : first) {
            if output.count >= budget || !(others || first.contains(row)) {
                remaining.append(row)
            } else {
                paint(row: row, diff.rows[row], of: wanted, into: &output)
            }
        }
        // What others write after a frame leads nowhere.
        if let style, style.link != 0 { use(style.look, into: &output) }
        // A frame in pieces keeps the cursor where it is typed, for a key may come before the next piece.
        append(cursor: wanted.cursor, into: &output)
        // On a slow line, where the budget ends, 16 bytes are time, and a piece has nothing to be held together.
        if capabilities.synchronizedOutput, budget == .max, output.count >= ScreenPainter.synchronizedFrom {
            output = Array("\u{1B}[?2026h".utf8) + output + Array("\u{1B}[?2026l".utf8)
        }
        return Frame(bytes: output, remaining: remaining)
    }

    /// From top to bottom, those that are waited for before the others.
    private func order(_ rows: [[Range<Int>]], first: Set<Int>) -> [Int] {
        let changed = rows.indices.filter { !rows[$0].isEmpty }
        if first.isEmpty { return changed }
        return changed.filter { first.contains($0) } + changed.filter { !first.contains($0) }
    }

    private mutating func append(cursor: Point?, into output: inout [UInt8]) {
        let screen = Rect(column: 0, row: 0, columns: size.columns, rows: size.rows)
        guard let cursor, screen.contains(cursor) else {
            if cursorIsShown != false { output += capabilities.hideCursor }
            cursorIsShown = false
            return
        }
        move(to: cursor.column, row: cursor.row, into: &output)
        if cursorIsShown != true { output += capabilities.showCursor }
        cursorIsShown = true
    }

    private mutating func move(to column: Int, row: Int, into output: inout [UInt8]) {
        mover.append(from: position, to: Point(column: column, row: row), into: &output)
        position = CursorMover.Position(row: row, column: column)
    }

    private mutating func use(_ wanted: PaintStyle, into output: inout [UInt8]) {
        if capabilities.hyperlinks, style?.link != wanted.link {
            output += "\u{1B}]8;;\(links.address(wanted.link))\u{1B}\\".utf8
        }
        styleWriter.append(from: style, to: wanted, into: &output)
        style = wanted
    }

    private mutating func append(_ scroll: ScreenDiff.Scroll, into output: inout [UInt8]) {
        guard let region = capabilities.setScrollRegion, let reverse = capabilities.reverseIndex else { return }
        // Rows that come in take the current background on most terminals.
        use(.plain, into: &output)
        let isWhole = scroll.top == 0 && scroll.bottom == size.rows - 1
        if !isWhole {
            region.append(to: &output, scroll.top, scroll.bottom)
            position = CursorMover.Position()
        }
        let count = abs(scroll.lines)
        move(to: 0, row: scroll.lines > 0 ? scroll.bottom : scroll.top, into: &output)
        let step = scroll.lines > 0 ? [0x0A] : reverse
        let many = scroll.lines > 0 ? capabilities.scrollUp : capabilities.scrollDown
        if let many, many.count(count) < step.count * count {
            many.append(to: &output, count)
        } else {
            for _ in 0..<count { output += step }
        }
        if !isWhole {
            region.append(to: &output, 0, size.rows - 1)
            position = CursorMover.Position()
        }
        shown.scroll(top: scroll.top, bottom: scroll.bottom, up: scroll.lines)
    }
}

extension ScreenPainter {
    fileprivate typealias Cells = ArraySlice<PaintScreen.PaintCell>

    /// Paints the spans of one row, what lies between them too where that is cheaper than to go past it.
    private mutating func paint(row: Int, _ spans: [Range<Int>], of wanted: PaintScreen, into output: inout [UInt8]) {
        let range = wanted.range(row: row)
        let cells = wanted.cells[range]
        let base = range.lowerBound
        let tail = erasableTail(cells)
        var column = 0
        for (index, span) in spans.enumerated() {
            var start = span.lowerBound
            if index > 0, column < start, isCheaper(cells[base + column..<base + start]) { start = column }
            if span.upperBound > tail, let erase = capabilities.eraseToEndOfLine,
                span.upperBound - max(start, tail) > erase.count
            {
                if start < tail { paint(start..<tail, row: row, cells, into: &output) }
                move(to: max(start, tail), row: row, into: &output)
                useBackground(of: cells[base + tail].style, into: &output)
                output += erase
                break
            }
            paint(start..<span.upperBound, row: row, cells, into: &output)
            column = span.upperBound
        }
        shown.cells.replaceSubrange(range, with: cells)
    }

    /// The column from which the row is blank in one background that erasing gives.
    private func erasableTail(_ cells: Cells) -> Int {
        guard let last = cells.last, last.isErasable else { return cells.count }
        guard capabilities.erasesWithBackground || last.style.background == 0 else { return cells.count }
        var start = cells.endIndex
        while start > cells.startIndex, cells[start - 1] == last { start -= 1 }
        return start - cells.startIndex
    }

    /// True when painting the cells again costs no more than a move past them.
    private func isCheaper(_ cells: Cells) -> Bool {
        guard cells.count <= 6 else { return false }
        var bytes = 0
        for cell in cells {
            guard fits(cell), !ColumnWidth.isUncertain(cell.text) else { return false }
            bytes += cell.text.utf8.count
        }
        return bytes <= 4
    }

    /// True when the cell can be painted in the style that the terminal is in.
    private func fits(_ cell: PaintScreen.PaintCell) -> Bool {
        guard let style else { return false }
        return cell.style == style || (cell.isErasable && cell.style.looksBlank(as: style))
    }

    /// A style in which erasing or a blank gives the background, the current one where that will do.
    private mutating func useBackground(of wanted: PaintStyle, into output: inout [UInt8]) {
        if let style, wanted.looksBlank(as: style) { return }
        use(wanted, into: &output)
    }

    private mutating func paint(_ columns: Range<Int>, row: Int, _ cells: Cells, into output: inout [UInt8]) {
        let base = cells.startIndex
        var column = columns.lowerBound
        while column < columns.upperBound {
            let cell = cells[base + column]
            if cell.isContinuation {
                column += 1
                continue
            }
            let width = column + 1 < cells.count && cells[base + column + 1].isContinuation ? 2 : 1
            if ColumnWidth.isUncertain(cell.text) {
                paintUncertain(cell, columns: width, column: column, row: row, into: &output)
                column += width
                continue
            }
            move(to: column, row: row, into: &output)
            if !fits(cell) {
                use(target(of: cell, before: cells[(base + column)..<(base + columns.upperBound)]), into: &output)
            }
            var count = 1
            while width == 1, column + count < columns.upperBound, cells[base + column + count] == cell { count += 1 }
            paint(cell, width: width, count: count, column: column, row: row, into: &output)
            column += count * width
        }
    }

    /// The style to take for a cell: for a blank, that of the text after it where the blank looks the same.
    private func target(of cell: PaintScreen.PaintCell, before rest: Cells) -> PaintStyle {
        guard cell.isErasable, let next = rest.first(where: { !$0.isErasable }) else { return cell.style }
        return cell.style.looksBlank(as: next.style) ? next.style : cell.style
    }

    private mutating func paint(
        _ cell: PaintScreen.PaintCell, width: Int, count: Int, column: Int, row: Int, into output: inout [UInt8]
    ) {
        let bytes = cell.text.utf8.count
        let repeated = bytes + 3 + (count - 1).digits
        if capabilities.repeatsCharacters, count > 1, repeated < count * bytes {
            output += cell.text.utf8
            output += [0x1B, UInt8(ascii: "[")]
            output.append(decimal: count - 1)
            output.append(UInt8(ascii: "b"))
        } else if cell.isErasable, let erase = capabilities.eraseCharacters,
            capabilities.erasesWithBackground || cell.style.background == 0, count > 2 * erase.count(count)
        {
            erase.append(to: &output, count)
            return
        } else {
            for _ in 0..<count { output += cell.text.utf8 }
        }
        let end = column + count * width
        // After the last column terminals disagree on where the cursor stands.
        position = CursorMover.Position(row: row, column: end < size.columns ? end : nil)
    }

    /// Paints a grapheme whose width terminals dispute: its second column blank before, the cursor placed anew after.
    private mutating func paintUncertain(
        _ cell: PaintScreen.PaintCell, columns: Int, column: Int, row: Int, into output: inout [UInt8]
    ) {
        if columns == 2 {
            move(to: column + 1, row: row, into: &output)
            use(cell.style, into: &output)
            output.append(0x20)
            position.column = column + 2 < size.columns ? column + 2 : nil
        }
        move(to: column, row: row, into: &output)
        use(cell.style, into: &output)
        output += cell.text.utf8
        position.column = nil
    }
}
