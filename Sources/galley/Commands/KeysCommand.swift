import Collectors
import Console
import Operations
import PlatformModel
import Settings

/// `galley keys`: which keys give which commands, by place, and which hide others.
enum KeysCommand {
    static func run(_ arguments: Arguments) throws(CommandFailure) -> Int32 {
        let setup = Setup(arguments)
        let name = setup.configuration.ui.keymap
        let names = setup.looks.keymapNames
        guard names.contains(name) else {
            throw CommandFailure(
                status: ExitStatus.notFound,
                message: "there is no keymap “\(name)”" + Suggestion.text(for: name, among: names),
                code: "not-found", hint: "there are: \(names.joined(separator: ", "))")
        }
        let checked = setup.looks.keymap(name)
        let status = checked.problems.isEmpty ? ExitStatus.done : ExitStatus.configuration
        let check = KeymapCheck(checked.value)
        if arguments.has("json") {
            printJSON(checked, check)
            return status
        }
        for problem in checked.problems { Output.error("\(problem)") }
        if arguments.has("conflicts") {
            printConflicts(checked.value, check)
        } else if arguments.has("markdown") {
            printMarkdown(checked.value)
        } else {
            printTable(checked.value)
        }
        return status
    }

    /// Contexts in the order in which people meet them: everywhere, lists, then single screens.
    private static func groups(_ keymap: Keymap) -> [(title: String, bindings: [Keymap.Binding])] {
        let contexts: [CommandContext?] = [nil, .list] + CommandContext.allCases.filter { $0 != .list }
        return contexts.compactMap { context in
            let bindings = keymap.bindings.filter { $0.context == context }
            return bindings.isEmpty ? nil : (title(context), bindings)
        }
    }

    private static func title(_ context: CommandContext?) -> String { context?.rawValue ?? "everywhere" }

    private static func help(_ binding: Keymap.Binding) -> String {
        binding.command.split(separator: " ").first.flatMap { CommandTable.command(String($0)) }?.help ?? ""
    }

    private static func printTable(_ keymap: Keymap) {
        Output.line("\(keymap.name): \(keymap.title)")
        for group in groups(keymap) {
            Output.line()
            var table = TextTable([(group.title.uppercased(), .left), ("COMMAND", .left), ("WHAT IT DOES", .left)])
            for binding in group.bindings { table.add([binding.text, binding.command, help(binding)]) }
            table.print()
        }
    }

    private static func printMarkdown(_ keymap: Keymap) {
        Output.line("# Keys of the keymap \(keymap.name)")
        Output.line()
        Output.line("\(keymap.title).")
        for group in groups(keymap) {
            Output.line()
            Output.line("## \(group.title.prefix(1).uppercased())\(group.title.dropFirst())")
            Output.line()
            Output.line("| keys | command | what it does |")
            Output.line("|---|---|---|")
            for binding in group.bindings {
                Output.line("| \(code(binding.text)) | \(code(binding.command)) | \(help(binding)) |")
            }
        }
    }

    /// Markdown's code, with what would end the cell or the code kept apart.
    private static func code(_ text: String) -> String {
        let text = text.replacing("|", with: "\\|")
        return text.contains("`") ? "`` \(text) ``" : "`\(text)`"
    }

    private static func printConflicts(_ keymap: Keymap, _ check: KeymapCheck) {
        let lost = check.hidden.filter(\.isUnreachable)
        let overridden = check.hidden.filter { !$0.isUnreachable }
        Output.line(
            "\(keymap.name): \(keymap.bindings.count) bindings, \(lost.count) that cannot be reached, "
                + "\(overridden.count) overridden on some screens, \(check.withoutKey.count) commands without a key")
        for (heading, hidden) in [("UNREACHABLE", lost), ("OVERRIDDEN", overridden)] where !hidden.isEmpty {
            Output.line()
            var table = TextTable([
                (heading, .left), ("IN", .left), ("COMMAND", .left), ("WHAT ANSWERS", .left), ("ON", .left),
            ])
            for one in hidden {
                table.add([
                    one.binding.text, title(one.binding.context), one.binding.command,
                    one.instead ?? "waits for more keys", one.places.joined(separator: ", "),
                ])
            }
            table.print()
        }
        guard !check.withoutKey.isEmpty else { return }
        Output.line()
        var table = TextTable([("WITHOUT A KEY", .left), ("WHAT IT DOES", .left)])
        for command in check.withoutKey { table.add([command.id, command.help]) }
        table.print()
    }

    private static func printJSON(_ checked: Checked<Keymap>, _ check: KeymapCheck) {
        let bindings: [JSON] = checked.value.bindings.map {
            ["keys": .string($0.text), "command": .string($0.command), "context": .string(title($0.context))]
        }
        let hidden: [JSON] = check.hidden.map {
            [
                "keys": .string($0.binding.text), "command": .string($0.binding.command),
                "context": .string(title($0.binding.context)), "unreachable": .bool($0.isUnreachable),
                "instead": $0.instead.map { .string($0) } ?? .null, "on": .array($0.places.map { .string($0) }),
            ]
        }
        let object = SnapshotJSON.envelope(
            "keys", environment: "", at: Moment.now().wall,
            [
                ("name", .string(checked.value.name)), ("title", .string(checked.value.title)),
                ("bindings", .array(bindings)), ("hidden", .array(hidden)),
                ("without_key", .array(check.withoutKey.map { .string($0.id) })),
            ], errors: checked.problems.map(SnapshotJSON.error))
        Output.raw(object.write(pretty: true))
    }
}
