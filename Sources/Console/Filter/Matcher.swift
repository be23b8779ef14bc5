/// What a filter looks for, for pointing it out in what is shown.
struct Matcher: Sendable, Equatable {
    private struct Part: Sendable, Equatable {
        /// Nil: anywhere in the row.
        let field: String?
        let words: [[Character]]
        let pattern: Pattern?
    }

    private var parts: [Part] = []

    var isEmpty: Bool { parts.isEmpty }

    /// Terms that deny, compare or look for scattered letters point out nothing.
    init(_ filter: Filter) {
        for term in filter.terms where !term.isNegated {
            switch term.test {
            case .contains(let text): add(term.field, [text])
            case .oneOf(let words): add(term.field, words)
            case .matches(let pattern): parts.append(Part(field: term.field, words: [], pattern: pattern))
            case .letters, .range: break
            }
        }
    }

    /// Nil for a text that is no filter, or looks for nothing that could be pointed out.
    init?(parsing text: String) {
        guard !text.isEmpty, let filter = try? Filter(parsing: text) else { return nil }
        self.init(filter)
        if isEmpty { return nil }
    }

    /// A plain text, as the search in texts has it.
    init(text: String) { add(nil, [text]) }

    private mutating func add(_ field: String?, _ words: [String]) {
        let words = words.map { $0.map(\.small) }.filter { !$0.isEmpty }
        if !words.isEmpty { parts.append(Part(field: field, words: words, pattern: nil)) }
    }

    /// Where something that was looked for stands.
    ///
    /// - Parameter names: the names under which a filter knows this column; nil for text without columns.
    func ranges(in characters: [Character], names: [String]?) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var small: [Character]?
        for part in parts {
            if let field = part.field, let names, !names.contains(field) { continue }
            if let pattern = part.pattern { found += pattern.ranges(in: characters) }
            guard !part.words.isEmpty else { continue }
            let text = small ?? characters.map(\.small)
            small = text
            for word in part.words { found += Matcher.places(of: word, in: text) }
        }
        return found
    }

    private static func places(of word: [Character], in text: [Character]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var start = 0
        while start + word.count <= text.count {
            if text[start] == word[0], text[start..<(start + word.count)].elementsEqual(word) {
                found.append(start..<(start + word.count))
                start += word.count
            } else {
                start += 1
            }
        }
        return found
    }
}
