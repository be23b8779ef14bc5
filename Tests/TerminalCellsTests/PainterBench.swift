import TestSupport
import Testing

@testable import TerminalCells

/// Random but repeatable: a failure is found again by its seed.
struct Seeded: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// A painter and a terminal of its own opinions, held side by side.
struct Bench {
    var painter: ScreenPainter
    var terminal: TerminalEmulator

    init(
        _ capabilities: TerminalCapabilities = .xterm, columns: Int = 40, rows: Int = 10,
        width: @escaping @Sendable (String) -> Int = Bench.width
    ) {
        painter = ScreenPainter(capabilities: capabilities, size: Size(columns: columns, rows: rows))
        terminal = TerminalEmulator(
            columns: columns, rows: rows, erasesWithBackground: capabilities.erasesWithBackground, width: width)
    }

    static let width: @Sendable (String) -> Int = { text in
        text.unicodeScalars.first.map { max(1, ColumnWidth.columns(of: $0)) } ?? 1
    }

    @discardableResult
    mutating func paint(_ buffer: ScreenBuffer, budget: Int = .max) -> [UInt8] {
        let frame = painter.paint(buffer, budget: budget)
        terminal.feed(frame.bytes)
        return frame.bytes
    }

    /// Where the terminal differs from the buffer, in words; graphemes of disputed width count only when asked.
    func differences(_ buffer: ScreenBuffer, disputed: Bool = false) -> [String] {
        var styles = StyleResolver(painter.capabilities)
        let wanted = PaintScreen(buffer, unicode: painter.capabilities.unicode, styles: &styles)
        let links = painter.capabilities.hyperlinks ? [""] + buffer.links : [String](repeating: "", count: 1000)
        var found = terminal.complaints
        for (place, cell) in wanted.cells.enumerated() {
            let start = cell.isContinuation ? wanted.cells[place - 1] : cell
            if !disputed, ColumnWidth.isUncertain(start.text) { continue }
            let shown = terminal.cells[place]
            let style = cell.isErasable ? Bench.background(shown.style) : shown.style
            let link = links[Int(buffer.cells[cell.isContinuation ? place - 1 : place].link)]
            if shown.text != cell.text || style != Bench.text(cell.style) || shown.link != link {
                found.append("\(place % buffer.size.columns),\(place / buffer.size.columns): \(shown) not \(cell)")
            }
        }
        return found
    }

    static func background(_ style: String) -> String { style.firstIndex(of: "b").map { String(style[$0...]) } ?? "" }

    static func text(_ style: PaintStyle) -> String {
        func color(_ code: UInt32) -> String {
            code >> 24 == 2 ? "\(code >> 16 & 255),\(code >> 8 & 255),\(code & 255)" : "\(code & 255)"
        }
        let names: [(Style.Attributes, Int)] = [
            (.bold, 1), (.dim, 2), (.italic, 3), (.underline, 4), (.reverse, 7), (.strike, 9),
        ]
        var text = names.filter { style.attributes.contains($0.0) }.map { "a\($0.1)" }.joined()
        if style.foreground != 0 { text += "f" + color(style.foreground) }
        if style.background != 0 { text += "b" + color(style.background) }
        return text
    }
}

/// Makes screens that resemble what a console shows, and what it fears.
struct Drawing {
    var random: Seeded
    var words = undisputed + ["e\u{301}te\u{301}", "👩‍🍳", "🇩🇪", "שלום", "1️⃣", "👍🏽", "नमस्ते"]
    static let undisputed = [
        "INFO", "queue lag", "│", "──────────", "      ", "0.31 ms", "注文", "オーダー", "x", "▁▂▃▅▇", "⣿⣷⣦",
        "aaaaaaaaaaaaaaa", "\u{1B}[2J",
    ]

    mutating func style() -> Style {
        var style = Style()
        func color(_ random: inout Seeded) -> Color {
            switch Int.random(in: 0..<5, using: &random) {
            case 0: .indexed(UInt8.random(in: 0...255, using: &random))
            case 1: .rgb(red: UInt8.random(in: 0...255, using: &random), green: 9, blue: 200)
            case 2: .indexed(UInt8.random(in: 0...15, using: &random))
            default: .standard
            }
        }
        style.foreground = color(&random)
        style.background = color(&random)
        if Bool.random(using: &random) { style.attributes = .init(rawValue: UInt8.random(in: 0..<64, using: &random)) }
        return style
    }

    mutating func change(_ buffer: inout ScreenBuffer) {
        let size = buffer.size
        for _ in 0..<Int.random(in: 0..<12, using: &random) {
            let point = Point(
                column: Int.random(in: -3..<size.columns, using: &random),
                row: Int.random(in: 0..<size.rows, using: &random))
            switch Int.random(in: 0..<7, using: &random) {
            case 0:
                let area = Rect(column: point.column, row: point.row, columns: 9, rows: 2)
                buffer.fill(area, with: Cell(" ", style: style()))
            case 1:
                let area = Rect(column: point.column, row: point.row, columns: 5, rows: 1)
                buffer.restyle(area) { $0.attributes = .bold }
            case 2:
                let area = Rect(column: point.column, row: point.row, columns: 4, rows: 1)
                buffer.link(area, to: "https://example.org/\(Int.random(in: 0..<5, using: &random))")
            default:
                let text = words[Int.random(in: 0..<words.count, using: &random)]
                buffer.write(text, at: point, style: style())
            }
        }
        if Int.random(in: 0..<4, using: &random) == 0 { scroll(&buffer, by: Int.random(in: -3...3, using: &random)) }
        buffer.cursor =
            Bool.random(using: &random) ? nil : Point(column: Int.random(in: 0..<size.columns, using: &random), row: 1)
    }

    private func scroll(_ buffer: inout ScreenBuffer, by lines: Int) {
        let old = buffer
        for row in 1..<buffer.size.rows where (1..<buffer.size.rows).contains(row + lines) {
            for column in 0..<buffer.size.columns {
                let cell = old[column, row + lines]
                let area = Rect(column: column, row: row, columns: 1, rows: 1)
                let isNarrow = SafeText.isPlain(cell.text) && !cell.isContinuation
                buffer.fill(area, with: Cell(isNarrow ? cell.text : "?", style: cell.style))
                if cell.link != 0 { buffer.link(area, to: old.links[Int(cell.link) - 1]) }
            }
        }
    }
}
