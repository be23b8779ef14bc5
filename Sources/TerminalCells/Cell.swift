/// One column of one row: a grapheme and its style.
public struct Cell: Sendable, Hashable {
    /// One grapheme cluster as it is sent; empty in the second column of a wide one.
    public var text: String
    public var style: Style
    /// Which of ``ScreenBuffer/links`` the cell leads to, counted from 1; 0 for none.
    public internal(set) var link: UInt16 = 0

    public init(_ text: String = " ", style: Style = .plain) {
        self.text = text
        self.style = style
    }

    public static let blank = Cell()

    /// The right half of a wide grapheme: nothing is sent for it.
    public var isContinuation: Bool { text.isEmpty }
}
