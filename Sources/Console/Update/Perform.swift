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
        if moves(command.id, &effects) || performOnColumns(command.id, &effects) { return }
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
        case "next-panel": moveFocus(by: 1)
        case "previous-panel": moveFocus(by: -1)
        case "forward": goForward(&effects)
        case "view": performOnView(argument, &effects)
        case "columns": openColumns()
        case "open": openSelected(&effects)
        case "save-display": saveDisplay(argument, &effects)
        case "theme": effects.append(.loadTheme(argument))
        case "keymap": effects.append(.loadKeymap(argument))
        case "jobs.next-state": changeJobState(by: 1, &effects)
        case "jobs.previous-state": changeJobState(by: -1, &effects)
        case "orders.late": filterOrders("late:yes", &effects)
        case "orders.held": filterOrders("status:held", &effects)
        case "orders.all": filterOrders("", &effects)
        default: performOnList(command.id, argument, &effects)
        }
    }

    private mutating func performOnList(_ id: String, _ argument: String, _ effects: inout [ConsoleEffect]) {
        switch id {
        case "mark": toggleMark(&effects)
        case "mark.range": markRange()
        case "mark.all": markAll()
        case "mark.none": list.marks = []
        case "follow": toggleFollow(&effects)
        case "copy": copy(&effects)
        case "filter.clear": setFilter("", effects: &effects)
        case "filter.next": find(1, &effects)
        case "filter.previous": find(-1, &effects)
        case "sort":
            if argument.isEmpty {
                changeSort(&effects)
            } else if let (column, direction) = column(named: argument) {
                sort(by: column, isDescending: direction, &effects)
            }
        case "sort.add":
            if argument.isEmpty {
                prompt = Prompt(.command, text: "sort.add ")
            } else if let (column, _) = column(named: argument) {
                addSort(by: column, &effects)
            }
        case "sort.reverse": reverseSort()
        case "wide": list.isWide.toggle()
        default: say("that command has no screen yet", .notice)
        }
    }

    /// `q` leaves a drill first, so that one press too many does not end the console.
    private mutating func quit(_ effects: inout [ConsoleEffect]) {
        if help != nil || columnsDialog != nil || isZoomed || places.count > 1 {
            goBack(&effects)
        } else {
            effects.append(.quit)
        }
    }

    private mutating func refresh(_ effects: inout [ConsoleEffect]) {
        effects.append(.refresh)
        enter(&effects)
        say("reading everything now", .notice)
    }

    private mutating func togglePause() {
        isPaused.toggle()
        guard !isPaused else {
            say("the screen is held still; data goes on arriving", .notice)
            return
        }
        shown = newest
        rebuildRows()
    }

    private mutating func openFilter() {
        if help != nil {
            prompt = Prompt(.help, text: help?.search ?? "")
        } else if isText {
            prompt = Prompt(.search, text: textSearch)
        } else if subject == .overview {
            say("the findings are filtered on their own screen", .notice)
        } else {
            prompt = Prompt(.filter, text: list.filter)
        }
    }

    private mutating func saveDisplay(_ path: String, _ effects: inout [ConsoleEffect]) {
        guard !path.isEmpty else {
            prompt = Prompt(.command, text: "save-display ")
            return
        }
        var file = path
        var replaces = false
        if let end = path.start(ofLast: " replace") {
            file = String(path[..<end])
            replaces = true
        }
        let text = render(size: size).lines.joined(separator: "\n") + "\n"
        effects.append(.saveDisplay(path: file, text: text, replaces: replaces))
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
        list.anchor = selected
        move(by: 1, &effects)
    }

    /// Marks everything from the row marked last to the selected one, wherever they stand now.
    private mutating func markRange() {
        let rows = currentRows
        guard let anchor = list.anchor.flatMap(rows.position) else {
            say("mark the first row of the range before", .notice)
            return
        }
        let range = min(anchor, list.position)...max(anchor, list.position)
        for index in range where index < rows.count { list.marks.insert(rows.identity(at: index)) }
        list.anchor = list.selected
        say("\(list.marks.count) marked", .notice)
    }

    private mutating func markAll() {
        let rows = currentRows
        for index in 0..<rows.count { list.marks.insert(rows.identity(at: index)) }
        say("\(list.marks.count) marked: every row that is loaded and shown", .notice)
    }

    /// Stays with the newest row instead of with the selected one.
    private mutating func toggleFollow(_ effects: inout [ConsoleEffect]) {
        if list.isFollowing {
            list.isFollowing = false
            say("stays with its row", .notice)
        } else {
            select(0, &effects)
            list.isFollowing = true
            say("follows the first row, whichever it is", .good)
        }
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

extension String {
    /// Where the last word begins when it is this one and something stands before it.
    fileprivate func start(ofLast word: String) -> String.Index? {
        hasSuffix(word) && count > word.count ? index(endIndex, offsetBy: -word.count) : nil
    }
}
