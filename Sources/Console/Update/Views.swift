import PlatformModel
import TerminalCells

extension ConsoleState {
    /// `:view late-big`, `:view save late-big`, `:view delete late-big`.
    mutating func performOnView(_ argument: String, _ effects: inout [ConsoleEffect]) {
        let words = argument.split(separator: " ").map(String.init)
        guard let first = words.first else {
            prompt = Prompt(.command, text: "view ")
            return
        }
        if first == "save" || first == "delete" {
            guard words.count == 2 else {
                say("view \(first) needs a name of one word", .warning)
                return
            }
            if first == "save" { saveView(words[1], &effects) } else { deleteView(words[1], &effects) }
        } else if let view = views.first(where: { $0.name == argument }) {
            show(view, &effects)
        } else {
            let known = views.map(\.name).joined(separator: ", ")
            say(
                "no view “\(argument)”; " + (known.isEmpty ? ":view save NAME makes one" : "there are \(known)"),
                .warning)
        }
    }

    private mutating func saveView(_ name: String, _ effects: inout [ConsoleEffect]) {
        guard Place.top.contains(subject), subject != .overview else {
            say("a view is made of a screen with a list: orders, queues, databases …", .notice)
            return
        }
        guard !["save", "delete"].contains(name), SafeText.line(name) == name, name.count <= 40 else {
            say("“\(name)” is no name for a view", .warning)
            return
        }
        var view = SavedView(name: name, screen: subject.word)
        view.filter = list.filter
        view.sorts = list.sorts
        view.columns = list.columns
        view.isWide = list.isWide
        if subject == .orders { view.orderSort = orders.query.sort }
        let replaces = views.contains { $0.name == name }
        views = (views.filter { $0.name != name } + [view]).sorted { $0.name < $1.name }
        effects.append(.saveView(name: name, view: view))
        say("view \(name) \(replaces ? "replaced" : "saved"): :view \(name) brings it back", .good)
    }

    private mutating func deleteView(_ name: String, _ effects: inout [ConsoleEffect]) {
        guard views.contains(where: { $0.name == name }) else {
            say("no view “\(name)”", .warning)
            return
        }
        views.removeAll { $0.name == name }
        effects.append(.saveView(name: name, view: nil))
        say("view \(name) deleted", .good)
    }

    private mutating func show(_ view: SavedView, _ effects: inout [ConsoleEffect]) {
        guard let place = Place.top.first(where: { $0.word == view.screen }) else {
            say("view \(view.name) is of a screen that this version lacks: \(view.screen)", .warning)
            return
        }
        var state = lists[place] ?? ListState()
        state.sorts = view.sorts
        state.columns = view.columns
        state.isWide = view.isWide
        lists[place] = state
        if places != [place] { go(to: place, effects: &effects) }
        focus[place] = nil
        setFilter(view.filter, effects: &effects)
        if place == .orders, let sort = view.orderSort, sort != orders.query.sort {
            ask(orders.ask(sort: sort), &effects)
        }
        rebuildRows()
        say("view \(view.name)", .good)
    }
}
