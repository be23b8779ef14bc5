import CursesTerminal
import Glibc
import Reactor
import TerminalCells

/// A list, a line that says what happened, and some keys that end the process.
struct Probe: TerminalProgram {
    private let rows: Int
    private var selected = 0
    private var top = 0
    private var size: Size?
    private var last = "ready"
    private var data = 0
    private var line = ""
    private var wishes: [TerminalWish] = []

    init(rows: Int) { self.rows = rows }

    private var rowsShown: Int { (size?.rows ?? 24) - 2 }

    mutating func handle(_ event: TerminalEvent) {
        switch event {
        case .key(let key): press(key)
        case .paste(let text): last = "paste \(SafeText.line(text))"
        case .resize(let new):
            // The first size is told before the first screen.
            if let size { last = "size \(new.columns)x\(new.rows)" + (size == new ? " again" : "") }
            size = new
        case .mouse(let mouse): last = "mouse \(mouse.kind) \(mouse.point.column),\(mouse.point.row)"
        case .focus(let isOn): last = "focus \(isOn)"
        }
        top = min(max(top, selected - max(0, rowsShown - 1)), selected)
    }

    mutating func receive(_ message: Int) {
        data = message
    }

    mutating func line(isSlow: Bool, bytesPerSecond: Int?) {
        line = isSlow ? " SLOW \(bytesPerSecond ?? 0) B/s" : ""
    }

    mutating func takeWishes() -> [TerminalWish] {
        defer { wishes = [] }
        return wishes
    }

    private mutating func press(_ key: Key) {
        last = "key \(key)"
        switch key {
        case .up, Key("k"): selected = max(0, selected - 1)
        case .down, Key("j"): selected = min(rows - 1, selected + 1)
        case .pageDown: selected = min(rows - 1, selected + rowsShown)
        case Key("q"): wishes.append(.quit(0))
        case Key("x"): wishes.append(.quit(3))
        case .ctrl("z"): wishes.append(.suspend)
        case .ctrl("l"): wishes.append(.repaint)
        case Key("y"): wishes.append(.copy("selected \(selected)"))
        case Key("b"): wishes.append(.bell)
        case Key("t"): wishes.append(.title("probe\u{1B}]0;evil\u{07}"))
        case Key("h"): usleep(.max)
        default: crash(key)
        }
    }

    /// The ways in which programs end that nobody planned.
    private func crash(_ key: Key) {
        switch key {
        case Key("S"): raise(SIGSEGV)
        case Key("B"): raise(SIGBUS)
        case Key("I"): raise(SIGILL)
        case Key("F"): raise(SIGFPE)
        case Key("A"): abort()
        case Key("T"): fatalError("the probe was told to trap")
        case Key("N"): UnsafeMutablePointer<Int>(bitPattern: 8)?.pointee = 1
        case Key("E"):
            let line = Array("an error message of some library\n".utf8)
            _ = write(2, line, line.count)
        default: break
        }
    }

    func render(size: Size) -> ScreenBuffer {
        var buffer = ScreenBuffer(size: size)
        let banner = Style(foreground: .indexed(15), background: .indexed(4), attributes: .bold)
        buffer.fill(Rect(column: 0, row: 0, columns: size.columns, rows: 1), with: Cell(" ", style: banner))
        buffer.write("probe \(last)\(line)", at: Point(column: 1, row: 0), style: banner)
        for row in 1..<max(1, size.rows - 1) {
            let number = top + row - 1
            guard number < rows else { break }
            let style = number == selected ? Style(background: .indexed(238), attributes: .bold) : .plain
            buffer.fill(Rect(column: 0, row: row, columns: size.columns, rows: 1), with: Cell(" ", style: style))
            buffer.write("order \(1000 + number)", at: Point(column: 1, row: row), style: style)
            buffer.write("kitchen \(number % 7) │ 注文 │ normalised", at: Point(column: 14, row: row), style: style)
            let value = data == 0 ? 0 : (data * 7919 + number * 104_729) % 9973
            buffer.write("\(value).50 EUR".padded(to: 14, .right), at: Point(column: 50, row: row), style: style)
        }
        buffer.write("q quit", at: Point(column: 1, row: size.rows - 1), style: .plain)
        return buffer
    }
}
