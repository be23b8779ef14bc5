/// What a mistyped word may have meant.
enum Suggestion {
    /// `; did you mean --limit?`, or nothing when no word is near.
    static func text(for word: String, among candidates: [String], before prefix: String = "") -> String {
        let near = candidates.map { ($0, distance(word, $0)) }.min { $0.1 < $1.1 }
        guard let (candidate, distance) = near, distance <= max(1, word.count / 3) else { return "" }
        return "; did you mean \(prefix)\(candidate)?"
    }

    /// Insertions, deletions and replacements from one word to the other (Levenshtein).
    private static func distance(_ left: String, _ right: String) -> Int {
        let right = Array(right)
        var row = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in right.enumerated() {
                let replaced = diagonal + (a == b ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
            }
        }
        return row[right.count]
    }
}
