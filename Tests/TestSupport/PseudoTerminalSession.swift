import CSystem
import Glibc
import Reactor
import Testing

/// The `galley` binary on a pseudo-terminal, with a configuration whose servers do not exist.
public final class PseudoTerminalSession: Sendable {
    public enum End: Sendable, Hashable {
        case exited(Int32)
        case killed(Int32)
        case never
    }

    private struct Broken: Error {}

    private let loop = EventLoop.shared
    private let master: Int32
    private let slave: Int32
    private let pid: pid_t
    private let before: [UInt8]
    /// The user's home, which also holds `galley.toml`.
    public let folder: String
    private let received = Locked<[UInt8]>([])
    private static let patience = Duration.seconds(20)

    /// - Parameters:
    ///   - arguments: beyond `--config`.
    ///   - settings: lines added to the configuration.
    public init(
        term: String = "xterm-256color", columns: UInt16 = 80, rows: UInt16 = 24, arguments: [String] = [],
        settings: String = ""
    ) throws {
        var other: Int32 = -1
        master = galley_pseudo_terminal(&other)
        slave = other
        guard master >= 0 else { throw Broken() }
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(slave, UInt(TIOCSWINSZ), &size)
        before = Self.modes(slave)
        _ = fcntl(master, F_SETFL, O_NONBLOCK)
        var folder = Array("/tmp/galley-pty-XXXXXX".utf8CString)
        guard mkdtemp(&folder) != nil else { throw Broken() }
        let path = String(decoding: folder.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        self.folder = path
        pid = try Self.spawn(term: term, folder: path, slave: slave, arguments, settings)
    }

    deinit {
        Glibc.kill(pid, SIGKILL)
        close(master)
        close(slave)
    }

    // MARK: What a person does

    public func type(_ text: String) { _ = text.withCString { write(master, $0, strlen($0)) } }

    public func kill(_ signal: Int32) { Glibc.kill(pid, signal) }

    public func resize(columns: UInt16, rows: UInt16) {
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(slave, UInt(TIOCSWINSZ), &size)
        Glibc.kill(pid, SIGWINCH)
    }

    /// The window is closed: the process sees the end of its terminal.
    public func hangUp() {
        // A session leader's hang-up: the descriptor itself stays open for the test's own look at it.
        Glibc.kill(pid, SIGHUP)
    }

    // MARK: What a person sees

    /// All that was written, escape sequences included.
    public var text: String { String(decoding: received.withLock { $0 }, as: UTF8.self) }

    public func output(contains wanted: String) async -> Bool {
        let deadline = Deadline.after(Self.patience)
        while !text.contains(wanted) {
            drain()
            if text.contains(wanted) { break }
            guard case .ready = await loop.wait(master, for: .read, until: deadline) else { return false }
            drain()
        }
        return true
    }

    /// Waits for the process to end; its output goes on being read, so that it never blocks on it.
    public func end() async -> End {
        let descriptor = galley_pidfd_open(pid)
        defer {
            loop.forget(descriptor)
            close(descriptor)
        }
        let deadline = Deadline.after(Self.patience)
        while !deadline.hasPassed {
            drain()
            if case .ready = await loop.wait(descriptor, for: .read, until: min(deadline, .after(.milliseconds(20)))) {
                drain()
                var (code, signal): (Int32, Int32) = (0, 0)
                guard galley_wait(pid, &code, &signal) else { return .never }
                return signal != 0 ? .killed(signal) : .exited(code)
            }
        }
        return .never
    }

    /// Modes as they were, alternate screen left, cursor shown.
    public func expectRestored() {
        #expect(Self.modes(slave) == before, "the terminal's modes are not those that were found")
        let text = text
        if let entered = text.range(of: "\u{1B}[?1049h") {
            let left = text.range(of: "\u{1B}[?1049l")
            #expect(left.map { $0.lowerBound > entered.lowerBound } ?? false, "the alternate screen was not left")
        }
        if text.contains("\u{1B}[?2004h") { #expect(text.hasSuffixed("\u{1B}[?2004l"), "paste mode was left on") }
        if text.contains("\u{1B}[?25l") {
            let hidden = text.ranges(of: "\u{1B}[?25l").last
            let shown = text.ranges(of: "\u{1B}[?25h").last ?? text.ranges(of: "\u{1B}[?12l\u{1B}[?25h").last
            #expect(
                zip([hidden], [shown]).allSatisfy { h, s in
                    h.map { h in s.map { $0.lowerBound > h.lowerBound } ?? false } ?? true
                })
        }
    }

    private func drain() {
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = read(master, &buffer, buffer.count)
            guard count > 0 else { return }
            received.withLock { $0 += buffer[..<count] }
        }
    }

    private static func modes(_ descriptor: Int32) -> [UInt8] {
        var modes = termios()
        tcgetattr(descriptor, &modes)
        return withUnsafeBytes(of: &modes) { Array($0) }
    }

    private static func spawn(
        term: String, folder: String, slave: Int32, _ extra: [String], _ settings: String
    ) throws -> pid_t {
        let configuration = """
            default_environment = "nowhere"
            [environments.nowhere]
            kind = "dev"
            [environments.nowhere.postgres]
            [[environments.nowhere.postgres.nodes]]
            name = "one"
            host = "127.0.0.1"
            port = 1
            """
        let file = folder + "/galley.toml"
        guard let stream = fopen(file, "w") else { throw Broken() }
        fputs(configuration + "\n" + settings, stream)
        fclose(stream)
        let binary = galleyBinary
        var variables = ["HOME=\(folder)", "LANG=C.UTF-8", "PATH=/usr/bin:/bin", "SWIFT_BACKTRACE=enable=no"]
        if !term.isEmpty { variables.append("TERM=\(term)") }
        var arguments: [UnsafeMutablePointer<CChar>?] =
            (["galley", "--config", file] + extra).map { (word: String) in strdup(word) } + [nil]
        var environment: [UnsafeMutablePointer<CChar>?] = variables.map { strdup($0) } + [nil]
        defer { (arguments + environment).forEach { free($0) } }
        let pid = binary.withCString { path in
            arguments.withUnsafeMutableBufferPointer { arguments in
                environment.withUnsafeMutableBufferPointer { environment in
                    var request = galley_spawn()
                    request.path = path
                    request.arguments = UnsafePointer(arguments.baseAddress)
                    request.environment = UnsafePointer(environment.baseAddress)
                    (request.input, request.output, request.errors) = (slave, slave, slave)
                    request.new_session = true
                    request.user = uid_t.max
                    request.group = gid_t.max
                    return galley_spawn(&request)
                }
            }
        }
        guard pid > 0 else { throw Broken() }
        return pid
    }

    /// The binary stands beside the test bundle.
    private static var galleyBinary: String {
        var path = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &path, path.count - 1)
        let own = String(decoding: path.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        if own.contains("/.build") {
            return own.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } + "/galley"
        }
        // `swift test` runs a helper of the toolchain that loads the bundle: its path is among the arguments.
        let bundle = CommandLine.arguments.first { $0.contains(".xctest") } ?? ""
        return bundle.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } + "/galley"
    }
}

extension String {
    fileprivate func hasSuffixed(_ wanted: String) -> Bool { ranges(of: wanted).last != nil }

    fileprivate func range(of wanted: String) -> Range<String.Index>? { ranges(of: wanted).first }
}
