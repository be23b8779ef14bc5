/// What stands for a grapheme where only ASCII can be shown: as many columns as it took.
public enum AsciiFallback {
    /// The ASCII text for a safe grapheme of that many columns.
    public static func text(for grapheme: String, columns: Int = 1) -> String {
        if SafeText.isPlain(grapheme) { return grapheme }
        guard let first = grapheme.unicodeScalars.first else { return "" }
        return String(repeating: character(for: first), count: columns)
    }

    private static func character(for scalar: Unicode.Scalar) -> String {
        switch scalar.value {
        case 0x2400...0x241F: return "^"
        case 0x2500, 0x2501, 0x2504, 0x2505, 0x2508, 0x2509, 0x254C, 0x254D, 0x2574, 0x2576: return "-"
        case 0x2502, 0x2503, 0x2506, 0x2507, 0x250A, 0x250B, 0x254E, 0x254F, 0x2575, 0x2577: return "|"
        case 0x2550: return "="
        case 0x2551: return "|"
        case 0x250C...0x254B, 0x2552...0x2570: return "+"
        case 0x2571: return "/"
        case 0x2572: return "\\"
        case 0x2581...0x2588, 0x2589...0x258F: return block(scalar.value)
        case 0x2591...0x2593: return ":"
        case 0x2580, 0x2590, 0x2594...0x259F: return "#"
        case 0x2800: return " "
        case 0x2801...0x28FF: return braille(scalar.value)
        case 0x00C0...0x00FF, 0x0100...0x017F: return letter(scalar)
        default: return symbols[scalar] ?? "?"
        }
    }

    /// Eighths of a block, from below or from the left: height as weight.
    private static func block(_ value: UInt32) -> String {
        let eighths = value <= 0x2588 ? value - 0x2580 : 0x2590 - value
        return [" ", ".", ".", ":", "-", "=", "+", "*", "#"][Int(eighths)]
    }

    private static func braille(_ value: UInt32) -> String {
        [" ", ".", ":", "-", "=", "+", "*", "%", "#"][(value & 0xFF).nonzeroBitCount]
    }

    /// A Latin letter without its accent, from its name: `LATIN SMALL LETTER E WITH ACUTE`.
    private static func letter(_ scalar: Unicode.Scalar) -> String {
        let words = (scalar.properties.name ?? "").split(separator: " ")
        guard words.count >= 4, words[0] == "LATIN", words[2] == "LETTER", words[3].count == 1 else {
            return special[scalar] ?? symbols[scalar] ?? "?"
        }
        return words[1] == "SMALL" ? words[3].lowercased() : String(words[3])
    }

    private static let special: [Unicode.Scalar: String] = ["ß": "s", "æ": "a", "Æ": "A", "œ": "o", "Œ": "O"]

    private static let symbols: [Unicode.Scalar: String] = [
        "…": "~", "·": ".", "•": "*", "●": "*", "○": "o", "◌": "o", "◐": "o", "◆": "*", "◇": "o", "■": "#", "□": "o",
        "▪": "*", "▫": "o", "▲": "^", "△": "^", "▼": "v", "▽": "v", "▶": ">", "▸": ">", "▷": ">", "◀": "<", "◂": "<",
        "←": "<", "→": ">", "↑": "^", "↓": "v", "↔": "-", "↕": "|", "⇒": ">", "⇐": "<", "⟶": ">", "↵": "<", "↳": ">",
        "↻": "@", "⟳": "@", "✓": "v", "✔": "v", "✗": "x", "✘": "x", "✕": "x", "×": "x", "÷": "/", "±": "+", "≈": "~",
        "≠": "!", "≤": "<", "≥": ">", "∞": "8", "–": "-", "—": "-", "‐": "-", "−": "-", "‘": "'", "’": "'", "“": "\"",
        "”": "\"", "‹": "<", "›": ">", "«": "<", "»": ">", "°": "o", "µ": "u", "€": "E", "£": "L", "¥": "Y", "§": "S",
        "⚠": "!", "⚑": "!", "⛔": "!", "★": "*", "☆": "*", "❯": ">", "❮": "<", "␡": "^", "\u{A0}": " ", "⏸": "=",
        "⏵": ">", "⏹": "#", "¶": "P", "¦": "|", "¬": "-",
    ]
}
