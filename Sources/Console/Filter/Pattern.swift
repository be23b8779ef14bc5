/// A regular expression that is matched in time proportional to the text and the pattern, whatever the pattern:
/// no text typed into a filter can hold up the screen.
///
/// Knows `.` `[a-z]` `[^…]` `\d` `\w` `\s` (and their capitals) `^` `$` `*` `+` `?` `{2,5}` `(…)` `|` and `\` before a
/// sign. Small letters match capitals too; a pattern with a capital is taken literally.
struct Pattern: Sendable, Equatable {
    let source: String
    private let steps: [PatternStep]
    private let ignoresCase: Bool

    static func == (left: Pattern, right: Pattern) -> Bool { left.source == right.source }

    /// - Throws: what is wrong and where in the pattern, in characters.
    init(parsing source: String) throws(FilterProblem) {
        self.source = source
        ignoresCase = !source.contains { $0.isUppercase }
        var parser = PatternParser(characters: Array(source))
        let node = try parser.whole()
        var compiler = PatternCompiler()
        try compiler.add(node)
        steps = compiler.steps + [.found]
    }

    /// Whether it is found anywhere in the text.
    func isFound(in text: String) -> Bool { end(in: Array(text), from: 0, isAnchored: false) != nil }

    /// Where it is found, from the left, the longest at each place, without overlaps and without empty ones.
    func ranges(in characters: [Character]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var start = 0
        while start < characters.count {
            guard let end = end(in: characters, from: start, isAnchored: true), end > start else {
                start += 1
                continue
            }
            found.append(start..<end)
            start = end
        }
        return found
    }

    /// Where a match ends: the longest one that begins at `start`, or, when not anchored, the first to end.
    private func end(in characters: [Character], from start: Int, isAnchored: Bool) -> Int? {
        var current = Threads(count: steps.count)
        var next = Threads(count: steps.count)
        var longest: Int?
        for index in start...characters.count {
            if !isAnchored || index == start { add(0, to: &current, at: index, of: characters.count) }
            if current.hasFound {
                longest = index
                if !isAnchored { return longest }
            }
            guard index < characters.count, !(isAnchored && current.list.isEmpty) else { break }
            let character = ignoresCase ? characters[index].small : characters[index]
            for thread in current.list {
                if case .one(let set) = steps[thread], set.contains(character) {
                    add(thread + 1, to: &next, at: index + 1, of: characters.count)
                }
            }
            swap(&current, &next)
            next.clear()
        }
        return longest
    }

    /// Follows everything that needs no character.
    private func add(_ step: Int, to threads: inout Threads, at index: Int, of count: Int) {
        var waiting = [step]
        while let step = waiting.popLast() {
            guard threads.insert(step) else { continue }
            switch steps[step] {
            case .one: threads.list.append(step)
            case .found: threads.hasFound = true
            case .jump(let target): waiting.append(target)
            case .fork(let first, let second): waiting += [second, first]
            case .start: if index == 0 { waiting.append(step + 1) }
            case .end: if index == count { waiting.append(step + 1) }
            }
        }
    }

    /// The steps at which a match stands, each once.
    private struct Threads {
        var list: [Int] = []
        var hasFound = false
        private var isIn: [Bool]

        init(count: Int) { isIn = Array(repeating: false, count: count) }

        mutating func insert(_ step: Int) -> Bool {
            if isIn[step] { return false }
            isIn[step] = true
            return true
        }

        mutating func clear() {
            list.removeAll(keepingCapacity: true)
            hasFound = false
            for index in isIn.indices { isIn[index] = false }
        }
    }
}

/// One step of a compiled pattern.
enum PatternStep: Sendable {
    case one(PatternSet)
    case jump(Int)
    case fork(Int, Int)
    case start, end, found
}

/// Which characters may stand at one place.
struct PatternSet: Sendable {
    enum Item: Sendable {
        case range(ClosedRange<Character>)
        case digit, word, space
    }

    var items: [Item] = []
    var isNegated = false
    /// Everything.
    static let any = PatternSet(items: [], isNegated: true)

    func contains(_ character: Character) -> Bool {
        let isIn = items.contains { item in
            switch item {
            case .range(let range): range.contains(character)
            case .digit: character.isNumber
            case .word: character.isLetter || character.isNumber || character == "_"
            case .space: character.isWhitespace
            }
        }
        return isIn != isNegated
    }
}

extension Character {
    /// The small letter, without Unicode's tables for the common case.
    var small: Character {
        if let ascii = asciiValue { return (65...90).contains(ascii) ? Character(Unicode.Scalar(ascii + 32)) : self }
        let text = lowercased()
        return text.count == 1 ? text.first ?? self : self
    }
}
