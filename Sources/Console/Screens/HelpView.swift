import Operations
import TerminalCells

/// The keys and commands that make sense here, from the one table, over the screen.
struct HelpView: Sendable {
    let state: ConsoleState

    func draw(on canvas: inout Canvas, in rect: Rect) {
        let search = state.help?.search ?? ""
        let area = area(in: rect)
        canvas.fill(area, .text)
        var panel = Panel(title: "Help: \(state.place.title)")
        panel.isFocused = true
        panel.corner = [Span("keymap \(state.keymap.name)", .muted)]
        if !search.isEmpty { panel.count = "“\(search)”" }
        let inner = panel.draw(on: &canvas, in: area)
        let lines = lines(columns: inner.columns - 2)
        if lines.isEmpty {
            Message.text("No command matches “\(search)”.").draw(on: &canvas, in: inner)
        }
        TextBlock(lines: lines, matcher: search.isEmpty ? nil : Matcher(text: search)).draw(
            on: &canvas, in: inner, top: state.help?.top ?? 0)
    }

    /// Where it is drawn: as wide as can be read.
    func area(in rect: Rect) -> Rect {
        let width = min(rect.columns, 110)
        return Rect(column: rect.column + (rect.columns - width) / 2, row: rect.row, columns: width, rows: rect.rows)
    }

    func lines(columns: Int) -> [[Span]] {
        let search = state.help?.search ?? ""
        var shown = state
        shown.help = nil
        let contexts = shown.contexts
        let commands = CommandTable.all.filter { CommandTable.isOnScreen($0.id) }
        let here = commands.filter {
            !$0.contexts.isEmpty && !$0.contexts.isDisjoint(with: Set(contexts).subtracting([.list]))
        }
        let list = commands.filter { $0.contexts == [.list] }
        let everywhere = commands.filter { $0.contexts.isEmpty }
        var lines: [[Span]] = []
        for (title, commands) in [("ON THIS SCREEN", here), ("IN LISTS", list), ("EVERYWHERE", everywhere)] {
            let rows = commands.filter { matches($0, search) }.map { line($0, contexts, shown, columns) }
            guard !rows.isEmpty else { continue }
            lines += (lines.isEmpty ? [] : [[]]) + [[Span(title, .heading)]] + rows
        }
        return lines
    }

    private func matches(_ command: Command, _ search: String) -> Bool {
        if search.isEmpty { return true }
        let word = search.lowercased()
        return [command.id, command.title, command.help].contains { $0.lowercased().contains(word) }
            || state.keymap.keys(for: command.id, in: CommandContext.allCases).contains(search)
    }

    private func line(_ command: Command, _ contexts: [CommandContext], _ state: ConsoleState, _ columns: Int) -> [Span]
    {
        let keys = state.keymap.keys(for: command.id, in: contexts)
        let isWide = columns >= 90
        let keyText = keys.isEmpty ? ":" + command.id : keys.prefix(isWide ? 3 : 2).joined(separator: "  ")
        var spans = [Span(keyText.padded(to: isWide ? 22 : 16) + " ", keys.isEmpty ? .muted : .key)]
        if isWide { spans.append(Span(command.title.padded(to: 18) + " ", .strong)) }
        if let reason = state.whyDisabled(command) {
            spans.append(Span("(\(reason)) ", .warning))
            return spans + [Span(command.help, .disabled)]
        }
        return spans + [Span(command.help, isWide ? .muted : .text)]
    }
}
