/// Writes the change from one style to another in the fewest bytes.
struct StyleWriter: Sendable {
    private let endsAttributes: Bool

    init(_ capabilities: TerminalCapabilities) {
        endsAttributes = capabilities.endsAttributes
    }

    /// Appends what turns `old` into `new`; `old` is nil when it is not known.
    func append(from old: PaintStyle?, to new: PaintStyle, into output: inout [UInt8]) {
        let (old, new) = (old?.look, new.look)
        guard old != new else { return }
        var whole: [UInt8] = []
        if new != .plain {
            // An empty first number is a zero: everything off.
            appendAttributes(new.attributes, into: &whole)
            if new.foreground != 0 { appendColor(new.foreground, base: 30, into: &whole) }
            if new.background != 0 { appendColor(new.background, base: 40, into: &whole) }
            whole.insert(UInt8(ascii: ";"), at: 0)
        }
        if let old, let change = change(from: old, to: new), change.count < whole.count { whole = change }
        output += [0x1B, UInt8(ascii: "[")]
        output += whole.last == UInt8(ascii: ";") ? whole.dropLast() : whole[...]
        output.append(UInt8(ascii: "m"))
    }

    /// The numbers that change only what differs; nil when something must end that cannot be ended alone.
    private func change(from old: PaintStyle, to new: PaintStyle) -> [UInt8]? {
        var codes: [UInt8] = []
        var ended = old.attributes.subtracting(new.attributes)
        var begun = new.attributes.subtracting(old.attributes)
        if !ended.isEmpty {
            guard endsAttributes else { return nil }
            if !ended.isDisjoint(with: [.bold, .dim]) {
                // 22 ends both: what stays of the two begins again.
                append(22, into: &codes)
                begun.formUnion(new.attributes.intersection([.bold, .dim]))
                ended.subtract([.bold, .dim])
            }
            if ended.contains(.italic) { append(23, into: &codes) }
            if ended.contains(.underline) { append(24, into: &codes) }
            if ended.contains(.reverse) { append(27, into: &codes) }
            if ended.contains(.strike) { append(29, into: &codes) }
        }
        appendAttributes(begun, into: &codes)
        if old.foreground != new.foreground { appendColor(new.foreground, base: 30, into: &codes) }
        if old.background != new.background { appendColor(new.background, base: 40, into: &codes) }
        if codes.last == UInt8(ascii: ";") { codes.removeLast() }
        return codes
    }

    private func appendAttributes(_ attributes: Style.Attributes, into codes: inout [UInt8]) {
        guard !attributes.isEmpty else { return }
        if attributes.contains(.bold) { append(1, into: &codes) }
        if attributes.contains(.dim) { append(2, into: &codes) }
        if attributes.contains(.italic) { append(3, into: &codes) }
        if attributes.contains(.underline) { append(4, into: &codes) }
        if attributes.contains(.reverse) { append(7, into: &codes) }
        if attributes.contains(.strike) { append(9, into: &codes) }
    }

    private func appendColor(_ color: UInt32, base: Int, into codes: inout [UInt8]) {
        switch color >> 24 {
        case 0: append(base + 9, into: &codes)
        case 1:
            let number = Int(color & 0xFF)
            if number < 8 {
                append(base + number, into: &codes)
            } else if number < 16 {
                append(base + 60 + number - 8, into: &codes)
            } else {
                for code in [base + 8, 5, number] { append(code, into: &codes) }
            }
        default:
            for code in [base + 8, 2, Int(color >> 16 & 0xFF), Int(color >> 8 & 0xFF), Int(color & 0xFF)] {
                append(code, into: &codes)
            }
        }
    }

    private func append(_ code: Int, into codes: inout [UInt8]) {
        codes.append(decimal: code)
        codes.append(UInt8(ascii: ";"))
    }
}
