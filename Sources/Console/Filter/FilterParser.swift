extension Filter {
    /// Reads a filter; the problem says where and what.
    init(parsing text: String) throws(FilterProblem) {
        var parser = FilterParser(characters: Array(text))
        terms = try parser.terms()
    }

    /// A number with an optional unit of time (`90s`, `5m`, `2h`, `1d`) or size (`20MB`), in seconds or bytes.
    static func number(_ text: String) -> Double? {
        let digits = text.prefix { $0.isNumber || $0 == "." || $0 == "-" }
        guard let value = Double(digits) else { return nil }
        let unit = text.dropFirst(digits.count).lowercased()
        return units[unit].map { value * $0 }
    }

    private static let units: [String: Double] = [
        "": 1, "ms": 0.001, "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400, "b": 1, "k": 1e3, "kb": 1e3, "mb": 1e6,
        "gb": 1e9, "tb": 1e12, "%": 0.01,
    ]
}

private struct FilterParser {
    let characters: [Character]
    var index = 0

    init(characters: [Character]) { self.characters = characters }

    mutating func terms() throws(FilterProblem) -> [Filter.Term] {
        var terms: [Filter.Term] = []
        while true {
            while index < characters.count, characters[index].isWhitespace { index += 1 }
            guard index < characters.count else { return terms }
            terms.append(try term())
        }
    }

    private mutating func term() throws(FilterProblem) -> Filter.Term {
        let start = index
        var isNegated = false
        while index < characters.count, characters[index] == "!" {
            isNegated.toggle()
            index += 1
        }
        guard index < characters.count, !characters[index].isWhitespace else {
            throw FilterProblem(message: "“!” needs something to deny right after it", at: start)
        }
        var term = Filter.Term(isNegated: isNegated, test: .contains(""), start: start)
        if characters[index] == "~" {
            index += 1
            let letters = try word()
            guard !letters.isEmpty else { throw FilterProblem(message: "“~” needs letters right after it", at: start) }
            term.test = .letters(letters)
            return term
        }
        if let name = fieldName() {
            term.field = name
            term.test = try fieldTest(name)
        } else if characters[index] == "/" {
            term.test = .matches(try expression())
        } else {
            term.test = .contains(try word().lowercased())
        }
        return term
    }

    /// What stands between two slashes; a slash in it is written `\/`.
    private mutating func expression() throws(FilterProblem) -> Pattern {
        let start = index
        var end = start + 1
        while end < characters.count, characters[end] != "/" { end += characters[end] == "\\" ? 2 : 1 }
        guard end < characters.count else {
            throw FilterProblem(message: "the expression is not closed: it stands between two slashes", at: start)
        }
        index = end + 1
        return try pattern(String(characters[(start + 1)..<end]), at: start + 1)
    }

    private func pattern(_ text: String, at start: Int) throws(FilterProblem) -> Pattern {
        guard !text.isEmpty else { throw FilterProblem(message: "the expression is empty", at: start) }
        do throws(FilterProblem) {
            return try Pattern(parsing: text)
        } catch {
            throw FilterProblem(message: error.message, at: start + error.at)
        }
    }

    /// The letters before `:`, `<`, `>`, `=` or `~`, when such a sign follows them.
    private mutating func fieldName() -> String? {
        var end = index
        while end < characters.count, characters[end].isLetter || characters[end] == "-" || characters[end] == "_" {
            end += 1
        }
        guard end > index, end < characters.count, [":", "<", ">", "=", "~"].contains(characters[end]) else {
            return nil
        }
        defer { index = end }
        return String(characters[index..<end]).lowercased()
    }

    private mutating func fieldTest(_ name: String) throws(FilterProblem) -> Filter.Test {
        var sign = characters[index]
        index += 1
        // `lag:>5m` is what k9s and lnav made people used to.
        if sign == ":", index < characters.count, characters[index] == "<" || characters[index] == ">" {
            sign = characters[index]
            index += 1
        }
        if sign == "~" {
            let start = index
            return .matches(try pattern(try word(), at: start))
        }
        if sign == ":", index < characters.count, characters[index] == "/" { return .matches(try expression()) }
        var includes = false
        if sign != ":", index < characters.count, characters[index] == "=" {
            includes = true
            index += 1
        }
        let start = index
        let value = try word()
        guard !value.isEmpty else { throw FilterProblem(message: "“\(name)” needs a value", at: start) }
        if sign == "<" || sign == ">" {
            guard let bound = Filter.number(value) else {
                throw FilterProblem(message: "“\(value)” is no number; 60, 5m and 20MB are", at: start)
            }
            return .range(
                sign == "<"
                    ? .init(upper: bound, includesUpper: includes) : .init(lower: bound, includesLower: includes))
        }
        if let range = try range(value, at: start) { return .range(range) }
        return .oneOf(value.split(separator: ",", omittingEmptySubsequences: false).map(String.init))
    }

    /// `10..60`, `10..`, `..60`.
    private func range(_ text: String, at start: Int) throws(FilterProblem) -> Filter.Range? {
        var parts: (String, String)?
        let letters = Array(text)
        for index in letters.indices.dropLast() where letters[index] == "." && letters[index + 1] == "." {
            parts = (String(letters[..<index]), String(letters[(index + 2)...]))
            break
        }
        guard let (low, high) = parts else { return nil }
        let lower = Filter.number(low)
        let upper = Filter.number(high)
        guard low.isEmpty || lower != nil, high.isEmpty || upper != nil, lower != nil || upper != nil else {
            throw FilterProblem(message: "“\(text)” is no range of numbers; 10..60 and 5m.. are", at: start)
        }
        return Filter.Range(lower: lower, upper: upper)
    }

    /// Up to the next blank, or what stands in quotes.
    private mutating func word() throws(FilterProblem) -> String {
        guard index < characters.count else { return "" }
        if characters[index] == "\"" {
            let start = index
            index += 1
            guard let end = characters[index...].firstIndex(of: "\"") else {
                throw FilterProblem(message: "the quote is not closed", at: start)
            }
            defer { index = end + 1 }
            return String(characters[index..<end])
        }
        let start = index
        while index < characters.count, !characters[index].isWhitespace { index += 1 }
        return String(characters[start..<index])
    }
}
