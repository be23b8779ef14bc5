import Collectors
import Console
import Glibc
import Operations
import PlatformModel
import Reactor
import TerminalCells

/// One linear session: reads words, answers in sentences, and tells what changes in between.
struct PlainSession {
    private let arguments: Arguments
    private let connections: Connections
    private let wakeups: PlainWakeups
    private let readsCommands: Bool
    private let isInteractive = isatty(0) == 1 && isatty(1) == 1
    private var input = PlainInput()
    private var narrator: PlainNarrator?
    private var snapshot: Snapshot?
    private var isPaused = false
    private var isPrompted = false
    private var isOver = false
    private var told: [String] = []
    /// How long a reading, or an answer, may take.
    private static let patience = Duration.seconds(5)

    init(_ arguments: Arguments, _ connections: Connections, _ wakeups: PlainWakeups, readsCommands: Bool) {
        self.arguments = arguments
        self.connections = connections
        self.wakeups = wakeups
        self.readsCommands = readsCommands
    }

    mutating func run() {
        begin()
        while !isOver {
            answerTyped()
            if isOver { break }
            let ready = wakeups.wait(input: readsCommands && !input.isAtEnd ? 0 : nil, until: .never)
            if ready.interrupted { return leave() }
            if let newer = wakeups.take() {
                snapshot = newer
                tellNews()
            }
            if ready.input { input.fill() }
        }
    }

    // MARK: Telling

    /// The first status, as soon as everything was tried or it took too long.
    private mutating func begin() {
        let deadline = Deadline.after(.seconds(3))
        while !deadline.hasPassed {
            let ready = wakeups.wait(input: nil, until: deadline)
            if ready.interrupted { return leave() }
            if let newer = wakeups.take() { snapshot = newer }
            if let snapshot, PlainRenderer.isWhole(snapshot) { break }
        }
        guard let snapshot else { return }
        if readsCommands { say(["Galley, plain. Type help for the commands, quit to leave."]) }
        say(PlainRenderer.brief(snapshot, now: snapshot.at))
        narrator = PlainNarrator(snapshot, pace: isatty(1) == 1 ? .speech : .file)
        prompt()
    }

    private mutating func tellNews() {
        guard !isPaused, let snapshot, let news = narrator?.tell(snapshot), !news.isEmpty else { return }
        let time = "\(snapshot.at.wall.dateText) \(snapshot.at.wall.clockText)Z"
        for sentence in news {
            told.append("\(snapshot.at.wall.clockText) UTC: \(sentence)")
            // Who listens knows when; who reads a file does not.
            say([isatty(1) == 1 ? sentence : "\(time) \(sentence)"])
        }
        if told.count > 200 { told.removeFirst(told.count - 200) }
    }

    private mutating func say(_ lines: [String]) {
        if isPrompted { Output.line() }
        isPrompted = false
        for line in PlainRenderer.fitted(lines, columns: Output.columns) { Output.line(line) }
    }

    private mutating func prompt() {
        guard isInteractive, readsCommands, !isOver else { return }
        Output.prompt("> ")
        isPrompted = true
    }

    private mutating func leave() {
        if isPrompted { Output.line() }
        isPrompted = false
        isOver = true
    }

    // MARK: Answering

    private mutating func answerTyped() {
        while !isOver, let line = input.next() {
            // What was typed ended the prompt's line.
            isPrompted = false
            answer(line)
            prompt()
        }
        if input.isAtEnd, readsCommands, !isOver { leave() }
    }

    private mutating func answer(_ line: String) {
        do throws(CommandFailure) {
            switch PlainWords(line) {
            case .nothing: break
            case .session(let word, let rest): try perform(word, rest)
            case .line(let words): try perform(words)
            case .screenOnly(let command):
                say(["“\(command.id)” changes only what a screen shows. \(command.help) Here there is none."])
            case .unknown(let word):
                let near = Suggestion.text(for: word.lowercased(), among: PlainWords.firstWords)
                say([Wording.ended("There is no command “\(word)”\(near)"), "Type help for the commands."])
            }
        } catch {
            guard error.code != PlainSession.interruption else { return leave() }
            say([Wording.sentence(error.message), Wording.sentence(error.hint)].filter { !$0.isEmpty })
        }
    }

    private mutating func perform(_ word: String, _ rest: [String]) throws(CommandFailure) {
        switch word {
        case "quit": leave()
        case "pause":
            isPaused.toggle()
            say([isPaused ? "News is held back. Say pause again to hear it." : "News is told again."])
            if !isPaused { tellNews() }
        case "refresh": if let snapshot { say(PlainRenderer.brief(snapshot, now: snapshot.at)) }
        case "notices": say(told.isEmpty ? ["Nothing has changed since this began."] : told)
        default: say(PlainHelp.lines(rest))
        }
    }

    /// A command of the command line, answered from what is known or with a question of its own.
    private mutating func perform(_ words: [String]) throws(CommandFailure) {
        let asked = try Arguments(words)
        if asked.has("help"), let command = asked.command { return say(Help.lines(command)) }
        if let name = asked.option("environment"), name != connections.identity.name {
            throw CommandFailure(
                status: ExitStatus.usage, message: "this session watches \(connections.identity.name)",
                hint: "leave it with quit, then: galley --plain --environment \(name)")
        }
        if let snapshot, let lines = try known(asked, snapshot) { return say(lines) }
        if let lines = try fetched(asked) { return say(lines) }
        if words.first == "local" || asked.has("watch") {
            throw CommandFailure(
                status: ExitStatus.usage, message: "“\(words.joined(separator: " "))” is for the shell",
                hint: "leave with quit, then: galley \(words.joined(separator: " "))")
        }
        _ = try Galley.perform(words + sessionOptions)
    }

    /// The options that chose this session hold for its commands too.
    private var sessionOptions: [String] {
        var options = ["--environment", connections.identity.name]
        if let file = arguments.option("config") { options += ["--config", file] }
        return options
    }

    /// What the newest snapshot answers; nil when it is not about that, or JSON is wanted.
    private func known(_ asked: Arguments, _ snapshot: Snapshot) throws(CommandFailure) -> [String]? {
        if asked.has("json") { return nil }
        let now = Moment.now()
        switch asked.command?.id {
        case "status" where !asked.has("watch"): return PlainRenderer.statusLines(snapshot, now: now, columns: nil)
        case "findings.list": return PlainAnswers.findings(snapshot, now: now)
        case "queues.list": return PlainAnswers.queues(snapshot, now: now)
        case "databases.list": return PlainAnswers.databases(snapshot, now: now)
        case "services.list": return PlainAnswers.services(snapshot, now: now)
        case "why":
            let name = asked.positionals.joined(separator: " ")
            if let lines = PlainWhy.lines(name, in: snapshot, now: now) { return lines }
            throw WhyCommand.unknown(name, in: snapshot)
        default: return nil
        }
    }

    /// What has to be asked for.
    private mutating func fetched(_ asked: Arguments) throws(CommandFailure) -> [String]? {
        if asked.has("json") { return nil }
        switch asked.command?.id {
        case "orders.list":
            let query = try OrdersCommand.query(asked, limit: 10)
            let source = try OrdersCommand.source(connections)
            let page = try ask { () async throws(ReadFailure) in
                try await source.page(query, after: nil, until: .after(Self.patience))
            }
            return PlainAnswers.orders(page, now: Moment.now().wall)
        case "orders.show":
            let id = try OrdersCommand.number(asked)
            let source = try OrdersCommand.source(connections)
            let details = try ask { () async throws(ReadFailure) in
                try await source.details(id: id, until: .after(Self.patience))
            }
            guard let details else { throw OrdersCommand.absent(id) }
            return PlainAnswers.order(details, now: Moment.now().wall)
        case "queues.jobs":
            let request = try QueuesCommand.JobsRequest(asked, limit: 10)
            let reader = try QueuesCommand.reader(connections)
            let page = try ask { () async throws(ReadFailure) in
                try await reader.jobs(
                    queue: request.queue, state: request.state, limit: request.limit, until: .after(Self.patience))
            }
            if page.total == 0, let queues = snapshot?.queues.value {
                try QueuesCommand.check(request.queue, among: queues.map(\.name))
            }
            return PlainAnswers.jobs(page, now: Moment.now().wall)
        default: return nil
        }
    }

    private static let interruption = "interrupted"

    /// Waits for an answer; Ctrl-C ends the wait and the session.
    private func ask<Value: Sendable>(
        _ body: @escaping @Sendable () async throws(ReadFailure) -> Value
    ) throws(CommandFailure) -> Value {
        let answer = Locked<Result<Value, ReadFailure>?>(nil)
        let done = AsyncSignal(loop: .shared)
        let task = Task(executorPreference: EventLoop.shared) {
            let result: Result<Value, ReadFailure>
            do throws(ReadFailure) {
                result = .success(try await body())
            } catch {
                result = .failure(error)
            }
            answer.withLock { $0 = result }
            done.fire()
        }
        while true {
            let ready = wakeups.wait(input: nil, other: done, until: .never)
            if ready.interrupted {
                task.cancel()
                throw CommandFailure(status: ExitStatus.done, message: "", code: Self.interruption)
            }
            switch answer.withLock({ $0 }) {
            case .success(let value): return value
            case .failure(let failure): throw CommandFailure(failure)
            case nil: continue
            }
        }
    }
}

/// Lines from standard input, as they come.
struct PlainInput {
    private var pending: [UInt8] = []
    private(set) var isAtEnd = false
    /// A longer line is no command.
    private static let longest = 16 << 10

    /// Reads what is there; blocks when nothing is.
    mutating func fill() {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = read(0, &buffer, buffer.count)
        if count < 0, errno == EINTR || errno == EAGAIN { return }
        guard count > 0 else {
            isAtEnd = true
            return
        }
        pending += buffer[..<count]
        if pending.count > Self.longest, !pending.contains(10) { pending = [] }
    }

    /// The next whole line, or what stands behind the last one at the end.
    mutating func next() -> String? {
        if let end = pending.firstIndex(of: 10) {
            defer { pending.removeSubrange(...end) }
            return String(decoding: pending[..<end], as: UTF8.self)
        }
        guard isAtEnd, !pending.isEmpty else { return nil }
        defer { pending = [] }
        return String(decoding: pending, as: UTF8.self)
    }
}
