import TerminalCells

/// Text whose every scalar is known to be one column wide, to stand alone and to do nothing to a terminal: printable
/// ASCII and the console's own signs. Most of every frame is such text, and need not be looked up in Unicode's tables.
enum SimpleText {
    @inline(__always)
    static func isSimple(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20..<0x7F, 0xB7, 0x2016, 0x2018...0x201D, 0x2026, 0x203A, 0x2190...0x2193, 0x2500...0x25E5,
            0x2800...0x28FF:
            true
        default: false
        }
    }

    /// The number of columns, or nil for text that has to be looked at more closely.
    static func columns(_ text: String) -> Int? {
        var count = 0
        for scalar in text.unicodeScalars {
            guard isSimple(scalar) else { return nil }
            count += 1
        }
        return count
    }
}

extension String {
    /// The same as `columns`, quicker for what the console itself writes.
    var width: Int { SimpleText.columns(self) ?? columns }
}
