import CSystem
import Glibc
import Reactor

/// A program on a terminal of its own, as a person at it sees it: keys in, a screen out.
///
/// Every wait is for a condition, with a deadline far beyond what a loaded machine needs.
public final class PseudoTerminal {
    public let process: pid_t
    public private(set) var screen: TerminalEmulator
    /// Everything that the program wrote.
    public private(set) var output: [UInt8] = []
    private var master: Int32
    private var unanswered: [UInt8] = []
    /// Whether the terminal answers `ESC [ 5 n`.
    public var answers = true
    /// Keeps the answers back, as a slow line does, until it is set to false.
    public var holdsAnswers = false {
        didSet {
            if !holdsAnswers { for _ in 0..<held { send(PseudoTerminal.answer) } }
            held = 0
        }
    }
    private var held = 0
    private static let answer = Array("\u{1B}[0n".utf8)
    private var status: Int32?
    private var hasEnded = false

    /// The folder of the products that the tests were built into.
    public static let products: String = {
        let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
        return String(bundle[..<(bundle.lastIndex(of: "/") ?? bundle.startIndex)])
    }()

    public init(
        _ words: [String], environment: [String: String], columns: Int = 80, rows: Int = 24,
        width: @escaping @Sendable (String) -> Int = { _ in 1 }
    ) throws {
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for word in arguments + variables { free(word) } }
        var master: Int32 = -1
        process = galley_spawn_on_terminal(words[0], &arguments, &variables, Int32(columns), Int32(rows), &master)
        guard process > 0 else { throw ScratchFailure("\(words[0]) could not be started: errno \(errno)") }
        self.master = master
        _ = fcntl(master, F_SETFL, fcntl(master, F_GETFL) | O_NONBLOCK)
        screen = TerminalEmulator(columns: columns, rows: rows, width: width)
    }

    deinit {
        if status == nil {
            kill(process, SIGKILL)
            waitpid(process, nil, 0)
        }
        if master >= 0 { close(master) }
    }

    // MARK: What a person does

    public func type(_ text: String) { send(Array(text.utf8)) }

    public func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
            if count > 0 { rest = rest.dropFirst(count) } else if !pump(until: .after(.seconds(1))) { return }
        }
    }

    public func resize(columns: Int, rows: Int) {
        screen = TerminalEmulator(columns: columns, rows: rows)
        galley_terminal_resize(master, Int32(columns), Int32(rows))
    }

    public func signal(_ number: Int32) { kill(process, number) }

    /// The terminal vanishes, as when a connection is cut.
    public func hangUp() {
        close(master)
        master = -1
    }

    // MARK: What a person waits for

    /// Reads until the condition holds; false when it did not within the time.
    public func wait(_ patience: Duration = .seconds(20), until condition: (PseudoTerminal) -> Bool) -> Bool {
        let end = Deadline.after(patience)
        while !condition(self) {
            if end.hasPassed { return false }
            if !pump(until: .after(.milliseconds(50))), hasEnded, !condition(self) { return false }
        }
        return true
    }

    public func waits(for text: String) -> Bool { wait { $0.screen.lines.contains { $0.contains(text) } } }

    /// The wait status once the process has ended and its last words were read: the exit code, or minus the signal.
    public func end(_ patience: Duration = .seconds(20)) -> Int32? {
        let end = Deadline.after(patience)
        while status == nil, !end.hasPassed {
            if master >= 0 { _ = pump(until: .after(.milliseconds(20))) } else { usleep(1000) }
            reap()
        }
        while master >= 0, pump(until: .now) {}
        return status
    }

    /// The processes of its session that are still there.
    public var left: [pid_t] {
        guard let folder = opendir("/proc") else { return [] }
        defer { closedir(folder) }
        var found: [pid_t] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if let other = pid_t(name), getsid(other) == process { found.append(other) }
        }
        return found
    }

    /// True while the process is stopped by job control.
    public var isStopped: Bool {
        var state: Int32 = 0
        return waitpid(process, &state, WNOHANG | WUNTRACED) == process && state & 0xFF == 0x7F
    }

    /// The terminal's modes: local and output flags tell whether it is raw.
    public var isRaw: Bool {
        var modes = termios()
        tcgetattr(master, &modes)
        return modes.c_lflag & tcflag_t(ECHO | ICANON) == 0
    }

    private func reap() {
        var code: Int32 = 0
        guard status == nil, waitpid(process, &code, WNOHANG) == process else { return }
        status = code & 0x7F == 0 ? code >> 8 & 0xFF : -(code & 0x7F)
    }

    /// Reads what there is; false when nothing came before the deadline or the program is gone.
    private func pump(until deadline: Deadline) -> Bool {
        var poll = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
        let milliseconds = Int32(clamping: deadline.remaining.nanoseconds / 1_000_000)
        guard Glibc.poll(&poll, 1, milliseconds) > 0 else { return false }
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = read(master, &buffer, buffer.count)
        guard count > 0 else {
            hasEnded = true
            return false
        }
        output += buffer[..<count]
        screen.feed(buffer[..<count])
        answer(buffer[..<count])
        return true
    }

    /// Answers `ESC [ 5 n` as terminals do.
    private func answer(_ bytes: ArraySlice<UInt8>) {
        unanswered += bytes
        let question = Array("\u{1B}[5n".utf8)
        while let place = unanswered.indices.first(where: { unanswered[$0...].starts(with: question) }) {
            unanswered.removeFirst(place + question.count)
            if holdsAnswers { held += 1 } else if answers { send(PseudoTerminal.answer) }
        }
        unanswered = unanswered.suffix(3)
    }
}
