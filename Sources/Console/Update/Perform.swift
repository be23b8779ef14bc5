import Operations
import PlatformModel
import TerminalCells

extension ConsoleState {
    /// Does what a command of the table says.
    mutating func perform(_ command: Command, argument: String, _ effects: inout [ConsoleEffect]) {
        if let place = Place.top.first(where: { command.id == "go.\($0.word)" }) {
            help = nil
            if places != [place] { go(to: place, effects: &effects) }
            return
        }
        if moves(command.id, &effects) { return }
        switch command.id {
        case "quit": quit(&effects)
        case "quit.now": effects.append(.quit)
        case "suspend": effects.append(.suspend)
        case "repaint": effects.append(.repaint)
        case "refresh": refresh(&effects)
        case "help": help = help == nil ? HelpState() : nil
        case "palette": prompt = Prompt(.command)
        case "filter": openFilter()
        case "back": goBack(&effects)
        case "last-screen": goToLastScreen(&effects)
        case "pause": togglePause()
        case "zoom": isZoomed.toggle()
        case "next-panel", "previous-panel": say("this screen has one list", .notice)
        case "open": openSelected(&effects)
        case "save-display": saveDisplay(argument, &effects)
        case "theme": effects.append(.loadTheme(argument))
        case "keymap": effects.append(.loadKeymap(argument))
        case "jobs.next-state": changeJobState(by: 1, &effects)
        case "jobs.previous-state": changeJobState(by: -1, &effects)
        case "orders.late": filterOrders("late:yes", &effects)
        case "orders.held": filterOrders("status:held", &effects)
        case "orders.all": filterOrders("", &effects)
        default: performOnList(command.id, &effects)
        }
    }

    private mutating func performOnList(_ id: String, _ effects: inout [ConsoleEffect]) {
        switch id {
        case "mark": toggleMark(&effects)
        case "mark.none": list.marks = []
        case "copy": copy(&effects)
        case "filter.clear": setFilter("", effects: &effects)
        case "filter.next": move(by: 1, &effects)
        case "filter.previous": move(by: -1, &effects)
        case "sort": changeSort(&effects)
        case "sort.reverse": reverseSort()
        case "wide": list.isWide.toggle()
        default: say("that command has no screen yet", .notice)
        }
    }

    /// `q` leaves a drill first, so that one press too many does not end the console.
    private mutating func quit(_ effects: inout [ConsoleEffect]) {
        if help != nil || isZoomed || places.count > 1 {
            goBack(&effects)
        } else {
            effects.append(.quit)
        }
    }

    private mutating func refresh(_ effects: inout [ConsoleEffect]) {
        effects.append(.refresh)
        enter(&effects)
    }

    private mutating func togglePause() {
        isPaused.toggle()
        guard !isPaused else { return }
        shown = newest
        rebuildRows()
    }

    private mutating func openFilter() {
        if help != nil {
            prompt = Prompt(.help, text: help?.search ?? "")
        } else if isText || place == .overview || place == .notices {
            say("there is no list to filter here", .notice)
        } else {
            prompt = Prompt(.filter, text: list.filter)
        }
    }

    private mutating func saveDisplay(_ path: String, _ effects: inout [ConsoleEffect]) {
        guard !path.isEmpty else {
            prompt = Prompt(.command, text: "save-display ")
            return
        }
        let text = render(size: size).lines.joined(separator: "\n") + "\n"
        effects.append(.saveDisplay(path: path, text: text))
    }

    private mutating func changeJobState(by step: Int, _ effects: inout [ConsoleEffect]) {
        guard case .jobs(let queue, let state) = place else { return }
        let states = JobState.allCases
        let index = states.firstIndex(of: state) ?? 0
        places[places.count - 1] = .jobs(
            queue: queue, state: states[(index + step + states.count) % states.count])
        enter(&effects)
    }

    private mutating func filterOrders(_ text: String, _ effects: inout [ConsoleEffect]) {
        if place != .orders { go(to: .orders, effects: &effects) }
        setFilter(text, effects: &effects)
    }

    private mutating func toggleMark(_ effects: inout [ConsoleEffect]) {
        guard let selected = list.selected else { return }
        if list.marks.remove(selected) == nil { list.marks.insert(selected) }
        move(by: 1, &effects)
    }

    private mutating func copy(_ effects: inout [ConsoleEffect]) {
        let rows = currentRows
        let marked = list.marks.compactMap(rows.position).sorted().map(rows.label)
        var labels = marked
        if labels.isEmpty {
            if rows.count > 0 {
                labels = [rows.label(at: min(list.position, rows.count - 1))]
            } else {
                labels = [copyableTitle]
            }
        }
        let text = labels.map { SafeText.line($0) }.joined(separator: "\n")
        effects.append(.copy(text))
        say(labels.count == 1 ? "copied \(labels[0])" : "copied \(labels.count) names", .good)
    }

    private var copyableTitle: String {
        switch place {
        case .order(let id): String(id)
        case .job(_, _, let id): id
        default: place.title
        }
    }
}
