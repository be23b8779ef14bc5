/// A pattern as a tree.
indirect enum PatternNode: Sendable {
    case one(PatternSet)
    case start, end
    case sequence([PatternNode])
    case either([PatternNode])
    case times(PatternNode, least: Int, most: Int?)
}

/// Reads a regular expression.
struct PatternParser {
    let characters: [Character]
    private var index = 0
    private var depth = 0
    /// More would mean nothing to anybody, and cost memory.
    private static let mostTimes = 100
    private static let deepest = 40
    private static let classes: [Character: PatternSet.Item] = ["d": .digit, "w": .word, "s": .space]

    init(characters: [Character]) { self.characters = characters }

    mutating func whole() throws(FilterProblem) -> PatternNode {
        let node = try either()
        if index < characters.count { throw problem("“)” closes nothing", at: index) }
        return node
    }

    private var next: Character? { index < characters.count ? characters[index] : nil }

    private func problem(_ message: String, at place: Int) -> FilterProblem {
        FilterProblem(message: "in the expression, \(message)", at: place)
    }

    private mutating func either() throws(FilterProblem) -> PatternNode {
        var ways = [try sequence()]
        while next == "|" {
            index += 1
            ways.append(try sequence())
        }
        return ways.count == 1 ? ways[0] : .either(ways)
    }

    private mutating func sequence() throws(FilterProblem) -> PatternNode {
        var nodes: [PatternNode] = []
        while let character = next, character != "|", character != ")" { nodes.append(try repeated()) }
        return .sequence(nodes)
    }

    private mutating func repeated() throws(FilterProblem) -> PatternNode {
        var node = try single()
        while let character = next {
            switch character {
            case "*": node = .times(node, least: 0, most: nil)
            case "+": node = .times(node, least: 1, most: nil)
            case "?": node = .times(node, least: 0, most: 1)
            case "{":
                guard let bounds = try times() else { return node }
                node = .times(node, least: bounds.least, most: bounds.most)
                continue
            default: return node
            }
            index += 1
        }
        return node
    }

    /// `{3}`, `{2,}`, `{2,5}`; nil for a brace that stands for itself.
    private mutating func times() throws(FilterProblem) -> (least: Int, most: Int?)? {
        guard let close = characters[index...].firstIndex(of: "}") else { return nil }
        let parts = String(characters[(index + 1)..<close]).split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count <= 2, let least = Int(parts[0]), least >= 0 else { return nil }
        var most: Int? = least
        if parts.count == 2 {
            most = Int(parts[1])
            if most == nil, !parts[1].isEmpty { return nil }
        }
        let limit = PatternParser.mostTimes
        guard least <= limit, (most ?? 0) <= limit, most.map({ $0 >= least }) ?? true else {
            throw problem("a repetition goes from fewer to more, \(limit) at most", at: index)
        }
        index = close + 1
        return (least, most)
    }

    private mutating func single() throws(FilterProblem) -> PatternNode {
        let start = index
        let character = characters[index]
        index += 1
        switch character {
        case "(": return try group(from: start)
        case "[": return .one(try set(from: start))
        case ".": return .one(.any)
        case "^": return .start
        case "$": return .end
        case "*", "+", "?": throw problem("“\(character)” repeats nothing", at: start)
        case "\\": return .one(try escaped(from: start))
        default: return .one(PatternSet(items: [.range(character...character)]))
        }
    }

    private mutating func group(from start: Int) throws(FilterProblem) -> PatternNode {
        depth += 1
        guard depth <= PatternParser.deepest else { throw problem("groups stand too deep in one another", at: start) }
        // Groups are not remembered here, so the sign that forbids it says nothing new.
        if next == "?", index + 1 < characters.count, characters[index + 1] == ":" { index += 2 }
        let inner = try either()
        guard next == ")" else { throw problem("“(” is not closed", at: start) }
        index += 1
        depth -= 1
        return inner
    }

    private mutating func escaped(from start: Int) throws(FilterProblem) -> PatternSet {
        guard let character = next else { throw problem("“\\” stands before nothing", at: start) }
        index += 1
        if let item = PatternParser.classes[character.small] {
            return PatternSet(items: [item], isNegated: character.isUppercase)
        }
        return PatternSet(items: [.range(character...character)])
    }

    private mutating func set(from start: Int) throws(FilterProblem) -> PatternSet {
        var set = PatternSet()
        if next == "^" {
            set.isNegated = true
            index += 1
        }
        var isFirst = true
        while let character = next, character != "]" || isFirst {
            isFirst = false
            index += 1
            if character == "\\", let escaped = next {
                index += 1
                set.items.append(PatternParser.classes[escaped] ?? .range(escaped...escaped))
            } else if next == "-", index + 1 < characters.count, characters[index + 1] != "]" {
                let last = characters[index + 1]
                guard character <= last else { throw problem("“\(character)-\(last)” goes backwards", at: index - 1) }
                set.items.append(.range(character...last))
                index += 2
            } else {
                set.items.append(.range(character...character))
            }
        }
        guard next == "]" else { throw problem("“[” is not closed", at: start) }
        index += 1
        return set
    }
}

/// A pattern's tree as steps.
struct PatternCompiler {
    private(set) var steps: [PatternStep] = []
    private static let most = 5000

    mutating func add(_ node: PatternNode) throws(FilterProblem) {
        guard steps.count < PatternCompiler.most else {
            throw FilterProblem(message: "the expression repeats too much", at: 0)
        }
        switch node {
        case .one(let set): steps.append(.one(set))
        case .start: steps.append(.start)
        case .end: steps.append(.end)
        case .sequence(let nodes): for node in nodes { try add(node) }
        case .either(let ways): try add(either: ways)
        case .times(let node, let least, let most):
            for _ in 0..<least { try add(node) }
            guard let most else { return try add(star: node) }
            // Each further one may be left out, and with it those after it.
            var forks: [Int] = []
            for _ in least..<most {
                forks.append(steps.count)
                steps.append(.jump(0))
                try add(node)
            }
            for fork in forks { steps[fork] = .fork(fork + 1, steps.count) }
        }
    }

    private mutating func add(star node: PatternNode) throws(FilterProblem) {
        let fork = steps.count
        steps.append(.jump(0))
        try add(node)
        steps.append(.jump(fork))
        steps[fork] = .fork(fork + 1, steps.count)
    }

    private mutating func add(either ways: [PatternNode]) throws(FilterProblem) {
        var ends: [Int] = []
        for way in ways.dropLast() {
            let fork = steps.count
            steps.append(.jump(0))
            try add(way)
            ends.append(steps.count)
            steps.append(.jump(0))
            steps[fork] = .fork(fork + 1, steps.count)
        }
        if let last = ways.last { try add(last) }
        for end in ends { steps[end] = .jump(steps.count) }
    }
}
