/// How many columns a grapheme takes on a screen: by our own table, because ncurses, `wcwidth` and terminals
/// disagree with one another; what they may disagree on is told, so that it never shifts the rest of its row.
public enum ColumnWidth {
    /// The columns of one scalar that stands alone; 0 for what joins the one before.
    public static func columns(of scalar: Unicode.Scalar) -> Int {
        let value = scalar.value
        if value < 0x300 { return 1 }
        if isJoining(scalar) { return 0 }
        if (0x1F1E6...0x1F1FF).contains(value) { return 1 }
        return WidthTable.isWide(value) ? 2 : 1
    }

    /// True for what has no column of its own: marks, and the vowels and finals of composed Hangul.
    static func isJoining(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case ..<0x300: return false
        case 0x1160...0x11FF, 0xD7B0...0xD7FF: return true
        default: return scalar.properties.generalCategory.isMark
        }
    }

    /// True when terminals may take another number of columns for the text than we do, or move it: joined and
    /// new emoji, flags, combining marks, right-to-left letters. The painter places what follows anew.
    public static func isUncertain(_ text: String) -> Bool {
        let bytes = text.utf8
        // One letter before Hebrew, lines and blocks, braille: the common cases, decided without decoding.
        if bytes.count <= 1 { return false }
        if let first = bytes.first {
            if bytes.count == 2, (0xC2..<0xD6).contains(first) { return false }
            if bytes.count == 3, first == 0xE2 {
                let second = bytes[bytes.index(after: bytes.startIndex)]
                if (0x94...0x96).contains(second) || (0xA0...0xA3).contains(second) { return false }
            }
        }
        var scalars = text.unicodeScalars.makeIterator()
        guard let first = scalars.next() else { return false }
        if scalars.next() != nil { return true }
        return isUncertain(first)
    }

    private static func isUncertain(_ scalar: Unicode.Scalar) -> Bool {
        let value = scalar.value
        if isRightToLeft(scalar) { return true }
        if value < 0x2E80 { return WidthTable.isWide(value) }
        return (0x4DC0...0x4DFF).contains(value) || (0x10000..<0x20000).contains(value)
    }

    /// The most columns that any terminal may take for the text: each part painted on its own.
    static func widest(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { $0 + (isUncertain($1) ? 2 : max(1, columns(of: $1))) }
    }

    /// Letters that are written from right to left.
    static func isRightToLeft(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x590...0x8FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFE, 0x10800...0x10FFF, 0x1E800...0x1EFFF: return true
        default: return false
        }
    }
}

extension Unicode.GeneralCategory {
    var isMark: Bool { self == .nonspacingMark || self == .enclosingMark || self == .spacingMark }
}

extension String {
    /// How many columns the text takes on a screen, after it was made safe.
    public var columns: Int {
        var sum = 0
        SafeText.forEachGrapheme(self) { _, columns in
            sum += columns
            return true
        }
        return sum
    }
}
