import TerminalCells

/// One `ESC [` sequence taken apart: what key, mouse or focus event it means.
struct ControlSequence {
    private let prefix: UInt8?
    private let parameters: [Int]
    private let final: UInt8

    init(_ body: ArraySlice<UInt8>, final: UInt8) {
        self.final = final
        let isPrivate = body.first.map { (0x3C...0x3F).contains($0) } ?? false
        prefix = isPrivate ? body.first : nil
        // Sub-parameters behind a colon tell more than we ask.
        parameters = (isPrivate ? body.dropFirst() : body).split(
            separator: UInt8(ascii: ";"), omittingEmptySubsequences: false
        )
        .map { field in
            field.prefix { (0x30...0x39).contains($0) }.reduce(0) { min(99_999, $0 * 10 + Int($1 - 0x30)) }
        }
    }

    var isPasteBegin: Bool { prefix == nil && final == UInt8(ascii: "~") && parameters == [200] }
    var isStatusReport: Bool { prefix == nil && final == UInt8(ascii: "n") }

    var event: TerminalEvent? {
        if prefix == UInt8(ascii: "<") { return mouse.map(TerminalEvent.mouse) }
        guard prefix == nil else { return nil }
        switch final {
        case UInt8(ascii: "I"): return .focus(true)
        case UInt8(ascii: "O"): return .focus(false)
        case UInt8(ascii: "~"): return tilde
        case UInt8(ascii: "u"): return parameters.first.flatMap { character($0, held: parameters.dropFirst().first) }
        case UInt8(ascii: "Z"): return .key(.backtab)
        default:
            let codes: [UInt8: Key.Code] = [
                0x41: .up, 0x42: .down, 0x43: .right, 0x44: .left, 0x46: .end, 0x48: .home, 0x50: .function(1),
                0x51: .function(2), 0x52: .function(3), 0x53: .function(4),
            ]
            return codes[final].map { .key(Key($0, modifiers(parameters.dropFirst().first))) }
        }
    }

    private var tilde: TerminalEvent? {
        guard let number = parameters.first else { return nil }
        // modifyOtherKeys: ESC [ 27 ; modifiers ; code ~
        if number == 27, parameters.count == 3 { return character(parameters[2], held: parameters[1]) }
        let codes: [Int: Key.Code] = [
            1: .home, 2: .insert, 3: .delete, 4: .end, 5: .pageUp, 6: .pageDown, 7: .home, 8: .end, 11: .function(1),
            12: .function(2), 13: .function(3), 14: .function(4), 15: .function(5), 17: .function(6), 18: .function(7),
            19: .function(8), 20: .function(9), 21: .function(10), 23: .function(11), 24: .function(12),
            25: .function(13),
            26: .function(14), 28: .function(15), 29: .function(16), 31: .function(17), 32: .function(18),
            33: .function(19), 34: .function(20),
        ]
        return codes[number].map { .key(Key($0, modifiers(parameters.dropFirst().first))) }
    }

    /// A key told by its code point (kitty's and xterm's forms).
    private func character(_ code: Int, held: Int?) -> TerminalEvent? {
        let modifiers = modifiers(held)
        switch code {
        case 9: return .key(modifiers.contains(.shift) ? .backtab : Key(.tab, modifiers))
        case 13: return .key(Key(.enter, modifiers))
        case 27: return .key(Key(.escape, modifiers))
        case 8, 127: return .key(Key(.backspace, modifiers))
        case 32...:
            guard let scalar = UnicodeScalar(UInt32(code)), scalar.properties.generalCategory != .privateUse else {
                return nil
            }
            let isShifted = modifiers.contains(.shift)
            let character = Character(scalar)
            let typed =
                isShifted ? Character(character.uppercased().first.map(String.init) ?? String(character)) : character
            return .key(Key(.character(typed), modifiers.subtracting(.shift)))
        default: return nil
        }
    }

    /// One more than a set of shift 1, alt 2, ctrl 4; meta counts as alt.
    private func modifiers(_ parameter: Int?) -> Key.Modifiers {
        let bits = max(0, (parameter ?? 1) - 1)
        var held: Key.Modifiers = []
        if bits & 1 != 0 { held.insert(.shift) }
        if bits & 0b10_0010 != 0 { held.insert(.alt) }
        if bits & 4 != 0 { held.insert(.ctrl) }
        return held
    }

    /// SGR mouse reports (mode 1006).
    private var mouse: MouseEvent? {
        guard parameters.count == 3 else { return nil }
        let bits = parameters[0]
        let point = Point(column: max(0, parameters[1] - 1), row: max(0, parameters[2] - 1))
        var held: Key.Modifiers = []
        if bits & 4 != 0 { held.insert(.shift) }
        if bits & 8 != 0 { held.insert(.alt) }
        if bits & 16 != 0 { held.insert(.ctrl) }
        let buttons: [MouseEvent.Button] = [.left, .middle, .right, .other]
        let button = buttons[bits & 3]
        let kind: MouseEvent.Kind
        if bits & 64 != 0 {
            kind = [.wheelUp, .wheelDown, .wheelLeft, .wheelRight][bits & 3]
        } else if bits & 32 != 0 {
            kind = bits & 3 == 3 ? .move : .drag(button)
        } else {
            kind = final == UInt8(ascii: "M") ? .press(button) : .release(button)
        }
        return MouseEvent(kind, at: point, modifiers: held)
    }
}
