/// Letters in that order, not necessarily side by side: how names are found with few key presses.
enum Fuzzy {
    /// How well `letters` are found in a text, higher is better; nil when they are not.
    ///
    /// Letters side by side and at the beginning of words count more; a long rest counts less.
    static func score(_ letters: String, in text: String) -> Int? {
        let wanted = Array(letters.lowercased())
        guard !wanted.isEmpty else { return 0 }
        let there = Array(text.lowercased())
        var score = 0
        var next = 0
        var last = -2
        for (index, character) in there.enumerated() where character == wanted[next] {
            score += index == last + 1 ? 8 : 1
            let before: Character = index == 0 ? " " : there[index - 1]
            if !before.isLetter, !before.isNumber { score += 6 }
            last = index
            next += 1
            if next == wanted.count {
                // The whole thing as it stands beats letters scattered about.
                if text.lowercased().hasPrefix(letters.lowercased()) { score += 20 }
                return score - min(20, there.count - wanted.count) / 4
            }
        }
        return nil
    }
}
