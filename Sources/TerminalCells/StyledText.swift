/// Text with the sequences that colour it, for output that scrolls by instead of being a screen.
public struct StyledText: Sendable {
    private var resolver: StyleResolver
    private let writer: StyleWriter

    /// - Parameter colors: what the terminal shows; `mono` still has attributes.
    public init(colors: ColorDepth) {
        var capabilities = TerminalCapabilities.xterm
        capabilities.colors = colors
        resolver = StyleResolver(capabilities)
        writer = StyleWriter(capabilities)
    }

    /// The text in the style, and back to the terminal's own behind it. Control characters are made visible.
    public mutating func paint(_ text: String, _ style: Style) -> String {
        var bytes: [UInt8] = []
        let paint = resolver.resolve(style)
        writer.append(from: .plain, to: paint, into: &bytes)
        bytes += Array(SafeText.line(text).utf8)
        writer.append(from: paint, to: .plain, into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
