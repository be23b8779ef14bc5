import Operations
import PlatformModel
import TerminalCells

/// `--help` and `galley help`, made from the command table.
enum Help {
    static func run(_ arguments: Arguments) throws(CommandFailure) -> Int32 {
        if arguments.has("man") {
            Output.raw(ManPage.text)
            return ExitStatus.done
        }
        guard !arguments.positionals.isEmpty else { return print(all) }
        return explain(try Arguments(arguments.positionals + ["--help"]))
    }

    /// What `--help` behind a command, a group of commands or nothing prints.
    static func explain(_ arguments: Arguments) -> Int32 {
        if let command = arguments.command { return print(lines(command)) }
        guard let group = arguments.group else { return print(all) }
        return print(lines(group: group))
    }

    private static func print(_ lines: [String]) -> Int32 {
        for line in lines { Output.line(line) }
        return ExitStatus.done
    }

    private static func lines(group: String) -> [String] {
        let commands = CommandTable.all.filter { $0.words.first == group }
        return commands.flatMap { [usage($0), "  " + $0.help] }
            + [
                "", "galley \(group) WORD --help explains one. Example:",
                "  galley \(commands.first?.example ?? group)",
            ]
    }

    private static var all: [String] {
        var lines = [
            "galley: the operations console of a food and beverage platform", "",
            "  " + pad("galley", 29) + "open the console (prints the status when no terminal is there)",
        ]
        for command in CommandTable.all where !command.words.isEmpty {
            lines.append(
                "  " + pad("galley " + command.words.joined(separator: " "), 29) + command.title.lowercasedFirst)
        }
        lines.append("")
        lines += options(CommandTable.globalArguments)
        lines += [
            "", "galley COMMAND --help explains one. Examples:", "  galley orders list --late",
            "  galley why QueueLagHigh",
            "  galley --plain", "",
            "Exit status: 0 done, 1 failed, 2 usage, 3 configuration, 4 not allowed, 5 not found, 6 refused,",
            "7 unreachable, 8 frozen or read-only, 9 outcome unknown, 10 degraded, 11 down.",
        ]
        return lines
    }

    /// One command: how it is written, what it does, its options, an example.
    static func lines(_ command: Command) -> [String] {
        [usage(command), "  " + command.help, ""] + options(command.arguments + CommandTable.globalArguments)
            + (command.example.isEmpty ? [] : ["", "Example:", "  galley \(command.example)"])
    }

    /// `galley queues jobs QUEUE [options]`
    static func usage(_ command: Command) -> String {
        let positionals = command.arguments.filter { $0.kind == .positional }
            .map { ($0.isRequired ? $0.name : "[\($0.name)]") + ($0.repeats ? "…" : "") }
        return (["galley"] + command.words + positionals + ["[options]"]).joined(separator: " ")
    }

    /// `--limit N`
    static func form(_ argument: CommandArgument) -> String {
        switch argument.kind {
        case .flag: "--\(argument.name)"
        case .option(let placeholder): "--\(argument.name) \(placeholder)"
        case .positional: argument.name
        }
    }

    private static func options(_ arguments: [CommandArgument]) -> [String] {
        arguments.map { argument in
            let allowed = argument.allowed.isEmpty ? "" : ": " + argument.allowed.joined(separator: ", ")
            return "  " + pad(form(argument), 29) + argument.help + allowed
        }
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.columns))
    }
}

extension String {
    fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
