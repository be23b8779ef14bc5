extension String {
    /// The text cut to at most that many columns, an ellipsis at its end when something was cut.
    public func truncated(to limit: Int) -> String { cut(to: limit, keepingEnd: 0) }

    /// The text cut in its middle, for names whose end tells them apart: `supplier-or…9f3a`.
    public func truncatedMiddle(to limit: Int) -> String { cut(to: limit, keepingEnd: max(0, limit - 1) / 2) }

    private func cut(to limit: Int, keepingEnd tail: Int) -> String {
        guard limit > 0 else { return "" }
        if utf8.count <= limit, SafeText.isPlain(self) { return self }
        let graphemes = SafeText.graphemes(self)
        let total = graphemes.reduce(0) { $0 + $1.columns }
        if total <= limit { return graphemes.map(\.text).joined() }
        var end = ""
        var room = tail
        for grapheme in graphemes.reversed() {
            guard grapheme.columns <= room else { break }
            end = grapheme.text + end
            room -= grapheme.columns
        }
        var start = ""
        room = limit - 1 - (tail - room)
        for grapheme in graphemes {
            guard grapheme.columns <= room else { break }
            start += grapheme.text
            room -= grapheme.columns
        }
        return start + "…" + end
    }

    public enum Alignment: Sendable { case left, right, center }

    /// The text cut or filled with blanks to exactly that many columns.
    public func padded(to width: Int, _ alignment: Alignment = .left) -> String {
        let text = truncated(to: width)
        let missing = max(0, width - text.columns)
        switch alignment {
        case .left: return text + String(repeating: " ", count: missing)
        case .right: return String(repeating: " ", count: missing) + text
        case .center:
            let before = missing / 2
            return String(repeating: " ", count: before) + text + String(repeating: " ", count: missing - before)
        }
    }

    /// The text as lines of at most that many columns, broken at blanks where there are some; its own line
    /// feeds end lines too.
    public func wrapped(to width: Int) -> [String] {
        guard width > 0 else { return [] }
        return split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
            .flatMap { String($0).wrappedParagraph(to: width) }
    }

    private func wrappedParagraph(to width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        var used = 0
        for word in split(separator: " ") {
            var graphemes = SafeText.graphemes(String(word))[...]
            var columns = graphemes.reduce(0) { $0 + $1.columns }
            if used > 0, used + 1 + columns > width {
                lines.append(line)
                (line, used) = ("", 0)
            }
            if used > 0 {
                line += " "
                used += 1
            }
            while columns > width - used, let first = graphemes.first {
                // A word longer than a line is broken where the line ends; a wide grapheme alone may overhang.
                if used > 0, used + first.columns > width {
                    lines.append(line)
                    (line, used) = ("", 0)
                    continue
                }
                line += first.text
                used += first.columns
                columns -= first.columns
                graphemes = graphemes.dropFirst()
            }
            line += graphemes.map(\.text).joined()
            used += columns
        }
        if used > 0 || lines.isEmpty { lines.append(line) }
        return lines
    }
}
