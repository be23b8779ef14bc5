extension SafeText {
    /// One safe line of text, for logs, `--plain`, errors and messages after exit.
    ///
    /// - Parameter ascii: keeps to ASCII, as terminals without UTF-8 need.
    public static func line(_ text: String, ascii: Bool = false) -> String {
        if isPlain(text) { return text }
        var result = ""
        forEachGrapheme(text) { grapheme, columns in
            result += ascii ? AsciiFallback.text(for: grapheme, columns: columns) : grapheme
            return true
        }
        return result
    }

    /// Several safe lines: line feeds end lines as they did, everything else is made visible.
    public static func lines(_ text: String, ascii: Bool = false) -> [String] {
        text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
            .map { line(String($0), ascii: ascii) }
    }

    /// A title for the terminal's window: one safe line, and short, because titles are shown in tab bars.
    public static func title(_ text: String) -> String { line(text).truncated(to: 80) }

    /// What may stand inside an OSC sequence: safe, and without the semicolon that would end the field.
    public static func payload(_ text: String) -> String {
        String(line(text).truncated(to: 200).map { $0 == ";" ? "," : $0 })
    }

    /// Bytes from outside as text: invalid UTF-8 becomes `�`, controls stay for the last step to show.
    public static func string(decoding bytes: some Collection<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self)
    }

    /// A JSON string, quotes included: nothing is lost, and whatever could act on a terminal or hide from a
    /// reader is written as `\uXXXX`.
    public static func json(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default:
                if replacement(scalar) == nil {
                    result.unicodeScalars.append(scalar)
                } else {
                    for unit in String(scalar).utf16 { result += "\\u" + padded(hex(UInt32(unit))) }
                }
            }
        }
        return result + "\""
    }

    private static func padded(_ digits: String) -> String {
        String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }
}
