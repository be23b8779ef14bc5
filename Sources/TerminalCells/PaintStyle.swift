/// A style brought to what one terminal can show: what is compared and sent.
struct PaintStyle: Sendable, Hashable {
    /// 0 is the terminal's own colour; the top byte 1 means an index, 2 means red, green and blue.
    var foreground: UInt32 = 0
    var background: UInt32 = 0
    var attributes: Style.Attributes = []
    /// The number of an address in the painter's ``LinkTable``; 0 for none.
    var link: UInt16 = 0

    static let plain = PaintStyle()
    /// What can be seen of a blank.
    static let seenOnBlank: Style.Attributes = [.underline, .reverse, .strike]

    /// The style without its link: what SGR sets.
    var look: PaintStyle { PaintStyle(foreground: foreground, background: background, attributes: attributes) }

    static func index(_ number: Int) -> UInt32 { 1 << 24 | UInt32(number) }

    /// True when a blank looks the same in both styles.
    func looksBlank(as other: PaintStyle) -> Bool {
        link == 0 && other.link == 0 && background == other.background
            && attributes.isDisjoint(with: PaintStyle.seenOnBlank)
            && other.attributes.isDisjoint(with: PaintStyle.seenOnBlank)
    }
}

/// Brings styles to a terminal's colours and attributes.
struct StyleResolver: Sendable {
    private let colors: ColorDepth
    private let supported: Style.Attributes
    private let withoutColor: Style.Attributes
    private var known: [Style: PaintStyle] = [:]

    init(_ capabilities: TerminalCapabilities) {
        colors = capabilities.colors
        supported = capabilities.attributes
        withoutColor = capabilities.attributesWithoutColor
    }

    mutating func resolve(_ style: Style) -> PaintStyle {
        if let paint = known[style] { return paint }
        let paint = compute(style)
        // Themes have some dozens; a program that makes up more must not fill the memory.
        if known.count > 4096 { known.removeAll(keepingCapacity: true) }
        known[style] = paint
        return paint
    }

    private func compute(_ style: Style) -> PaintStyle {
        var paint = PaintStyle(attributes: style.attributes)
        if colors == .mono {
            // A light background is what marks a selection or a banner: without colours, reversed.
            if let light = Palette.lightness(style.background), light > 0.25 {
                paint.attributes.formSymmetricDifference(.reverse)
            }
        } else {
            paint.foreground = Palette.code(style.foreground, colors)
            paint.background = Palette.code(style.background, colors)
            if colors == .eight, case .indexed(let number) = Palette.indexed16(style.foreground), number >= 8 {
                paint.attributes.insert(.bold)
            }
        }
        if !supported.contains(.italic), paint.attributes.remove(.italic) != nil { paint.attributes.insert(.underline) }
        if !supported.contains(.strike), paint.attributes.remove(.strike) != nil { paint.attributes.insert(.dim) }
        if !supported.contains(.reverse), paint.attributes.contains(.reverse) { paint.attributes.insert(.bold) }
        paint.attributes.formIntersection(supported)
        if paint.foreground != 0 || paint.background != 0 { paint.attributes.subtract(withoutColor) }
        return paint
    }
}
