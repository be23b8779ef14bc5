import Operations

/// A command line, taken apart by the command table.
struct Arguments {
    let command: Command?
    private(set) var options: [String: [String]] = [:]
    private(set) var flags: Set<String> = []
    private(set) var positionals: [String] = []
    /// The first word of several commands, when only their help is asked for: `orders --help`.
    private(set) var group: String?
    /// What follows a command whose arguments another parser takes (`local`).
    private(set) var rest: [String] = []

    func option(_ name: String) -> String? { options[name]?.last }
    func has(_ flag: String) -> Bool { flags.contains(flag) }

    /// - Parameter words: the arguments without the program's name.
    /// - Throws: ``CommandFailure`` with the usage status, naming the word that does not fit.
    init(_ words: [String]) throws(CommandFailure) {
        let known = CommandTable.all.filter { !$0.words.isEmpty }
        // Options may stand before the command: only words that begin no option can name it.
        let head = Arguments.leadingWords(words)
        let match = known.filter { head.map(\.word).starts(with: $0.words) }.max { $0.words.count < $1.words.count }
        command = match
        if match == nil, let first = head.first {
            let isGroup = known.contains { $0.words.first == first.word }
            if head.count == 1, isGroup, words.contains("--help") || words.contains("-h") {
                group = first.word
                flags.insert("help")
                return
            }
            throw Arguments.unknownCommand(head.map(\.word), first.word, known)
        }
        var remaining = words
        if let match {
            for place in head.prefix(match.words.count).map(\.index).reversed() { remaining.remove(at: place) }
            if match.words.first == "local" {
                rest = remaining
                return
            }
        }
        try parse(remaining, (match?.arguments ?? []) + CommandTable.globalArguments)
    }

    private mutating func parse(_ words: [String], _ known: [CommandArgument]) throws(CommandFailure) {
        var words = words[...]
        var onlyPositionals = false
        while let word = words.popFirst() {
            if onlyPositionals || !word.hasPrefix("-") || word == "-" {
                positionals.append(word)
            } else if word == "--" {
                onlyPositionals = true
            } else {
                let parts = word.drop { $0 == "-" }.split(
                    separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                let name = parts.first.map(String.init) ?? ""
                guard let argument = known.first(where: { $0.name == name || (word == "-h" && $0.name == "help") })
                else {
                    throw CommandFailure(
                        status: ExitStatus.usage,
                        message: "there is no option \(word)"
                            + Suggestion.text(for: name, among: known.map(\.name), before: "--"),
                        code: "usage", hint: optionsLine)
                }
                try take(argument, inline: parts.count > 1 ? String(parts[1]) : nil, from: &words)
            }
        }
        try checkPositionals()
    }

    private mutating func take(
        _ argument: CommandArgument, inline: String?, from words: inout ArraySlice<String>
    ) throws(CommandFailure) {
        guard case .option(let placeholder) = argument.kind else {
            if inline != nil {
                throw CommandFailure(
                    status: ExitStatus.usage, message: "--\(argument.name) takes no value", code: "usage")
            }
            flags.insert(argument.name)
            return
        }
        guard let value = inline ?? words.popFirst() else {
            throw CommandFailure(
                status: ExitStatus.usage, message: "--\(argument.name) needs a value: \(placeholder)", code: "usage",
                hint: "--\(argument.name) \(placeholder): \(argument.help)")
        }
        try check(value, argument, as: "--\(argument.name) \(value)")
        options[argument.name, default: []].append(value)
    }

    private func check(_ value: String, _ argument: CommandArgument, as shown: String) throws(CommandFailure) {
        guard !argument.allowed.isEmpty, !argument.allowed.contains(value) else { return }
        throw CommandFailure(
            status: ExitStatus.usage,
            message: "\(shown): allowed are \(argument.allowed.joined(separator: ", "))"
                + Suggestion.text(for: value, among: argument.allowed), code: "usage")
    }

    private func checkPositionals() throws(CommandFailure) {
        guard !has("help") else { return }
        let wanted = (command?.arguments ?? []).filter { $0.kind == .positional }
        if positionals.count > wanted.count {
            throw CommandFailure(
                status: ExitStatus.usage,
                message: "“\(positionals[wanted.count])” is one word too many for \(shown)", code: "usage",
                hint: usageLine)
        }
        if let missing = wanted.dropFirst(positionals.count).first(where: \.isRequired) {
            throw CommandFailure(
                status: ExitStatus.usage, message: "\(shown) needs \(missing.name), \(missing.help)", code: "usage",
                hint: usageLine)
        }
        for (word, argument) in zip(positionals, wanted) { try check(word, argument, as: "\(shown) \(word)") }
    }

    /// `galley orders show`
    private var shown: String { (["galley"] + (command?.words ?? [])).joined(separator: " ") }

    private var optionsLine: String { "\(shown) --help lists them" }

    private var usageLine: String {
        command.map { "it is written: \(Help.usage($0))" } ?? "galley --help lists the commands"
    }

    /// The words before the first that cannot belong to a command's name, with their places.
    private static func leadingWords(_ words: [String]) -> [(index: Int, word: String)] {
        var found: [(Int, String)] = []
        var index = 0
        while index < words.count {
            let word = words[index]
            if word == "--" { break }
            if word.hasPrefix("-") {
                let name = String(word.drop { $0 == "-" })
                let takesValue = CommandTable.globalArguments.contains {
                    if case .option = $0.kind { $0.name == name } else { false }
                }
                index += takesValue ? 2 : 1
            } else {
                found.append((index, word))
                index += 1
            }
        }
        return found
    }

    private static func unknownCommand(_ words: [String], _ first: String, _ known: [Command]) -> CommandFailure {
        let group = known.filter { $0.words.first == first }
        guard group.isEmpty else {
            let choices = group.map { $0.words.dropFirst().joined(separator: " ") }
            let hint = "there are: " + choices.map { "\(first) \($0)" }.joined(separator: ", ")
            guard words.count > 1 else {
                return CommandFailure(
                    status: ExitStatus.usage,
                    message: "galley \(first) needs one more word: \(choices.joined(separator: ", "))", code: "usage",
                    hint: "galley \(group[0].example)")
            }
            return CommandFailure(
                status: ExitStatus.usage,
                message: "there is no command “\(first) \(words[1])”"
                    + Suggestion.text(for: words[1], among: choices, before: "galley \(first) "), code: "usage",
                hint: hint)
        }
        let names = Set(known.compactMap(\.words.first)).sorted()
        return CommandFailure(
            status: ExitStatus.usage,
            message: "there is no command “\(first)”" + Suggestion.text(for: first, among: names, before: "galley "),
            code: "usage", hint: "galley --help lists the commands")
    }
}
