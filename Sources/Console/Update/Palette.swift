import Operations
import PlatformModel

/// The palette: commands, screens and the name of anything on the platform.
extension ConsoleState {
    /// What the text in the palette could become, the best first.
    func proposals() -> [Proposal] {
        guard let prompt, prompt.kind == .command else { return [] }
        let text = String(prompt.editor.text.drop { $0 == " " })
        let parts = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        if parts.count == 2, let command = command(named: parts[0]), !command.arguments.isEmpty {
            let named = arguments(of: command).map {
                Proposal(text: "\(parts[0]) \($0.word)", title: "\(parts[0]) \($0.word)", detail: $0.help)
            }
            if parts[1].isEmpty { return named }
            return best(named, for: "\(parts[0]) \(parts[1])")
        }
        let candidates = screenProposals + commandProposals + objectProposals(isTyping: !text.isEmpty)
        return text.isEmpty ? candidates : best(candidates, for: text)
    }

    /// Those in which the letters are found, in the text or in what it means, the best first.
    private func best(_ candidates: [Proposal], for text: String) -> [Proposal] {
        candidates.enumerated().compactMap { entry in
            let score = Fuzzy.score(text, in: entry.element.text)
            // A name in the explanation counts less than the word itself, and only as it stands.
            let isNamed = text.count >= 3 && entry.element.detail.lowercased().contains(text.lowercased())
            return (score ?? (isNamed ? 0 : nil)).map { (score: $0, entry.offset, entry.element) }
        }.sorted { ($0.score, $1.1) > ($1.score, $0.1) }.map(\.2)
    }

    /// What may stand after a command's name, with what that would do.
    private func arguments(of command: Command) -> [(word: String, help: String)] {
        switch command.id {
        case "theme": return options.themes.map { ($0, command.help) }
        case "keymap": return options.keymaps.map { ($0, command.help) }
        case "sort", "sort.add":
            return columnInfos.filter(\.isSortable).flatMap { column in
                [
                    ("\(column.id)", "Sort by \(column.title)."),
                    ("\(column.id) desc", "Sort by \(column.title), highest first."),
                ]
            }
        case "view":
            let saved = views.map { ($0.name, "Show \($0.screen)\($0.filter.isEmpty ? "" : " with “\($0.filter)”").") }
            return saved + [("save ", "Save this screen's filter, order and columns under a name.")]
                + views.map { ("delete \($0.name)", "Forget the view \($0.name).") }
        default: return (command.arguments.first?.allowed ?? []).map { ($0, command.help) }
        }
    }

    private var screenProposals: [Proposal] {
        Place.top.map { place in
            let command = CommandTable.command("go.\(place.word)")
            return Proposal(text: place.word, title: place.word, detail: command?.help ?? "")
        }
    }

    private var commandProposals: [Proposal] {
        CommandTable.all.filter { !$0.id.hasPrefix("go.") && !$0.id.hasPrefix("list.") && isOnScreen($0) }.map {
            Proposal(
                text: $0.arguments.isEmpty ? $0.id : $0.id + " ", title: $0.id, detail: $0.help,
                disabled: whyDisabled($0))
        }
    }

    /// Commands of the command line that no screen performs are not offered.
    private func isOnScreen(_ command: Command) -> Bool { CommandTable.isOnScreen(command.id) }

    /// Everything that has a name. Orders are offered once something was typed: they are many.
    private func objectProposals(isTyping: Bool) -> [Proposal] {
        jumps.compactMap { entry in
            if case .order = entry.jump, !isTyping { return nil }
            return Proposal(text: entry.text, title: entry.text, detail: entry.detail)
        }
    }

    /// What is still to be typed after the name of a command: `NAME`.
    var argumentHint: String? {
        guard let prompt, prompt.kind == .command, prompt.editor.text.hasSuffix(" ") else { return nil }
        let words = prompt.editor.text.split(separator: " ")
        guard words.count == 1, let command = command(named: String(words[0])), !command.arguments.isEmpty else {
            return nil
        }
        return command.arguments.map { $0.isRequired ? $0.name : "[\($0.name)]" }.joined(separator: " ")
    }

    func command(named name: String) -> Command? {
        CommandTable.command(name) ?? CommandTable.command("go.\(name)")
            ?? ConsoleState.aliases[name].flatMap(CommandTable.command)
    }

    /// What fingers type that learned it in vi and k9s.
    private static let aliases = [
        "q": "quit", "q!": "quit.now", "qa": "quit.now", "wq": "quit", "x": "quit", "exit": "quit",
        "svc": "go.services", "db": "go.databases", "pg": "go.databases",
        "home": "go.overview", "alerts": "go.findings", "events": "go.notices", "w": "save-display", "h": "help",
    ]

    /// What Enter would do, in a sentence, before it is pressed.
    func preview(_ proposals: [Proposal]) -> (text: String, tone: Tone) {
        guard let prompt, prompt.kind == .command else { return ("", .notice) }
        let text = prompt.editor.text
        if text.allSatisfy({ $0 == " " }), prompt.chosen == nil {
            return ("a command, a screen, a name, or an order number", .notice)
        }
        if let chosen = prompt.chosen, chosen < proposals.count { return sentence(of: proposals[chosen]) }
        if let number = Int64(text) { return ("Open order \(number).", .good) }
        if text.contains(" "), let entry = jumps.first(where: { $0.text == text }) {
            return ("\(entry.text): \(entry.detail)", .good)
        }
        if let command = command(named: String(text.split(separator: " ").first ?? "")) {
            if let reason = whyDisabled(command) { return (reason, .warning) }
            if needsArgument(command, text) { return ("\(command.id) needs \(command.arguments[0].name)", .warning) }
            return (command.help, .good)
        }
        guard let first = proposals.first else { return ("nothing has that name", .warning) }
        return sentence(of: first)
    }

    private func sentence(of proposal: Proposal) -> (text: String, tone: Tone) {
        proposal.disabled.map { ("\(proposal.title): \($0)", .warning) } ?? (
            "\(proposal.title): \(proposal.detail)", .good
        )
    }

    private func needsArgument(_ command: Command, _ text: String) -> Bool {
        command.arguments.first?.isRequired == true && text.split(separator: " ").count < 2
    }

    mutating func run(palette text: String, first: Proposal?, _ effects: inout [ConsoleEffect]) {
        var text = text.split(separator: " ").joined(separator: " ")
        guard !text.isEmpty else { return }
        remember(text)
        if let number = Int64(text), number > 0 {
            follow(.order(number), &effects)
            return
        }
        let name = String(text.split(separator: " ").first ?? "")
        if command(named: name) == nil, jump(named: text) == nil, let first { text = first.text }
        if let jump = jump(named: text) {
            follow(jump, &effects)
        } else if let command = command(named: String(text.split(separator: " ").first ?? "")) {
            let argument = text.split(separator: " ", maxSplits: 1).dropFirst().first.map(String.init) ?? ""
            if needsArgument(command, text) {
                prompt = Prompt(.command, text: command.id + " ")
            } else {
                run(argument.isEmpty ? command.id : "\(command.id) \(argument)", &effects)
            }
        } else {
            say("nothing is called “\(text)”", .warning)
        }
    }

    private mutating func remember(_ text: String) {
        history.removeAll { $0 == text }
        history.append(text)
        if history.count > 200 { history.removeFirst() }
    }
}
