/// What a terminal can do and the strings that make it do so: all that the painter knows of it.
///
/// A value, so that a test paints for any terminal without having one.
public struct TerminalCapabilities: Sendable, Hashable {
    public var name: String
    public var colors: ColorDepth
    /// The attributes that it can show; others fall back or are dropped.
    public var attributes: Style.Attributes
    /// The attributes that it cannot show together with a colour (the Linux console's underline).
    public var attributesWithoutColor: Style.Attributes = []
    /// True when attributes can be ended one by one (`ESC [ 24 m`), not only all at once.
    public var endsAttributes = true
    /// True when it shows UTF-8; else everything is brought to ASCII.
    public var unicode = true

    public var moveCursor: CapabilityString
    public var moveToColumn: CapabilityString?
    public var moveToRow: CapabilityString?
    public var moveUp: CapabilityString?
    public var moveDown: CapabilityString?
    public var moveRight: CapabilityString?
    public var moveLeft: CapabilityString?

    public var eraseToEndOfLine: [UInt8]?
    public var eraseCharacters: CapabilityString?
    /// True when erased cells take the current background.
    public var erasesWithBackground = false
    /// True when `ESC [ n b` repeats the last character.
    public var repeatsCharacters = false

    public var setScrollRegion: CapabilityString?
    public var scrollUp: CapabilityString?
    public var scrollDown: CapabilityString?
    public var reverseIndex: [UInt8]?

    public var hideCursor: [UInt8] = []
    public var showCursor: [UInt8] = []
    /// Sent when the screen is taken: alternate screen, cleared, no automatic wrap.
    public var enter: [UInt8] = []
    /// Sent when the screen is given back: undoes ``enter``.
    public var leave: [UInt8] = []

    /// Mode 2026: what comes between is shown at once.
    public var synchronizedOutput = false
    /// Mode 2004: pasted text arrives marked as such.
    public var bracketedPaste = false
    /// Modes 1002 and 1006.
    public var mouse = false
    /// Mode 1004: the window's focus is told.
    public var focus = false
    /// OSC 0, 9 and 52 are understood or at least swallowed.
    public var operatingSystemCommands = false
    /// OSC 8 makes cells lead to an address.
    public var hyperlinks = false
    /// `ESC [ 22 ; 0 t` keeps the window's title, `23` gives it back.
    public var keepsTitle = false
    /// `ESC [ 5 n` is answered with `ESC [ 0 n`: used to know what has arrived on a slow line.
    public var statusReport = false

    public init(name: String, colors: ColorDepth, attributes: Style.Attributes, moveCursor: CapabilityString) {
        self.name = name
        self.colors = colors
        self.attributes = attributes
        self.moveCursor = moveCursor
    }
}

/// How many colours can be shown.
public enum ColorDepth: Int, Sendable, Hashable, Comparable, CaseIterable {
    case mono = 1
    case eight = 8
    case sixteen = 16
    case indexed = 256
    case direct = 16_777_216

    public static func < (left: ColorDepth, right: ColorDepth) -> Bool { left.rawValue < right.rawValue }
}
