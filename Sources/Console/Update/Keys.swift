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
        let isOver = help != nil || columnsDialog != nil
        let leadsThere = command.id.hasPrefix("orders.") || (isOver && command.contexts.contains(.list))
        if !command.contexts.isEmpty, command.contexts.isDisjoint(with: contexts), !leadsThere {
            return command.contexts == [.dialog] ? "works in the dialog of columns" : "makes no sense on this screen"
        }
        return whyDisabledNow(command.id)
    }

    /// Why a command has nothing to work on.
    private func whyDisabledNow(_ id: String) -> String? {
        if help != nil || columnsDialog != nil { return nil }
        if needsSelection.contains(id) {
            if isText { return "a text has no rows" }
            if currentRows.count == 0 { return "there is no row" }
        }
        switch id {
        case "mark.none": return list.marks.isEmpty ? "nothing is marked" : nil
        case "mark.range": return list.anchor == nil ? "mark the first row of the range before" : nil
        case "filter": return subject == .overview ? "findings are filtered on their own screen" : nil
        case "filter.clear": return list.filter.isEmpty ? "all rows are shown" : nil
        case "filter.next", "filter.previous":
            let text = isText ? textSearch : list.filter + list.search
            return text.isEmpty ? "nothing was searched for yet" : nil
        case "sort", "columns", "wide", "sort.add":
            return isText || columnInfos.isEmpty ? "what has the keys has no columns" : nil
        case "sort.reverse": return list.sorts.isEmpty ? "sort by a column first" : nil
        case "follow": return isText ? "a text does not grow here" : nil
        case "forward": return placesAhead.isEmpty ? "nothing was left with Esc" : nil
        case "next-panel", "previous-panel": return panels.count < 2 ? "this screen has one panel at this size" : nil
        default: return nil
        }
    }

    private var needsSelection: Set<String> { ["mark", "mark.range", "mark.all"] }
}
