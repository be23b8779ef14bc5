import Console
import CursesTerminal
import Glibc
import Operations
import PlatformModel
import PlatformStore
import Reactor
import Settings
import TerminalCells

/// `galley`: the console on a terminal.
enum ConsoleCommand {
    static func run(_ arguments: Arguments) throws(CommandFailure) -> Int32 {
        let setup = Setup(arguments)
        if setup.configuration.ui.plain { return try PlainCommand.run(arguments, setup) }
        let settings = try setup.environment(arguments)
        let connections = try Connections(settings)
        // Servers are asked while the screen is being made: they take longer.
        let mailbox = Mailbox<ConsoleEvent>()
        let watch = PlatformWatch(collectors: connections.collectors, store: connections.store) { snapshot in
            mailbox.post(.snapshot(snapshot), replacing: "snapshot")
        }
        Task(executorPreference: EventLoop.shared) { await watch.run() }
        let theme = setup.looks.theme(setup.configuration.ui.theme)
        let keymap = setup.looks.keymap(setup.configuration.ui.keymap)
        if let problem = theme.problems.first ?? keymap.problems.first {
            throw CommandFailure(status: ExitStatus.configuration, message: "\(problem)", code: "configuration")
        }
        var options = ConsoleOptions(glyphs: TerminalLocale.isUnicode ? .unicode : .ascii)
        options.themes = setup.looks.themeNames
        options.keymaps = setup.looks.keymapNames
        let state = ConsoleState(
            environment: connections.identity, user: Setup.userName, role: .viewer,
            // Nothing in this version changes a platform: the banner must not promise otherwise.
            readOnly: true, theme: theme.value, keymap: keymap.value, options: options)
        let reload = Reload(arguments, setup) { mailbox.post($0) }
        var program = ConsoleProgram(state, requests: Requests(connections, reload, mailbox)) {
            Task(executorPreference: EventLoop.shared) { await watch.readNow() }
        }
        program.take(SessionFiles(setup.paths, environment: settings.name)) { mailbox.post($0) }
        var loop: TerminalLoop<ConsoleProgram>
        do {
            loop = try TerminalLoop(
                program, mailbox: mailbox, variables: Setup.variables, usesMouse: setup.configuration.ui.mouse,
                crashReport: crashReport(setup))
        } catch {
            throw CommandFailure(status: ExitStatus.usage, message: error.description, code: error.code)
        }
        reload.start()
        return loop.run()
    }

    /// A crash leaves its name in the user's state folder; without such a folder it leaves none.
    private static func crashReport(_ setup: Setup) -> String? {
        guard setup.paths.state.hasPrefix("/") else { return nil }
        var path = ""
        for part in setup.paths.state.split(separator: "/") {
            path += "/" + part
            mkdir(path, 0o700)
        }
        return path + "/crash.txt"
    }
}

/// The console as the terminal's loop runs it: events in, screens out, effects handed to tasks.
struct ConsoleProgram: TerminalProgram {
    private var state: ConsoleState
    private let requests: Requests
    private var wishes: [TerminalWish] = []
    private let readNow: @Sendable () -> Void
    /// When everything may be read at once again: holding the key down must not load the platform.
    private var nextRefresh = Deadline.now
    private static let refreshPace = Duration.seconds(1)
    private var session: SessionKeeper?
    /// When the clock's digits change.
    private var nextTick: Deadline
    /// When the selection counts as resting; nil while it does.
    private var restDue: Deadline?
    /// How long no key may have moved the selection before what stands beside it follows.
    private static let restAfter = Duration.milliseconds(120)

    var nextWake: Deadline { restDue.map { min($0, nextTick) } ?? nextTick }

    init(_ state: ConsoleState, requests: Requests, readNow: @escaping @Sendable () -> Void) {
        self.state = state
        self.requests = requests
        self.readNow = readNow
        nextTick = .now
    }

    /// Takes up what an earlier console left, and will leave the same.
    mutating func take(_ files: SessionFiles?, answer: @escaping @Sendable (ConsoleEvent) -> Void) {
        guard let files else { return }
        for event in files.events() { update(event) }
        session = SessionKeeper(files: files, answer: answer, saved: state.sessionText)
    }

    /// The console is about to end, whatever for.
    mutating func willEnd() {
        if state.keepsSession { session?.end(state.sessionText) }
    }

    mutating func handle(_ event: TerminalEvent) {
        restDue = nil
        update(.terminal(event))
    }

    mutating func receive(_ message: ConsoleEvent) { update(message) }

    mutating func line(isSlow: Bool, bytesPerSecond: Int?) {
        update(.line(LineEstimate(isSlow: isSlow, bytesPerSecond: bytesPerSecond)))
    }

    mutating func tick() {
        if let restDue, restDue.hasPassed {
            self.restDue = nil
            update(.rested(.now()))
        }
        guard nextTick.hasPassed else { return }
        update(.tick(.now()))
        if state.keepsSession { session?.keep(state.sessionText) }
        // On the second, so that the clock's digits change when time does.
        let now = Moment.now().wall.microseconds
        nextTick = .after(.microseconds(1_000_000 - now % 1_000_000 + 2000))
    }

    func render(size: Size) -> ScreenBuffer { state.render(size: size) }

    mutating func takeWishes() -> [TerminalWish] {
        defer { wishes = [] }
        return wishes
    }

    private mutating func update(_ event: ConsoleEvent) {
        for effect in state.update(event) {
            switch effect {
            case .quit:
                willEnd()
                wishes.append(.quit(ExitStatus.done))
            case .suspend: wishes.append(.suspend)
            case .bell, .notify: wishes.append(.bell)
            case .refresh:
                guard nextRefresh.hasPassed else { continue }
                nextRefresh = .after(Self.refreshPace)
                readNow()
            case .saveView(let name, let view): session?.change(view: name, to: view)
            case .repaint: wishes.append(.repaint)
            case .copy(let text): wishes.append(.copy(text))
            default: requests.start(effect)
            }
        }
        if !state.isSelectionMoving {
            restDue = nil
        } else if restDue == nil {
            restDue = .after(Self.restAfter)
        }
    }
}

/// Keeps the file of a session up to date, without writing it more often than needed.
private struct SessionKeeper {
    let files: SessionFiles
    let answer: @Sendable (ConsoleEvent) -> Void
    private var saved: String
    private var nextSave = Deadline.now
    private static let pace = Duration.seconds(3)

    init(files: SessionFiles, answer: @escaping @Sendable (ConsoleEvent) -> Void, saved: String) {
        self.files = files
        self.answer = answer
        self.saved = saved
    }

    /// Writes the text when it is another and the last writing was a while ago.
    mutating func keep(_ text: String) {
        guard text != saved, nextSave.hasPassed, files.save(text) else { return }
        saved = text
        nextSave = .after(Self.pace)
    }

    mutating func end(_ text: String) {
        guard text != saved else { return }
        files.saveAtEnd(text)
        saved = text
    }

    func change(view name: String, to view: SavedView?) { files.change(view: name, to: view, answer: answer) }
}
