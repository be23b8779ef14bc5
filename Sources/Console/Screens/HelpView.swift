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
        let first = HelpView.first.compactMap(CommandTable.command)
        let rest = commands.filter { !HelpView.first.contains($0.id) }
        let list = rest.filter { $0.contexts == [.list] }
        let everywhere = rest.filter { $0.contexts.isEmpty }
        let dialog = rest.filter { $0.contexts == [.dialog] }
        let groups = [
            ("TO BEGIN WITH", first), ("ON THIS SCREEN", here), ("EVERYWHERE", everywhere), ("IN LISTS", list),
            ("IN THE DIALOG OF COLUMNS", dialog),
        ]
        var lines: [[Span]] = []
        for (title, commands) in groups {
            let rows = commands.filter { matches($0, search) }.flatMap { row($0, contexts, shown, columns) }
            guard !rows.isEmpty else { continue }
            lines += (lines.isEmpty ? [] : [[]]) + [[Span(title, .heading)]] + rows
        }
        return lines
    }

    /// What somebody needs who has never been here.
    private static let first = ["open", "back", "filter", "palette", "next-panel", "copy", "pause", "quit"]

    private func matches(_ command: Command, _ search: String) -> Bool {
        if search.isEmpty { return true }
        let word = search.lowercased()
        return [command.id, command.title, command.help].contains { $0.lowercased().contains(word) }
            || state.keymap.keys(for: command.id, in: CommandContext.allCases).contains(search)
    }

    /// A command in as many lines as its words need: keys, what it does, why it cannot be done now.
    private func row(
        _ command: Command, _ contexts: [CommandContext], _ state: ConsoleState, _ columns: Int
    ) -> [[Span]] {
        let places = command.contexts == [.dialog] ? [.dialog] : contexts
        let keys = state.keymap.keys(for: command.id, in: places)
        let isWide = columns >= 90
        let keyText = keys.isEmpty ? ":" + command.id : keys.prefix(isWide ? 3 : 2).joined(separator: "  ")
        let keyWidth = isWide ? 22 : 16
        var head = [Span(keyText.padded(to: keyWidth) + " ", keys.isEmpty ? .muted : .key)]
        if isWide { head.append(Span(command.title.padded(to: 18) + " ", .strong)) }
        let indent = head.reduce(0) { $0 + $1.text.width }
        let room = max(12, columns - indent)
        let reason = state.whyDisabled(command)
        let role: ThemeRole = reason != nil ? .disabled : isWide ? .muted : .text
        var lines = reason.map { "(\($0))".wrapped(to: room).map { Span($0, .warning) } } ?? []
        lines += command.help.wrapped(to: room).map { Span($0, role) }
        let blank = Span(String(repeating: " ", count: indent))
        return lines.enumerated().map { $0.offset == 0 ? head + [$0.element] : [blank, $0.element] }
    }
}
