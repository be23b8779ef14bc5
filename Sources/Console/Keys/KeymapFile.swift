import Operations
import Settings
import TerminalCells

extension Keymap {
    /// Reads a keymap by its name; the user's own file of that name goes before a shipped one.
    public static func load(_ name: String, userText: String? = nil, file: String = "") -> Checked<Keymap> {
        if let userText { return parse(userText, name: name, file: file.isEmpty ? "\(name).toml" : file) }
        if let text = Shipped.keymaps[name] { return parse(text, name: name, file: "Keymaps/\(name).toml") }
        let known = Shipped.keymapNames.joined(separator: ", ")
        return Checked(
            .minimal, problems: [SettingsProblem(.builtIn, "no keymap is called “\(name)”", hint: "there are \(known)")]
        )
    }

    /// The names of the keymaps that are compiled in.
    public static var shippedNames: [String] { Shipped.keymapNames }

    static func parse(_ text: String, name: String, file: String) -> Checked<Keymap> {
        let document: TOMLDocument
        do throws(SettingsProblem) {
            document = try TOMLDocument.parse(text, file: file)
        } catch {
            return Checked(.minimal, problems: [error])
        }
        let reader = TOMLReader(document)
        let title = reader.text("title") ?? ""
        var parser = KeymapParser(file: file)
        if let base = reader.text("based-on", among: shippedNames), let text = Shipped.keymaps[base], base != name {
            parser.inherited = parse(text, name: base, file: "Keymaps/\(base).toml").value.bindings
        }
        parser.read(reader.table("everywhere"), in: nil)
        for context in CommandContext.allCases { parser.read(reader.table(context.rawValue), in: context) }
        var problems = reader.finish() + parser.problems
        let keymap = Keymap(name: name, title: title, bindings: parser.merged)
        problems += parser.checkReach(keymap)
        return Checked(keymap, problems: problems.sorted { ($0.line, $0.column) < ($1.line, $1.column) })
    }
}

/// Tables of keys on their way to bindings, each with its place for messages.
private struct KeymapParser {
    let file: String
    var inherited: [Keymap.Binding] = []
    var own: [(binding: Keymap.Binding, line: Int, column: Int)] = []
    /// The line that first bound keys, and which keys the file takes away from what it is based on.
    var lines: [Keymap.Sequence: Int] = [:]
    var removed: Set<Keymap.Sequence> = []
    var problems: [SettingsProblem] = []

    var merged: [Keymap.Binding] {
        let kept = inherited.filter { !removed.contains($0.sequence) && lines[$0.sequence] == nil }
        // A file's own keys are shown before those that it was based on.
        return own.map(\.binding) + kept
    }

    mutating func read(_ table: TOMLReader?, in context: CommandContext?) {
        guard let table else { return }
        for entry in table.entries() {
            guard let command = entry.node.text else {
                table.wrong(entry, expected: "the name of a command, or \"\" for none")
                continue
            }
            let words = entry.key.split(separator: " ").map(String.init)
            let keys = words.compactMap(Key.init(parsing:))
            guard !keys.isEmpty, keys.count == words.count else {
                note(
                    entry, "“\(entry.key)” is no key",
                    hint: "g, G, ctrl-d, alt-x, f5, space, or several after one another: g g")
                continue
            }
            if command.isEmpty {
                removed.insert(Keymap.Sequence(keys: keys, context: context))
                continue
            }
            if let problem = problem(command, keys, context) {
                note(entry, problem.message, hint: problem.hint)
                continue
            }
            let binding = Keymap.Binding(keys, command, in: context)
            if let line = lines[binding.sequence] {
                note(
                    entry, "“\(binding.text)” was bound on line \(line) already",
                    hint: "terminals cannot tell them apart")
                continue
            }
            lines[binding.sequence] = entry.line
            own.append((binding, entry.line, entry.column))
        }
    }

    private func problem(
        _ words: String, _ keys: [Key], _ context: CommandContext?
    ) -> (message: String, hint: String)? {
        let id = words.split(separator: " ").first.map(String.init) ?? ""
        guard let command = CommandTable.command(id), CommandTable.isOnScreen(id) else {
            let near = CommandTable.all.filter { CommandTable.isOnScreen($0.id) }
                .compactMap { one in Fuzzy.score(id, in: one.id).map { ($0, one.id) } }.max { $0.0 < $1.0 }
            return (
                "no command is called “\(id)”", near.map { "did you mean \($0.1)?" } ?? "? in the console lists them"
            )
        }
        if command.danger > .none, keys.contains(where: { $0.modifiers.contains(.ctrl) || $0 == .enter }) {
            return ("\(id) changes things and may not be on Enter or a control letter", "choose another key")
        }
        if let context, !command.contexts.isEmpty, context != .list, context != .help,
            !command.contexts.contains(context), !command.contexts.contains(.list)
        {
            let places = command.contexts.map(\.rawValue).sorted().joined(separator: ", ")
            return ("\(id) cannot be given in [\(context.rawValue)]", "it belongs in [\(places)]")
        }
        return nil
    }

    /// Keys that can never be reached: a shorter one in the same context answers before they are complete.
    func checkReach(_ keymap: Keymap) -> [SettingsProblem] {
        own.compactMap { binding, line, column in
            for length in 1..<max(1, binding.keys.count) {
                let shorter = Array(binding.keys[..<length])
                guard let other = keymap.bindings.first(where: { $0.context == binding.context && $0.keys == shorter })
                else { continue }
                return SettingsProblem(
                    SettingsPlace(file, line: line, column: column),
                    "“\(binding.text)” cannot be reached: “\(other.text)” gives \(other.command) first",
                    hint: "take the shorter one away with \"\(other.text)\" = \"\"")
            }
            return nil
        }
    }

    private mutating func note(_ entry: TOMLEntry, _ message: String, hint: String) {
        problems.append(
            SettingsProblem(
                SettingsPlace(file, line: entry.line, column: entry.column), key: entry.key, message, hint: hint))
    }
}
