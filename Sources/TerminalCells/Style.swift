/// How a cell is painted, after the theme: a foreground, a background and attributes.
public struct Style: Sendable, Hashable {
    public var foreground: Color
    public var background: Color
    public var attributes: Attributes

    public init(foreground: Color = .standard, background: Color = .standard, attributes: Attributes = []) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }

    /// The terminal's own colours, nothing added.
    public static let plain = Style()

    public struct Attributes: OptionSet, Sendable, Hashable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        public static let bold = Attributes(rawValue: 1 << 0)
        public static let dim = Attributes(rawValue: 1 << 1)
        public static let italic = Attributes(rawValue: 1 << 2)
        public static let underline = Attributes(rawValue: 1 << 3)
        public static let reverse = Attributes(rawValue: 1 << 4)
        public static let strike = Attributes(rawValue: 1 << 5)
    }
}

/// A colour as a theme names it; the terminal's depth decides what is sent.
public enum Color: Sendable, Hashable {
    /// The terminal's default foreground or background.
    case standard
    /// One of the 256 colours of the xterm palette; 0 to 15 are the terminal's own.
    case indexed(UInt8)
    case rgb(red: UInt8, green: UInt8, blue: UInt8)
}
