import Operations

/// The command table as the shells' completions need it.
struct CompletionTree {
    /// What may stand in one place: known words, or names that galley is asked for.
    struct Values {
        let words: [String]
        let names: CommandArgument.Names

        var isEmpty: Bool { words.isEmpty && names == .none }
    }

    struct Option {
        let name: String
        let help: String
        /// Nil for a switch.
        let values: Values?
    }

    /// A command, or the words that lead to several.
    struct Node {
        /// `orders list`; empty at the root.
        let path: String
        /// The words that may follow, with what they mean.
        let children: [(word: String, help: String)]
        let options: [Option]
        let positionals: [Values]
    }

    let nodes: [Node]
    static let globalOptions = CommandTable.globalArguments.compactMap(option)

    init() {
        let commands = CommandTable.all.filter { !$0.words.isEmpty }
        var groups: [String] = [""]
        for command in commands where command.words.count > 1 && !groups.contains(command.words[0]) {
            groups.append(command.words[0])
        }
        nodes =
            groups.map { group in
                Node(
                    path: group, children: Self.children(of: group, commands), options: [], positionals: [])
            }
            + commands.map { command in
                Node(
                    path: command.words.joined(separator: " "), children: [],
                    options: command.arguments.compactMap(Self.option),
                    positionals: command.arguments.filter { $0.kind == .positional }.map(Self.values))
            }
    }

    private static func children(of group: String, _ commands: [Command]) -> [(word: String, help: String)] {
        var found: [(word: String, help: String)] = []
        for command in commands {
            let word: String
            if group.isEmpty {
                word = command.words[0]
            } else {
                guard command.words.count > 1, command.words[0] == group else { continue }
                word = command.words[1]
            }
            guard !found.contains(where: { $0.word == word }) else { continue }
            let isGroup = group.isEmpty && command.words.count > 1
            found.append((word, isGroup ? "\(word) commands" : command.title))
        }
        return found
    }

    private static func option(_ argument: CommandArgument) -> Option? {
        switch argument.kind {
        case .positional: nil
        case .flag: Option(name: argument.name, help: argument.help, values: nil)
        case .option: Option(name: argument.name, help: argument.help, values: values(argument))
        }
    }

    private static func values(_ argument: CommandArgument) -> Values {
        Values(words: argument.allowed, names: argument.names)
    }
}
