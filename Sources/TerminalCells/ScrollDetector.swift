/// Finds rows that only moved, by their hashes: a log that got a line, a list that was scrolled.
enum ScrollDetector {
    /// What a scroll itself costs, in cells that could be painted instead.
    private static let cost = 24

    static func find(
        from shown: PaintScreen, to wanted: PaintScreen, changes: [[Range<Int>]]
    ) -> ScreenDiff.Scroll? {
        guard let first = changes.firstIndex(where: { !$0.isEmpty }),
            let last = changes.lastIndex(where: { !$0.isEmpty }), last - first >= 2
        else { return nil }
        let weights = changes.map { $0.reduce(0) { $0 + $1.count } }
        guard weights.reduce(0, +) > 2 * cost else { return nil }
        let old = (first...last).map { hash(shown, $0) }
        let new = (first...last).map { hash(wanted, $0) }
        var best: (gain: Int, scroll: ScreenDiff.Scroll)?
        for lines in -(old.count - 1)..<old.count where lines != 0 {
            guard let run = heaviestRun(old, new, weights[first...last], moved: lines) else { continue }
            let top = first + run.lowerBound + min(0, lines)
            let bottom = first + run.upperBound - 1 + max(0, lines)
            let exposed = lines > 0 ? bottom - lines + 1...bottom : top...top - lines - 1
            var gain = (first + run.lowerBound..<first + run.upperBound).reduce(0) { $0 + weights[$1] } - cost
            for row in exposed { gain += weights[row] - filled(wanted, row) }
            if gain > max(0, best?.gain ?? 0) {
                best = (gain, ScreenDiff.Scroll(top: top, bottom: bottom, lines: lines))
            }
        }
        return best?.scroll
    }

    /// The rows, together, that would be right after a move and are wrong now: the run of most cells.
    private static func heaviestRun(
        _ old: [UInt64], _ new: [UInt64], _ weights: ArraySlice<Int>, moved lines: Int
    ) -> Range<Int>? {
        var best: (weight: Int, run: Range<Int>)?
        var start: Int?
        var weight = 0
        for row in max(0, -lines)..<min(new.count, old.count - lines) + 1 {
            if row < new.count, row + lines < old.count, new[row] == old[row + lines] {
                if start == nil { start = row }
                weight += weights[weights.startIndex + row]
            } else if let begin = start {
                if weight > best?.weight ?? 0 { best = (weight, begin..<row) }
                start = nil
                weight = 0
            }
        }
        return best?.run
    }

    /// A collision does no harm: rows are compared again after the move.
    private static func hash(_ screen: PaintScreen, _ row: Int) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func mix(_ value: UInt64) { hash = (hash ^ value) &* 0x0000_0100_0000_01B3 }
        for cell in screen.cells[screen.range(row: row)] {
            for byte in cell.text.utf8 { mix(UInt64(byte)) }
            mix(UInt64(cell.style.foreground) << 8 | UInt64(cell.style.attributes.rawValue))
            mix(UInt64(cell.style.background) << 17 | UInt64(cell.style.link) << 1 | 1)
        }
        return hash
    }

    private static func filled(_ screen: PaintScreen, _ row: Int) -> Int {
        screen.cells[screen.range(row: row)].reduce(0) { $0 + ($1 == .blank ? 0 : 1) }
    }
}
