import TerminalCells

/// What terminals of all families send for the keys that have names.
enum KeyTables {
    /// By the last letter of `ESC [ … x` and `ESC O x`.
    static let letters: [UInt8: Key.Code] = [
        0x41: .up, 0x42: .down, 0x43: .right, 0x44: .left, 0x46: .end, 0x48: .home, 0x50: .function(1),
        0x51: .function(2), 0x52: .function(3), 0x53: .function(4),
    ]

    /// By the number of `ESC [ n ~`.
    static let numbers: [Int: Key.Code] = [
        1: .home, 2: .insert, 3: .delete, 4: .end, 5: .pageUp, 6: .pageDown, 7: .home, 8: .end, 11: .function(1),
        12: .function(2), 13: .function(3), 14: .function(4), 15: .function(5), 17: .function(6), 18: .function(7),
        19: .function(8), 20: .function(9), 21: .function(10), 23: .function(11), 24: .function(12),
        25: .function(13), 26: .function(14), 28: .function(15), 29: .function(16), 31: .function(17),
        32: .function(18), 33: .function(19), 34: .function(20),
    ]

    /// By the code of `ESC [ n u`: controls, and the numeric pad in kitty's private numbers.
    static let kitty: [Int: Key.Code] = {
        var codes: [Int: Key.Code] = [
            8: .backspace, 9: .tab, 13: .enter, 27: .escape, 127: .backspace, 57414: .enter, 57417: .left,
            57418: .right, 57419: .up, 57420: .down, 57421: .pageUp, 57422: .pageDown, 57423: .home, 57424: .end,
            57425: .insert, 57426: .delete,
        ]
        for (index, character) in "0123456789./*-+".enumerated() { codes[57399 + index] = .character(character) }
        codes[57415] = .character("=")
        return codes
    }()

    /// The numeric pad in application mode: `ESC O x`.
    static let pad: [UInt8: Key.Code] = {
        var codes: [UInt8: Key.Code] = [0x4D: .enter, 0x58: .character("="), 0x20: .character(" "), 0x49: .tab]
        for (index, character) in "*+,-./0123456789".enumerated() { codes[0x6A + UInt8(index)] = .character(character) }
        return codes
    }()

    /// One more than a set of shift 1, alt 2, ctrl 4, and 32 for meta, which counts as alt.
    static func modifiers(_ parameter: Int) -> Key.Modifiers {
        let bits = max(0, parameter - 1)
        var held: Key.Modifiers = []
        if bits & 1 != 0 { held.insert(.shift) }
        if bits & 0b10_0010 != 0 { held.insert(.alt) }
        if bits & 4 != 0 { held.insert(.ctrl) }
        return held
    }

    /// The key of a byte below a blank, or of DEL.
    static func control(_ byte: UInt8, backspace: UInt8) -> Key {
        if byte == backspace || byte == 0x7F { return .backspace }
        switch byte {
        case 0x00: return .ctrl(" ")
        case 0x09: return .tab
        case 0x0D: return .enter
        case 0x1B: return .escape
        case 0x01...0x1A: return .ctrl(Character(Unicode.Scalar(byte + 0x60)))
        default: return .ctrl(Character(Unicode.Scalar(byte + 0x40)))
        }
    }
}
