/// Text from outside, made safe for a terminal: the last step before a cell, a title or a line.
///
/// What a person could not see is made visible, and what a terminal could obey is disarmed:
/// - C0 controls and DEL become their control picture: `␛`, `␊`, `␡`;
/// - C1 controls, bidirectional and zero-width characters, other invisible, private-use and unassigned ones
///   become their number: `‹9B›`, `‹202E›`, `‹200B›`, `‹E000›`; invalid UTF-8 becomes `�`;
/// - at most four marks are stacked on a letter, the others are counted: `‹+27›`; a mark without a letter
///   stands on `◌`;
/// - variation selectors and joiners stay only where they make an emoji.
///
/// Right-to-left letters stay, in the order in which they are stored; the painter keeps their row in place.
public enum SafeText {
    public struct Grapheme: Sendable, Hashable {
        public let text: String
        /// 1 or 2; nothing of width 0 stands alone.
        public let columns: Int
    }

    static let markLimit = 4
    /// The longest emoji that vendors define is a family of four with skin tones: eleven scalars.
    static let joinLimit = 12

    /// The graphemes of a text with every control, bidirectional, and zero-width character made visible.
    public static func graphemes(_ text: String) -> [Grapheme] {
        var result: [Grapheme] = []
        result.reserveCapacity(text.utf8.count)
        forEachGrapheme(text) { text, columns in
            result.append(Grapheme(text: text, columns: columns))
            return true
        }
        return result
    }

    /// Calls `body` with each safe grapheme and its columns until it returns false.
    @inline(__always)
    public static func forEachGrapheme(_ text: String, _ body: (_ text: String, _ columns: Int) -> Bool) {
        if isPlain(text) {
            for byte in text.utf8 where !body(ascii[Int(byte)], 1) { return }
            return
        }
        let isDone: Void? = text.utf8.withContiguousStorageIfAvailable { walk($0, body) }
        if isDone == nil { for character in text where !forEachGrapheme(in: character, body) { return } }
    }

    /// Plain signs are handed over as they are; what lies between goes the long way, with the sign before it, to
    /// which a mark may belong. The cuts change nothing: no grapheme that is kept whole goes over one.
    private static func walk(_ bytes: UnsafeBufferPointer<UInt8>, _ body: (String, Int) -> Bool) {
        let signs = PlainSigns.table
        var held: (text: String, start: Int)?
        var place = 0
        while place < bytes.count {
            let (text, length) = signs.sign(bytes, at: place)
            if let text {
                if let held, !body(held.text, 1) { return }
                held = (text, place)
                place += length
                continue
            }
            let start = held?.start ?? place
            held = nil
            place += length
            while place < bytes.count {
                let (text, length) = signs.sign(bytes, at: place)
                if text != nil { break }
                place += length
            }
            let piece = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<place]), as: UTF8.self)
            for character in piece where !forEachGrapheme(in: character, body) { return }
        }
        if let held { _ = body(held.text, 1) }
    }

    /// True when every byte is printable ASCII: nothing to make safe, one column each.
    public static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
    }

    static let ascii: [String] = (0..<128).map { String(Unicode.Scalar(UInt8($0))) }

    static func forEachGrapheme(in character: Character, _ body: (String, Int) -> Bool) -> Bool {
        if let byte = character.asciiValue, character != "\r\n" {
            return byte >= 0x20 && byte < 0x7F ? body(ascii[Int(byte)], 1) : body(picture(byte), 1)
        }
        var cluster = Cluster()
        let scalars = Array(character.unicodeScalars.prefix(256))
        for (index, scalar) in scalars.enumerated() {
            let next = index + 1 < scalars.count ? scalars[index + 1] : nil
            if cluster.take(scalar, before: next) { continue }
            guard cluster.flush(body) else { return false }
            if let shown = replacement(scalar) {
                guard shown.allSatisfy({ body(String($0), 1) }) else { return false }
            } else {
                cluster.start(scalar)
            }
        }
        cluster.dropped += character.unicodeScalars.count - scalars.count
        return cluster.flush(body)
    }

    /// What stands for a scalar that must not be sent as it is; nil for one that may.
    static func replacement(_ scalar: Unicode.Scalar) -> String? {
        let value = scalar.value
        if value < 0x20 || value == 0x7F { return picture(UInt8(value)) }
        if value < 0x7F { return nil }
        if value < 0xA0 || isHidden(scalar) || isHangulPart(value) { return "‹\(hex(value))›" }
        return nil
    }

    /// True for scalars without a shape of their own: format controls, default-ignorable, private, unassigned.
    static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value >= 0xA1 && scalar.value < 0x300 { return scalar.value == 0xAD }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: return true
        default: return scalar.properties.isDefaultIgnorableCodePoint
        }
    }

    /// A vowel or final of composed Hangul, which shows only on a consonant; as a part of one it never gets here.
    private static func isHangulPart(_ value: UInt32) -> Bool {
        (0x1160...0x11FF).contains(value) || (0xD7B0...0xD7FF).contains(value)
    }

    private static func picture(_ byte: UInt8) -> String {
        String(Unicode.Scalar(byte == 0x7F ? 0x2421 : 0x2400 + UInt32(byte)) ?? "?")
    }

    static func hex(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return digits.count < 2 ? "0" + digits : digits
    }
}
