/// A terminal that is a value: it obeys the sequences that the painter may send, and fails on any other.
///
/// Independent of the painter on purpose: it takes widths from a rule of its own and knows nothing of cells.
public struct TerminalEmulator: Sendable {
    public struct Cell: Sendable, Equatable {
        public var text = " "
        public var style = ""
        /// Where a click leads to.
        public var link = ""
        public init(text: String = " ", style: String = "", link: String = "") {
            self.text = text
            self.style = style
            self.link = link
        }
    }

    public let columns: Int
    public let rows: Int
    public private(set) var cells: [Cell]
    public private(set) var row = 0
    public private(set) var column = 0
    public private(set) var cursorIsShown = true
    /// The private modes that are on, and what must not happen: each entry says what was not understood.
    public private(set) var modes: Set<Int> = []
    public private(set) var complaints: [String] = []

    private var attributes: [Int: Bool] = [:]
    private var foreground = ""
    private var background = ""
    private var top = 0
    private var bottom: Int
    private var link = ""
    private var saved = (0, 0)
    private var pending: [UInt8] = []
    private var last = " "
    private var lastPlace = 0
    private var erasesWithBackground: Bool
    private let width: @Sendable (String) -> Int

    public init(
        columns: Int, rows: Int, erasesWithBackground: Bool = true,
        width: @escaping @Sendable (String) -> Int = { _ in 1 }
    ) {
        self.columns = columns
        self.rows = rows
        self.erasesWithBackground = erasesWithBackground
        self.width = width
        bottom = rows - 1
        cells = Array(repeating: Cell(), count: columns * rows)
    }

    public func line(_ row: Int) -> [Cell] { Array(cells[row * columns..<(row + 1) * columns]) }

    /// What a reader sees, trailing blanks dropped.
    public var lines: [String] {
        (0..<rows).map { row in
            var text = line(row).map(\.text).joined()
            while text.last == " " { text.removeLast() }
            return text
        }
    }

    public mutating func feed(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { feed(byte) }
    }

    public mutating func feed(_ byte: UInt8) {
        // An escape within a sequence ends that one unfinished, as after a frame that was cut off.
        if byte == 0x1B, pending.starts(with: [0x1B, UInt8(ascii: "[")]) { pending = [] }
        pending.append(byte)
        guard let first = pending.first else { return }
        if first == 0x1B {
            escape()
        } else if first < 0x20 {
            control(first)
            pending = []
        } else {
            guard let text = String(validating: pending, as: UTF8.self) else {
                if pending.count > 4 { complain("invalid UTF-8") }
                return
            }
            pending = []
            put(text)
        }
    }

    private mutating func complain(_ what: String) {
        complaints.append(what)
        pending = []
    }

    private mutating func control(_ byte: UInt8) {
        switch byte {
        // The bell, and the shifts between character sets, of which it has one.
        case 0x07, 0x0E, 0x0F: break
        case 0x08: column = max(0, min(column, columns - 1) - 1)
        case 0x0A: lineFeed()
        case 0x0D: column = 0
        default: complain("control \(byte)")
        }
    }

    private mutating func lineFeed() {
        if row == bottom { scroll(up: 1) } else { row = min(row + 1, rows - 1) }
    }

    private mutating func scroll(up count: Int) {
        let blank = [Cell](repeating: eraser, count: columns)
        for _ in 0..<abs(count) {
            if count > 0 {
                cells.removeSubrange(top * columns..<(top + 1) * columns)
                cells.insert(contentsOf: blank, at: bottom * columns)
            } else {
                cells.removeSubrange(bottom * columns..<(bottom + 1) * columns)
                cells.insert(contentsOf: blank, at: top * columns)
            }
        }
    }

    private var eraser: Cell {
        Cell(text: " ", style: erasesWithBackground && !background.isEmpty ? "b" + background : "")
    }

    private var style: String {
        var text = attributes.keys.sorted().map { "a\($0)" }.joined()
        if !foreground.isEmpty { text += "f" + foreground }
        if !background.isEmpty { text += "b" + background }
        return text
    }

    private mutating func put(_ text: String) {
        let scalar = text.unicodeScalars.first.map { $0.properties.generalCategory }
        let joins = scalar == .nonspacingMark || scalar == .enclosingMark || scalar == .format
        if joins {
            // A mark joins what was written last; nothing moves.
            cells[lastPlace].text += text
            return
        }
        let count = width(text)
        guard column + count <= columns else { return }
        let start = row * columns + column
        split(at: start)
        split(at: start + count)
        cells[start] = Cell(text: text, style: style, link: link)
        for offset in 1..<max(1, count) { cells[start + offset] = Cell(text: "", style: style, link: link) }
        // Automatic wrap is off: the cursor stays at the edge.
        column = min(column + count, columns - 1)
        last = text
        lastPlace = start
    }

    /// Half of a wide letter cannot stay.
    private mutating func split(at place: Int) {
        guard place % columns != 0, place < cells.count, cells[place].text.isEmpty else { return }
        cells[place].text = " "
        cells[place - 1].text = " "
    }

    private mutating func erase(_ range: Range<Int>) {
        split(at: range.lowerBound)
        split(at: range.upperBound)
        for place in range { cells[place] = eraser }
    }

    private mutating func escape() {
        guard pending.count > 1 else { return }
        switch pending[1] {
        case UInt8(ascii: "["):
            guard let final = pending.last, pending.count > 2, final >= 0x40 else { return }
            let body = String(decoding: pending[2..<(pending.count - 1)], as: UTF8.self)
            let sequence = pending
            pending = []
            if !sequence.isEmpty { csi(body, Character(Unicode.Scalar(final))) }
        case UInt8(ascii: "]"):
            guard pending.last == 0x07 || pending.suffix(2) == [0x1B, UInt8(ascii: "\\")] else { return }
            let body = String(decoding: pending.dropFirst(2).dropLast(pending.last == 0x07 ? 1 : 2), as: UTF8.self)
            pending = []
            if body.hasPrefix("8;;") { link = String(body.dropFirst(3)) }
        case UInt8(ascii: "7"):
            pending = []
            saved = (row, column)
        case UInt8(ascii: "8"):
            pending = []
            (row, column) = saved
        case UInt8(ascii: "M"):
            pending = []
            if row == top { scroll(up: -1) } else { row = max(0, row - 1) }
        case UInt8(ascii: "P"):
            if pending.suffix(2) == [0x1B, UInt8(ascii: "\\")] { pending = [] }
        case UInt8(ascii: "("), UInt8(ascii: ")"):
            if pending.count == 3 { pending = [] }
        default: complain("escape \(pending[1])")
        }
    }

    private mutating func csi(_ body: String, _ final: Character) {
        if body.hasPrefix("?") {
            let numbers = body.dropFirst().split(separator: ";").compactMap { Int($0) }
            for mode in numbers {
                if mode == 25 { cursorIsShown = final == "h" }
                if final == "h" { modes.insert(mode) } else { modes.remove(mode) }
            }
            if !"hlc".contains(final) { complain("CSI \(body)\(final)") }
            return
        }
        let numbers = body.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        let first = numbers.first ?? 0
        let count = max(1, first)
        switch final {
        case "A": row = max(0, row - count)
        case "B": row = min(rows - 1, row + count)
        case "C": column = min(columns - 1, column + count)
        case "D": column = max(0, column - count)
        case "G": column = min(columns, count) - 1
        case "d": row = min(rows, count) - 1
        case "H":
            row = min(rows, count) - 1
            column = min(columns, max(1, numbers.count > 1 ? numbers[1] : 1)) - 1
        case "K": erase(row * columns + column..<(row + 1) * columns)
        case "X": erase(row * columns + column..<row * columns + min(columns, column + count))
        case "J": if first == 2 { erase(0..<cells.count) } else { erase(row * columns + column..<cells.count) }
        case "b": for _ in 0..<count { put(last) }
        case "S": scroll(up: count)
        case "T": scroll(up: -count)
        case "r":
            top = count - 1
            bottom = (numbers.count > 1 && numbers[1] > 0 ? numbers[1] : rows) - 1
            (row, column) = (0, 0)
        case "m": sgr(numbers)
        // Questions, and what a window manager is asked to do.
        case "n", "t": break
        case "h", "l": if first != 8 && first != 34 { complain("mode \(body)\(final)") }
        default: complain("CSI \(body)\(final)")
        }
    }

    private mutating func sgr(_ numbers: [Int]) {
        var rest = numbers[...]
        while let code = rest.popFirst() {
            switch code {
            case 0: (attributes, foreground, background) = ([:], "", "")
            case 1, 2, 3, 4, 7, 9: attributes[code] = true
            case 22: (attributes[1], attributes[2]) = (nil, nil)
            case 23, 24, 27, 29: attributes[code - 20] = nil
            case 30...37: foreground = "\(code - 30)"
            case 40...47: background = "\(code - 40)"
            case 90...97: foreground = "\(code - 82)"
            case 100...107: background = "\(code - 92)"
            case 39: foreground = ""
            case 49: background = ""
            case 38, 48:
                let count = rest.first == 5 ? 2 : 4
                let color = rest.prefix(count).dropFirst().map(String.init).joined(separator: ",")
                rest = rest.dropFirst(count)
                if code == 38 { foreground = color } else { background = color }
            default: complain("SGR \(code)")
            }
        }
    }
}
