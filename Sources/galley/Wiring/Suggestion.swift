/// What a mistyped word may have meant.
enum Suggestion {
    /// `; did you mean --limit?`, or nothing when no word is near.
    static func text(for word: String, among candidates: [String], before prefix: String = "") -> String {
        let near = candidates.map { ($0, distance(word, $0)) }.min { $0.1 < $1.1 }
        guard let (candidate, distance) = near, distance <= max(1, word.count / 3) else { return "" }
        return "; did you mean \(prefix)\(candidate)?"
    }

    /// Insertions, deletions, replacements and swaps of neighbours from one word to the other.
    private static func distance(_ left: String, _ right: String) -> Int {
        // A longer word is no slip of the finger, and would take long to compare.
        guard left.utf8.count <= 64 else { return .max }
        let (a, b) = (Array(left), Array(right))
        var older: [Int] = []
        var last = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1] + [Int](repeating: 0, count: b.count)
            for j in b.indices {
                row[j + 1] = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { row[j + 1] = min(row[j + 1], older[j - 1] + 1) }
            }
            (older, last) = (last, row)
        }
        return last[b.count]
    }
}
