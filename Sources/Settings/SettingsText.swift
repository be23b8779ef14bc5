import PlatformModel

/// How values appear in messages, and how near two words are.
enum SettingsText {
    /// In quotes, with control and hidden characters escaped, at most 60 characters; a user and password in an address
    /// are left out, wherever the address stands.
    static func quoted(_ text: String) -> String {
        let text = withoutUser(text)
        let short = text.count > 60 ? text.prefix(59) + "…" : text[...]
        return JSON.string(String(short)).write()
    }

    /// `redis://user:secret@host` as `redis://…@host`. The last @ counts: a password may hold others.
    private static func withoutUser(_ text: String) -> String {
        guard let scheme = text.firstRange(of: "://"), let at = text.lastIndex(of: "@"), at >= scheme.upperBound else {
            return text
        }
        return text[..<scheme.upperBound] + "…" + text[at...]
    }

    /// A key as TOML writes it: bare where it can be.
    static func key(_ text: String) -> String {
        let isBare = { (byte: UInt8) in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
        }
        return !text.isEmpty && text.utf8.allSatisfy(isBare) ? text : quoted(text)
    }

    /// The word among `known` that a person who wrote `word` most likely meant; nil when none is near.
    static func nearest(to word: String, in known: [String]) -> String? {
        guard word.count <= 64 else { return nil }
        let limit = max(1, min(3, word.count / 3))
        return known.map { ($0, distance(word, $0)) }.filter { $0.1 <= limit }.min { $0.1 < $1.1 }?.0
    }

    /// `did you mean theme?`, or nothing.
    static func suggestion(for word: String, in known: [String]) -> String {
        nearest(to: word, in: known).map { "did you mean \($0)?" } ?? ""
    }

    /// Insertions, deletions, substitutions and swaps of neighbours between two words.
    static func distance(_ left: String, _ right: String) -> Int {
        let a = Array(left.unicodeScalars)
        let b = Array(right.unicodeScalars)
        var older: [Int] = []
        var last = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1] + [Int](repeating: 0, count: b.count)
            for j in b.indices {
                row[j + 1] = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { row[j + 1] = min(row[j + 1], older[j - 1] + 1) }
            }
            older = last
            last = row
        }
        return last[b.count]
    }

    /// `a, b or c`
    static func choices(_ words: [String]) -> String {
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " or " + last
    }
}

extension SettingsText {
    /// A foreign message on one line, without control characters.
    static func plain(_ text: String) -> String {
        String(JSON.string(text).write().dropFirst().dropLast()).replacing("\\\"", with: "\"")
    }
}
