import TerminalCells

/// One `ESC [` sequence taken apart: what key, mouse or focus event it means.
struct ControlSequence {
    private let prefix: UInt8?
    /// The first number of each field; what follows a colon tells more than is asked, but for kitty's event kind.
    private let parameters: [Int]
    private let isRelease: Bool
    private let final: UInt8

    init(_ body: ArraySlice<UInt8>, final: UInt8) {
        self.final = final
        let isPrivate = body.first.map { (0x3C...0x3F).contains($0) } ?? false
        prefix = isPrivate ? body.first : nil
        let fields = (isPrivate ? body.dropFirst() : body).split(separator: 0x3B, omittingEmptySubsequences: false)
        parameters = fields.map { ControlSequence.number($0.prefix { $0 != 0x3A }) }
        let kind = fields.dropFirst().first?.split(separator: 0x3A, omittingEmptySubsequences: false).dropFirst().first
        isRelease = kind.map { ControlSequence.number($0) == 3 } ?? false
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int {
        digits.prefix { (0x30...0x39).contains($0) }.reduce(0) { min(9_999_999, $0 * 10 + Int($1) - 0x30) }
    }

    var isPasteBegin: Bool { prefix == nil && final == UInt8(ascii: "~") && parameters.first == 200 }
    /// The answer to `ESC [ 5 n`.
    var isStatusReport: Bool { prefix == nil && final == UInt8(ascii: "n") }
    /// The old mouse report: three bytes follow that are no keys.
    var isOldMouse: Bool { prefix == nil && final == UInt8(ascii: "M") && parameters.allSatisfy { $0 == 0 } }

    /// What it means; nil for answers and for keys that no keymap can name.
    var event: TerminalEvent? {
        if prefix == UInt8(ascii: "<") { return mouse.map(TerminalEvent.mouse) }
        guard prefix == nil, !isRelease else { return nil }
        switch final {
        case UInt8(ascii: "I"): return .focus(true)
        case UInt8(ascii: "O"): return .focus(false)
        case UInt8(ascii: "~"): return numbered
        case UInt8(ascii: "^"): return rxvt(.ctrl)
        case UInt8(ascii: "$"): return rxvt(.shift)
        case UInt8(ascii: "@"): return rxvt([.ctrl, .shift])
        case UInt8(ascii: "u"): return parameters.first.flatMap { character($0, held) }
        case UInt8(ascii: "Z"): return .key(Key(.backtab, held))
        // The shape of a cursor report, but for the first row, where only F3 has a small second number.
        case UInt8(ascii: "R") where parameters.count > 1 && (parameters[0] != 1 || parameters[1] > 16): return nil
        case 0x61...0x64: return KeyTables.letters[final - 0x20].map { .key(Key($0, .shift)) }
        default: return KeyTables.letters[final].map { .key(Key($0, held)) }
        }
    }

    private var held: Key.Modifiers { KeyTables.modifiers(parameters.count > 1 ? parameters[1] : 1) }

    private var numbered: TerminalEvent? {
        guard let number = parameters.first else { return nil }
        // modifyOtherKeys: ESC [ 27 ; modifiers ; code ~
        if number == 27, parameters.count == 3 { return character(parameters[2], held) }
        return KeyTables.numbers[number].map { .key(Key($0, held)) }
    }

    private func rxvt(_ modifiers: Key.Modifiers) -> TerminalEvent? {
        parameters.first.flatMap { KeyTables.numbers[$0] }.map { .key(Key($0, modifiers)) }
    }

    /// A key told by its code point (kitty's and xterm's forms).
    private func character(_ code: Int, _ held: Key.Modifiers) -> TerminalEvent? {
        if let named = KeyTables.kitty[code] { return .key(Key(named, held)) }
        guard code >= 32, let scalar = Unicode.Scalar(UInt32(code)), SafeText.line(String(scalar)) == String(scalar)
        else {
            return nil
        }
        return .key(Key(.character(Character(scalar)), held))
    }

    /// SGR mouse reports (mode 1006).
    private var mouse: MouseEvent? {
        guard parameters.count == 3, final == UInt8(ascii: "M") || final == UInt8(ascii: "m") else { return nil }
        let bits = parameters[0]
        let point = Point(column: max(0, parameters[1] - 1), row: max(0, parameters[2] - 1))
        var held: Key.Modifiers = []
        if bits & 4 != 0 { held.insert(.shift) }
        if bits & 8 != 0 { held.insert(.alt) }
        if bits & 16 != 0 { held.insert(.ctrl) }
        let button = [MouseEvent.Button.left, .middle, .right, .other][bits & 3]
        let kind: MouseEvent.Kind
        if bits & 128 != 0 {
            kind = final == UInt8(ascii: "M") ? .press(.other) : .release(.other)
        } else if bits & 64 != 0 {
            kind = [.wheelUp, .wheelDown, .wheelLeft, .wheelRight][bits & 3]
        } else if bits & 32 != 0 {
            kind = bits & 3 == 3 ? .move : .drag(button)
        } else {
            kind = final == UInt8(ascii: "M") ? .press(button) : .release(button)
        }
        return MouseEvent(kind, at: point, modifiers: held)
    }
}
