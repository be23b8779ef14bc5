/// The signs that most text beside ASCII is made of: Latin, Greek and Cyrillic letters, punctuation, arrows, lines,
/// blocks, braille. Each takes one column, stands alone and does nothing to a terminal, so that it need not be looked
/// up in Unicode's tables each time that it is shown.
struct PlainSigns: Sendable {
    static let table = PlainSigns()

    private static let blocks: [ClosedRange<UInt32>] = [
        0x00A0...0x02FF, 0x0370...0x052F, 0x2010...0x203F, 0x20A0...0x20BF, 0x2190...0x22FF, 0x2500...0x25FF,
        0x2700...0x27BF, 0x2800...0x28FF,
    ]

    /// Where the 64 signs of a page stand in ``texts``; -1 for a page without any.
    private let pages: [Int]
    /// Empty for a scalar that has to be looked at more closely.
    private let texts: [String]

    private init() {
        var pages = [Int](repeating: -1, count: 0x2900 >> 6)
        var texts: [String] = []
        for value in PlainSigns.blocks.joined() {
            guard let scalar = Unicode.Scalar(value), PlainSigns.isPlain(scalar) else { continue }
            let page = Int(value >> 6)
            if pages[page] < 0 {
                pages[page] = texts.count
                texts += [String](repeating: "", count: 64)
            }
            texts[pages[page] + Int(value & 63)] = String(scalar)
        }
        self.pages = pages
        self.texts = texts
    }

    /// What may join with others, or be shown as a picture, is left to the long way.
    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        SafeText.replacement(scalar) == nil && !scalar.properties.isEmoji && !ColumnWidth.isJoining(scalar)
            && ColumnWidth.columns(of: scalar) == 1 && !ColumnWidth.isUncertain(String(scalar))
    }

    /// The sign as text; nil for what is none of them.
    @inline(__always)
    func text(_ value: UInt32) -> String? {
        let page = Int(value >> 6)
        guard page < pages.count, pages[page] >= 0 else { return nil }
        let text = texts[pages[page] + Int(value & 63)]
        return text.isEmpty ? nil : text
    }

    /// The sign or printable ASCII character that starts at a byte of valid UTF-8, and how many bytes there are to
    /// the next scalar.
    @inline(__always)
    func sign(_ bytes: UnsafeBufferPointer<UInt8>, at place: Int) -> (text: String?, length: Int) {
        let first = bytes[place]
        switch first {
        case ..<0x80: return (first >= 0x20 && first < 0x7F ? SafeText.ascii[Int(first)] : nil, 1)
        case ..<0xE0: return (text(UInt32(first & 0x1F) << 6 | UInt32(bytes[place + 1] & 0x3F)), 2)
        case ..<0xF0:
            let value = UInt32(first & 0x0F) << 12 | UInt32(bytes[place + 1] & 0x3F) << 6
            return (text(value | UInt32(bytes[place + 2] & 0x3F)), 3)
        default: return (nil, 4)
        }
    }
}
