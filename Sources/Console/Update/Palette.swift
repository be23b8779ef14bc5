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
            return arguments(of: command).filter { Fuzzy.score(parts[1], in: $0) != nil || parts[1].isEmpty }
                .map { Proposal(text: "\(parts[0]) \($0)", title: "\(parts[0]) \($0)", detail: command.help) }
        }
        let candidates = screenProposals + commandProposals + objectProposals
        if text.isEmpty { return candidates }
        return candidates.enumerated().compactMap { entry in
            Fuzzy.score(text, in: entry.element.text).map { (score: $0, entry.offset, entry.element) }
        }.sorted { ($0.score, $1.1) > ($1.score, $0.1) }.map(\.2)
    }

    private func arguments(of command: Command) -> [String] {
        switch command.id {
        case "theme": options.themes
        case "keymap": options.keymaps
        default: command.arguments.first?.allowed ?? []
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

    /// Everything that has a name: databases, queues, services.
    private var objectProposals: [Proposal] {
        guard let shown else { return [] }
        return shown.databases.map {
            Proposal(text: "database \($0.name)", title: "database \($0.name)", detail: "Open it.")
        }
            + (shown.queues.value ?? []).map {
                Proposal(text: "queue \($0.name)", title: "queue \($0.name)", detail: "Open its jobs.")
            }
            + shown.services.map {
                Proposal(text: "service \($0.name)", title: "service \($0.name)", detail: "Open it.")
            }
    }

    func command(named name: String) -> Command? {
        CommandTable.command(name) ?? CommandTable.command("go.\(name)")
    }

    /// What Enter would do, in a sentence, before it is pressed.
    func preview() -> (text: String, tone: Tone) {
        guard let prompt, prompt.kind == .command else { return ("", .notice) }
        let proposals = proposals()
        let text = prompt.editor.text
        if text.allSatisfy({ $0 == " " }), prompt.chosen == nil {
            return ("a command, a screen, a name, or an order number", .notice)
        }
        if let chosen = prompt.chosen, chosen < proposals.count { return sentence(of: proposals[chosen]) }
        if let number = Int64(text) { return ("Open order \(number).", .good) }
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
            if place != .orders { go(to: .orders, effects: &effects) }
            drill(to: .order(number), effects: &effects)
            return
        }
        let name = String(text.split(separator: " ").first ?? "")
        if command(named: name) == nil, object(named: text) == nil, let first { text = first.text }
        if let place = object(named: text) {
            openObject(place, &effects)
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

    private func object(named name: String) -> Place? {
        let parts = name.split(separator: " ", maxSplits: 1).map(String.init)
        let kinds = ["database", "queue", "service"]
        let kind = parts.count == 2 && kinds.contains(parts[0]) ? parts[0] : nil
        let name = kind == nil ? name : parts[1]
        // A command's name goes before the same name of a thing, unless its kind stands before it.
        guard let shown, kind != nil || command(named: name) == nil else { return nil }
        func may(_ one: String) -> Bool { kind == nil || kind == one }
        if may("database"), shown.databases.contains(where: { $0.name == name }) { return .database(name) }
        if may("queue"), let queue = shown.queues.value?.first(where: { $0.name == name }) {
            return .jobs(queue: name, state: interestingState(of: queue))
        }
        return may("service") && shown.services.contains { $0.name == name } ? .service(name) : nil
    }

    /// Opens an object below its screen, so that Esc leads to its neighbours.
    private mutating func openObject(_ place: Place, _ effects: inout [ConsoleEffect]) {
        switch place {
        case .database(let name): openObject(place, below: .databases, name, &effects)
        case .jobs(let queue, _): openObject(place, below: .queues, queue, &effects)
        case .service(let name): openObject(place, below: .services, name, &effects)
        default: go(to: place, effects: &effects)
        }
    }

    private mutating func openObject(
        _ place: Place, below top: Place, _ name: String, _ effects: inout [ConsoleEffect]
    ) {
        var state = lists[top] ?? ListState()
        state.selected = .name(name)
        lists[top] = state
        go(to: top, effects: &effects)
        drill(to: place, effects: &effects)
    }
}
