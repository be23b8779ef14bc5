/// What must happen on a screen that shows one thing for it to show another, as a value.
///
/// Says which cells to paint; how to get there in the fewest bytes is the painter's.
struct ScreenDiff: Sendable, Equatable {
    /// Rows to move before anything is painted.
    struct Scroll: Sendable, Equatable {
        var top: Int
        /// The last row that takes part.
        var bottom: Int
        /// How many rows up; negative for down.
        var lines: Int
    }

    var scroll: Scroll?
    /// The columns to paint of each row: sorted, apart, whole graphemes; empty for a row that is right already.
    var rows: [[Range<Int>]]

    var isEmpty: Bool { scroll == nil && rows.allSatisfy(\.isEmpty) }

    init(from shown: PaintScreen, to wanted: PaintScreen, scrolls: Bool) {
        precondition(shown.size == wanted.size)
        rows = (0..<wanted.size.rows).map { ScreenDiff.changes(in: $0, from: shown, to: wanted) }
        guard scrolls, let found = ScrollDetector.find(from: shown, to: wanted, changes: rows) else { return }
        scroll = found
        var moved = shown
        moved.scroll(top: found.top, bottom: found.bottom, up: found.lines)
        for row in found.top...found.bottom { rows[row] = ScreenDiff.changes(in: row, from: moved, to: wanted) }
    }

    private static func changes(in row: Int, from shown: PaintScreen, to wanted: PaintScreen) -> [Range<Int>] {
        let range = wanted.range(row: row)
        let count = wanted.size.columns
        return shown.cells.withUnsafeBufferPointer { old in
            wanted.cells.withUnsafeBufferPointer { new in
                var found: [Range<Int>] = []
                var column = 0
                while column < count {
                    guard old[range.lowerBound + column] != new[range.lowerBound + column] else {
                        column += 1
                        continue
                    }
                    let old = UnsafeBufferPointer(rebasing: old[range])
                    let new = UnsafeBufferPointer(rebasing: new[range])
                    let span = whole(column, old, new)
                    if let last = found.last, last.upperBound >= span.lowerBound {
                        found[found.count - 1] = last.lowerBound..<max(last.upperBound, span.upperBound)
                    } else {
                        found.append(span)
                    }
                    column = max(column + 1, span.upperBound)
                }
                return found
            }
        }
    }

    /// The changed column and what changes with it: the other half of a wide grapheme, old or new, and the
    /// cells that a terminal of another opinion may have painted over.
    private static func whole(
        _ column: Int, _ old: UnsafeBufferPointer<PaintScreen.PaintCell>,
        _ new: UnsafeBufferPointer<PaintScreen.PaintCell>
    ) -> Range<Int> {
        var start = column
        while start > 0, old[start].isContinuation || new[start].isContinuation { start -= 1 }
        var end = column + 1
        var place = start
        while place < end {
            for text in [old[place].text, new[place].text] where ColumnWidth.isUncertain(text) {
                end = max(end, min(new.count, place + ColumnWidth.widest(text)))
            }
            place += 1
            if place == end, end < new.count, old[end].isContinuation || new[end].isContinuation { end += 1 }
        }
        return start..<end
    }
}
