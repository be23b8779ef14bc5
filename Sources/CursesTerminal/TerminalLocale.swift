/// What the environment's locale says of text.
public enum TerminalLocale {
    /// Whether the terminal takes UTF-8.
    ///
    /// A locale that is not installed counts by its name: over SSH the laptop's LANG often names one that the
    /// server lacks, and it is the laptop that draws.
    public static let isUnicode = TerminalEnvironment.current().unicode
}
