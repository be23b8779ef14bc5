extension String {
    /// How many columns the text takes on a screen, after it was made safe.
    public var columns: Int {
        SafeText.graphemes(self).reduce(0) { $0 + $1.columns }
    }
}
