import TerminalCells

/// Rows under aligned headings, for people; scripts use `--json`.
struct TextTable {
    enum Alignment { case left, right }

    private let headings: [(String, Alignment)]
    private var rows: [[String]] = []

    init(_ headings: [(String, Alignment)]) { self.headings = headings }

    mutating func add(_ row: [String]) { rows.append(row.map { SafeText.line($0) }) }

    func print() { lines.forEach { Output.line($0) } }

    /// The aligned lines, headings first.
    var lines: [String] {
        let all = [headings.map(\.0)] + rows
        let widths = headings.indices.map { column in all.map { $0[column].columns }.max() ?? 0 }
        return all.map { row in
            let cells = row.enumerated().map { index, text in
                let blank = String(repeating: " ", count: widths[index] - text.columns)
                return headings[index].1 == .right ? blank + text : text + blank
            }
            let line = cells.joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed())
        }
    }
}
