import PlatformModel

/// What a person typed after `/`, understood: terms that must all hold.
///
/// `late` a word anywhere · `"two words"` · `~ltrt` letters in that order · `/or.*s$/` a regular expression ·
/// `status:held,sent` a field is one of · `name:/^or/` `name~^or` a field matches · `lag>60` `lag:>1m` `lag:10..60` a
/// field lies in a range · `!term` does not hold.
struct Filter: Sendable, Equatable {
    struct Term: Sendable, Equatable {
        var isNegated = false
        /// Nil: any text of the row.
        var field: String?
        var test: Test
        /// Where the term stands in the text, in characters.
        var start = 0
    }

    enum Test: Sendable, Equatable {
        case contains(String)
        case letters(String)
        case oneOf([String])
        case range(Range)
        case matches(Pattern)
    }

    /// Either bound may be missing.
    struct Range: Sendable, Equatable {
        var lower: Double?
        var upper: Double?
        var includesLower = true
        var includesUpper = true

        func contains(_ value: Double) -> Bool {
            if let lower, includesLower ? value < lower : value <= lower { return false }
            if let upper, includesUpper ? value > upper : value >= upper { return false }
            return true
        }
    }

    var terms: [Term] = []
}

/// Why a filter cannot be used, and where in its text.
struct FilterProblem: Error, Sendable, Equatable {
    let message: String
    let at: Int
}

/// A field as completion and messages name it.
struct FieldHelp: Sendable, Equatable {
    let name: String
    let help: String
    /// The words it may be; empty when anything may stand there.
    var words: [String]

    init(_ name: String, _ help: String, _ words: [String] = []) {
        self.name = name
        self.help = help
        self.words = words
    }
}

/// A field that filters know, as data beside the columns.
struct FilterField<Row: Sendable>: Sendable {
    enum Value: Sendable, Equatable {
        case text(String)
        case number(Double)
        case nothing
    }

    let name: String
    let help: String
    /// The words it may be; empty when anything may stand there.
    var words: [String] = []
    let value: @Sendable (Row) -> Value

    init(
        _ name: String, _ help: String, words: [String] = [], value: @escaping @Sendable (Row) -> Value
    ) {
        self.name = name
        self.help = help
        self.words = words
        self.value = value
    }
}

extension Filter {
    /// The filter as a test of rows, or what is wrong with a field.
    func test<Row: Sendable>(
        _ fields: [FilterField<Row>]
    ) throws(FilterProblem) -> @Sendable (Row) -> Bool {
        var tests: [@Sendable (Row) -> Bool] = []
        let texts = fields
        for term in terms {
            let isNegated = term.isNegated
            guard let name = term.field else {
                let test = term.test
                tests.append { row in texts.contains { test.holds($0.value(row)) } != isNegated }
                continue
            }
            guard let field = fields.first(where: { $0.name == name }) else {
                throw FilterProblem(
                    message: "no field “\(name)”; there are \(fields.map(\.name).joined(separator: ", "))",
                    at: term.start)
            }
            let test = term.test
            tests.append { row in test.holds(field.value(row)) != isNegated }
        }
        let all = tests
        return { row in all.allSatisfy { $0(row) } }
    }
}

extension Filter.Test {
    func holds<Row>(_ value: FilterField<Row>.Value) -> Bool {
        switch (self, value) {
        case (.contains(let text), .text(let value)): return value.lowercased().contains(text)
        case (.letters(let text), .text(let value)): return Fuzzy.score(text, in: value) != nil
        case (.oneOf(let words), .text(let value)):
            let value = value.lowercased()
            return words.contains { $0.isEmpty ? value.isEmpty : value.contains($0.lowercased()) }
        case (.oneOf(let words), .number(let value)): return words.contains { Filter.number($0) == value }
        case (.range(let range), .number(let value)): return range.contains(value)
        case (.matches(let pattern), .text(let value)): return pattern.isFound(in: value)
        case (.matches(let pattern), .number(let value)):
            return pattern.isFound(in: value == value.rounded() ? String(Int64(clamping: value)) : String(value))
        default: return false
        }
    }
}

extension Int64 {
    /// The nearest that there is; 0 for what is no number.
    init(clamping value: Double) {
        self = value.isNaN ? 0 : value >= 9.2e18 ? .max : value <= -9.2e18 ? .min : Int64(value)
    }
}
