/// A screen in one terminal's terms: what it shows, or is to show.
struct PaintScreen: Sendable, Equatable {
    struct PaintCell: Sendable, Hashable {
        var text: String
        var style: PaintStyle

        static let blank = PaintCell(text: " ", style: .plain)
        /// What is shown is not known; equal to nothing that is wanted.
        static let unknown = PaintCell(text: "\u{0}", style: .plain)

        var isBlank: Bool { text == " " }
        var isContinuation: Bool { text.isEmpty }
        /// True when erasing in this style gives this cell.
        var isErasable: Bool { isBlank && style.link == 0 && style.attributes.isDisjoint(with: PaintStyle.seenOnBlank) }
    }

    let size: Size
    var cells: [PaintCell]
    var cursor: Point?

    init(size: Size, fill: PaintCell) {
        self.size = size
        cells = Array(repeating: fill, count: size.columns * size.rows)
    }

    /// The buffer with its styles and letters brought to what the terminal can show.
    ///
    /// - Parameter links: the numbers of the buffer's links; empty where none are shown.
    init(_ buffer: ScreenBuffer, unicode: Bool, styles: inout StyleResolver, links: [UInt16] = []) {
        size = buffer.size
        cursor = buffer.cursor
        cells = []
        cells.reserveCapacity(buffer.cells.count)
        var style = Style.plain
        var paint = styles.resolve(style)
        var ascii = ""[...]
        for (index, cell) in buffer.cells.enumerated() {
            if cell.style != style {
                style = cell.style
                paint = styles.resolve(style)
            }
            paint.link = cell.link == 0 || links.isEmpty ? 0 : links[Int(cell.link) - 1]
            var text = cell.text
            if !unicode {
                if !text.isEmpty {
                    let wide = (index + 1) % max(1, size.columns) != 0 && buffer.cells[index + 1].text.isEmpty
                    ascii = AsciiFallback.text(for: text, columns: wide ? 2 : 1)[...]
                }
                text = ascii.popFirst().map { String($0) } ?? " "
            }
            if text.isEmpty, let left = cells.last {
                cells.append(PaintCell(text: text, style: left.style))
            } else if text == " ", paint.attributes.isDisjoint(with: PaintStyle.seenOnBlank) {
                // The colour and weight of a blank's letter cannot be seen: blanks compare by background only.
                let style = PaintStyle(background: paint.background, link: paint.link)
                cells.append(PaintCell(text: text, style: style))
            } else {
                cells.append(PaintCell(text: text, style: paint))
            }
        }
    }

    func range(row: Int) -> Range<Int> { row * size.columns..<(row + 1) * size.columns }

    /// Moves rows as a scroll does; rows that come in are blank.
    mutating func scroll(top: Int, bottom: Int, up lines: Int) {
        let columns = size.columns
        let blank = [PaintCell](repeating: .blank, count: abs(lines) * columns)
        let region = top * columns..<(bottom + 1) * columns
        if lines > 0 {
            cells.replaceSubrange(region, with: Array(cells[region].dropFirst(lines * columns)) + blank)
        } else {
            cells.replaceSubrange(region, with: blank + Array(cells[region].dropLast(-lines * columns)))
        }
    }
}
