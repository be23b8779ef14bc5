import Operations
import TerminalCells

extension ConsoleState {
    mutating func take(_ key: Key, _ effects: inout [ConsoleEffect]) {
        if flash?.tone != .critical { flash = nil }
        if prompt != nil {
            takeInPrompt(key, &effects)
            return
        }
        pendingKeys.append(key)
        switch keymap.match(pendingKeys, in: contexts) {
        case .beginning: return
        case .command(let words):
            pendingKeys = []
            run(words, &effects)
        case .none:
            let wasChord = pendingKeys.count > 1
            let text = pendingKeys.map(\.description).joined(separator: " ")
            pendingKeys = []
            // Esc gives up a chord; any other key that does not continue it stands for itself.
            if wasChord, key != .escape {
                if case .command(let words) = keymap.match([key], in: contexts) {
                    run(words, &effects)
                    return
                }
            }
            if key != .escape {
                let help = keymap.keys(for: "help", in: contexts).first.map { "; \($0) shows the keys" } ?? ""
                say("no command on \(text) here\(help)", .notice)
            }
        }
    }

    /// Pasted text goes into an input and nowhere else.
    mutating func paste(_ text: String, _ effects: inout [ConsoleEffect]) {
        guard prompt != nil else {
            say("pasted text is only taken by an input", .notice)
            return
        }
        prompt?.editor.insert(text)
        promptChanged(&effects)
    }

    /// Runs a command as a keymap or the palette names it: its id, then its argument.
    mutating func run(_ words: String, _ effects: inout [ConsoleEffect]) {
        let parts = words.split(separator: " ", maxSplits: 1).map(String.init)
        guard let id = parts.first, let command = CommandTable.command(id) else {
            say("no command “\(words)”", .failed)
            return
        }
        if let reason = whyDisabled(command) {
            say("\(command.title): \(reason)", .notice)
            return
        }
        perform(command, argument: parts.count > 1 ? parts[1] : "", &effects)
    }

    /// Why a command cannot be given now; nil when it can.
    func whyDisabled(_ command: Command) -> String? {
        if role < command.role { return "needs the role \(command.role.word); you are \(role.word)" }
        if command.danger > .none {
            if isReadOnly { return "this console is read-only" }
            guard let shown, let now else { return "nothing was read yet" }
            if now.since(shown.at) > shown.thresholds.staleAfter { return "what is on screen is too old to act on" }
        }
        // The orders' own commands lead to the orders; others would have nothing to work on elsewhere.
        // Help scrolls and is searched with the keys of lists.
        let leadsThere = command.id.hasPrefix("orders.") || (help != nil && command.contexts.contains(.list))
        if !command.contexts.isEmpty, command.contexts.isDisjoint(with: contexts), !leadsThere {
            return "makes no sense on this screen"
        }
        if command.contexts == [.list], needsSelection.contains(command.id), currentRows.count == 0, !isText {
            return "there is no row"
        }
        return nil
    }

    private var needsSelection: Set<String> { ["copy", "mark"] }
}
