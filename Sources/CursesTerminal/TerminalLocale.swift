import Glibc

/// What the environment's locale says of text.
public enum TerminalLocale {
    /// Whether the terminal takes UTF-8.
    ///
    /// A locale that is not installed counts by its name: over SSH the laptop's LANG often names one that the
    /// server lacks, and it is the laptop that draws.
    public static let isUnicode: Bool = {
        if setlocale(LC_ALL, "") != nil {
            return nl_langinfo(nl_item(CODESET)).map { isUTF8(String(cString: $0)) } ?? false
        }
        for name in ["LC_ALL", "LC_CTYPE", "LANG"] {
            if let value = getenv(name).map({ String(cString: $0) }), !value.isEmpty { return isUTF8(value) }
        }
        return false
    }()

    private static func isUTF8(_ name: String) -> Bool {
        let name = name.lowercased()
        return name.contains("utf-8") || name.contains("utf8")
    }
}
