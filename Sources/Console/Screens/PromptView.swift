import TerminalCells

/// The input line at the foot, and above it what the text would do.
struct PromptView: Sendable {
    let state: ConsoleState

    func draw(on canvas: inout Canvas, body: Rect, line: Rect) {
        guard let prompt = state.prompt, !line.isEmpty else { return }
        let proposals = state.proposals()
        drawLine(prompt, proposals.first, on: &canvas, in: line)
        switch prompt.kind {
        case .command: drawProposals(prompt, proposals, on: &canvas, body: body)
        case .filter: drawFilterHelp(prompt, on: &canvas, body: body)
        case .help, .search: break
        }
    }

    private func drawLine(_ prompt: Prompt, _ first: Proposal?, on canvas: inout Canvas, in rect: Rect) {
        canvas.fill(rect, .prompt)
        let sign = prompt.kind == .command ? " :" : " /"
        let start = rect.column + canvas.write(sign, .prompt, at: Point(column: rect.column, row: rect.row))
        let room = max(1, rect.right - start - 2)
        // The end of a long text stays in sight while it is typed.
        var before = prompt.editor.beforeCursor
        while before.columns > room { before.removeFirst() }
        let after = String(prompt.editor.text.dropFirst(prompt.editor.beforeCursor.count))
        var column = start + canvas.write(before, .prompt, at: Point(column: start, row: rect.row), columns: room)
        canvas.cursor = Point(column: min(column, rect.right - 1), row: rect.row)
        column += canvas.write(after, .prompt, at: Point(column: column, row: rect.row), columns: rect.right - column)
        if prompt.kind == .command, after.isEmpty, let first, prompt.chosen == nil,
            !prompt.editor.text.isEmpty, first.text.hasPrefix(prompt.editor.text)
        {
            let rest = String(first.text.dropFirst(prompt.editor.text.count))
            canvas.write(rest, .ghost, at: Point(column: column, row: rect.row), columns: rect.right - column)
        } else if prompt.kind == .command, after.isEmpty, let hint = state.argumentHint {
            canvas.write(hint, .ghost, at: Point(column: column, row: rect.row), columns: rect.right - column)
        }
        if let problem = prompt.problem {
            // From where it went wrong to the end of the word.
            let skipped = prompt.editor.beforeCursor.columns - before.columns
            let place = start + prompt.editor.text.prefix(problem.at).description.columns - skipped
            let word = prompt.editor.text.dropFirst(problem.at).prefix { !$0.isWhitespace }
            canvas.underline(
                Rect(column: max(start, place), row: rect.row, columns: max(1, String(word).columns), rows: 1))
        }
    }

    private func drawProposals(_ prompt: Prompt, _ proposals: [Proposal], on canvas: inout Canvas, body: Rect) {
        let room = min(10, max(1, body.rows / 2) - 3)
        let count = max(0, min(room, proposals.count))
        let area = body.split(bottom: min(body.rows, count + 3)).bottom
        canvas.fill(area, .text)
        var panel = Panel(title: "Commands")
        panel.isFocused = true
        let inner = panel.draw(on: &canvas, in: area)
        let (list, foot) = inner.split(bottom: 1)
        let chosen = prompt.chosen
        let first = max(0, min((chosen ?? 0) - count + 1, proposals.count - count))
        for row in 0..<min(list.rows, count) {
            let proposal = proposals[first + row]
            let y = list.row + row
            let role: ThemeRole = proposal.disabled == nil ? .strong : .disabled
            canvas.write(
                [
                    Span(" " + proposal.title.truncatedMiddle(to: 22).padded(to: 23), role),
                    Span(proposal.disabled.map { "(\($0)) " } ?? "", .warning), Span(proposal.detail, .muted),
                ],
                at: Point(column: list.column, row: y), columns: list.columns - 1)
            if first + row == chosen {
                canvas.write(canvas.glyphs.cursor, .strong, at: Point(column: list.column, row: y))
                canvas.select(Rect(column: list.column, row: y, columns: min(24, list.columns), rows: 1))
            }
        }
        let preview = state.preview(proposals)
        let sign = preview.tone == .good ? "Enter: " : ""
        canvas.write(
            [Span(" " + sign, .key), Span(preview.text, preview.tone == .warning ? .warning : .text)],
            at: Point(column: foot.column, row: foot.row), columns: foot.columns - 1)
    }

    private func drawFilterHelp(_ prompt: Prompt, on canvas: inout Canvas, body: Rect) {
        let area = body.split(bottom: 1).bottom
        canvas.fill(area, .text)
        var spans: [Span]
        if let problem = prompt.problem {
            spans = [
                Span(" " + canvas.glyphs.status(.failed) + " ", .failed), Span("column \(problem.at + 1): ", .muted),
                Span(problem.message, .error),
            ]
        } else {
            let completions = prompt.offered?.texts ?? state.filterCompletions()
            spans = [Span(" Tab ", .key)]
            spans += completions.prefix(24).enumerated().flatMap { index, text -> [Span] in
                let word = text.split(separator: " ").last.map(String.init) ?? text
                return [Span(word, index == prompt.offered?.index ? .match : .text), Span("  ", .text)]
            }
            if completions.isEmpty {
                spans = [Span(" word  !not  field:value  field:>5m  field:10..60  /expression/  ~letters", .muted)]
            }
        }
        canvas.write(spans, at: Point(column: area.column, row: area.row), columns: area.columns)
    }
}
