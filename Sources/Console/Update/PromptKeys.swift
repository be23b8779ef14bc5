import Operations
import TerminalCells

extension ConsoleState {
    mutating func takeInPrompt(_ key: Key, _ effects: inout [ConsoleEffect]) {
        guard var prompt else { return }
        switch key {
        case .escape, .ctrl("c"), .ctrl("g"):
            self.prompt = nil
            if prompt.kind == .help { help?.search = "" }
            if prompt.kind == .search { textSearch = "" }
            // What was typed showed itself at once; given up, it leaves nothing behind.
            if prompt.kind == .filter, list.filter != prompt.initial { setFilter(prompt.initial, effects: &effects) }
        case .enter: accept(&effects)
        case .tab, .backtab:
            complete(backwards: key == .backtab)
            let offered = self.prompt?.offered
            promptChanged(&effects)
            self.prompt?.offered = offered
        case .up, .down, .ctrl("p"), .ctrl("n"):
            if prompt.kind == .command { walk(key == .up || key == .ctrl("p") ? -1 : 1) }
        case .backspace where prompt.editor.characters.isEmpty:
            self.prompt = nil
        default:
            if prompt.editor.take(key) {
                prompt.chosen = nil
                prompt.historyIndex = nil
                prompt.offered = nil
                self.prompt = prompt
                promptChanged(&effects)
            }
        }
    }

    /// Shows what was typed so far where that costs nothing: lists on this side, and what is wrong with the text.
    mutating func promptChanged(_ effects: inout [ConsoleEffect]) {
        guard let prompt else { return }
        let text = prompt.editor.text
        switch prompt.kind {
        case .help:
            help?.search = text
            help?.top = 0
        case .filter:
            let problem = filterProblem(text)
            self.prompt?.problem = problem
            if problem == nil, subject != .orders { setFilter(text, effects: &effects) }
        case .search:
            textSearch = text
            if !text.isEmpty, let pane = textPane(),
                let line = pane.line(with: Matcher(text: text), after: max(0, textTop) - 1, by: 1)
            {
                textTop = min(line, pane.lastTop)
            }
        case .command: break
        }
    }

    private mutating func accept(_ effects: inout [ConsoleEffect]) {
        guard let prompt else { return }
        let text = prompt.editor.text
        switch prompt.kind {
        case .help, .search: self.prompt = nil
        case .filter:
            if let problem = filterProblem(text) {
                self.prompt?.problem = problem
                return
            }
            self.prompt = nil
            setFilter(text, effects: &effects)
        case .command:
            let proposals = proposals()
            let chosen = prompt.chosen.flatMap { $0 < proposals.count ? proposals[$0] : nil }
            self.prompt = nil
            run(palette: chosen?.text ?? text, first: proposals.first, &effects)
        }
    }

    /// Up and down: through the proposals, or through the history while nothing is typed.
    private mutating func walk(_ step: Int) {
        guard let prompt else { return }
        if prompt.historyIndex != nil || (prompt.editor.text.isEmpty && step < 0) {
            let index = (prompt.historyIndex ?? history.count) + step
            guard index >= 0, !history.isEmpty else { return }
            if index >= history.count {
                self.prompt?.historyIndex = nil
                self.prompt?.editor.replace(with: "")
            } else {
                self.prompt?.historyIndex = index
                self.prompt?.editor.replace(with: history[index])
            }
            return
        }
        let count = proposals().count
        guard count > 0 else { return }
        let next = (prompt.chosen ?? (step > 0 ? -1 : count)) + step
        self.prompt?.chosen = next < 0 || next >= count ? nil : next
    }

    private mutating func complete(backwards: Bool) {
        guard let prompt else { return }
        switch prompt.kind {
        case .help, .search: break
        case .command:
            let proposals = proposals()
            guard !proposals.isEmpty else { return }
            let index = min(prompt.chosen ?? 0, proposals.count - 1)
            self.prompt?.editor.replace(with: proposals[index].text)
            self.prompt?.chosen = nil
        case .filter:
            // Tab after Tab walks through what was offered for the text as it was typed.
            let texts = prompt.offered?.texts ?? filterCompletions()
            guard !texts.isEmpty else { return }
            let step = backwards ? -1 : 1
            let index = prompt.offered.map { ($0.index + step + texts.count) % texts.count } ?? 0
            self.prompt?.editor.replace(with: texts[index])
            // The only one is taken: what comes next is completed on its own.
            self.prompt?.offered = texts.count > 1 ? Prompt.Offer(texts: texts, index: index) : nil
        }
    }

    /// The filter's text with its last word completed, in every way that fits.
    func filterCompletions() -> [String] {
        guard let prompt, prompt.kind == .filter else { return [] }
        let text = prompt.editor.text
        let start = text.lastIndex(of: " ").map { text.index(after: $0) } ?? text.startIndex
        let head = text[..<start]
        var word = text[start...]
        let denial = word.prefix { $0 == "!" }
        word = word.dropFirst(denial.count)
        if let colon = word.firstIndex(of: ":") {
            let name = word[..<colon].lowercased()
            guard let field = filterFields.first(where: { $0.name == name }) else { return [] }
            let value = word[word.index(after: colon)...]
            let begun = value.split(separator: ",", omittingEmptySubsequences: false).last ?? ""
            let before = value.dropLast(begun.count)
            return field.words.filter { $0.hasPrefix(begun.lowercased()) && $0 != begun }
                .map { "\(head)\(denial)\(name):\(before)\($0)" }
        }
        return filterFields.filter { $0.name.hasPrefix(word.lowercased()) }.map { "\(head)\(denial)\($0.name):" }
    }
}
