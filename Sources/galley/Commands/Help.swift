import Operations
import PlatformModel
import TerminalCells

/// `--help`, made from the command table.
enum Help {
    static func print(_ command: Command?) -> Int32 {
        if let command { one(command) } else { all() }
        return ExitStatus.done
    }

    private static func all() {
        Output.line("galley: the operations console of a food and beverage platform")
        Output.line()
        Output.line("  galley                       open the console (prints the status when no terminal is there)")
        for command in CommandTable.all where !command.words.isEmpty {
            Output.line(
                "  " + pad("galley " + command.words.joined(separator: " "), 29) + command.title.lowercasedFirst)
        }
        Output.line()
        options(CommandTable.globalArguments)
        Output.line()
        Output.line("Exit status: 0 done, 1 failed, 2 usage, 3 configuration, 4 not allowed, 5 not found, 6 refused,")
        Output.line("7 unreachable, 8 frozen or read-only, 9 outcome unknown, 10 degraded, 11 down.")
    }

    private static func one(_ command: Command) {
        let positionals = command.arguments.filter { $0.kind == .positional }.map { $0.name + ($0.repeats ? "…" : "") }
        let words = ["galley"] + command.words + positionals
        Output.line(words.joined(separator: " ") + " [options]")
        Output.line("  " + command.help)
        Output.line()
        options(command.arguments + CommandTable.globalArguments)
    }

    private static func options(_ arguments: [CommandArgument]) {
        for argument in arguments {
            let form =
                switch argument.kind {
                case .flag: "--\(argument.name)"
                case .option(let placeholder): "--\(argument.name) \(placeholder)"
                case .positional: argument.name
                }
            let allowed = argument.allowed.isEmpty ? "" : ": " + argument.allowed.joined(separator: ", ")
            Output.line("  " + pad(form, 29) + argument.help + allowed)
        }
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.columns))
    }
}

extension String {
    fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
