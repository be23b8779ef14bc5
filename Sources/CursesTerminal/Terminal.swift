import CSystem
import Glibc
import Reactor
import TerminalCells

/// A person's terminal while a program has its screen.
///
/// Not sendable: it belongs to the thread of the main loop. A crash or a deadly signal gives the terminal back
/// from C (`terminal_life.c`), whatever Swift was doing.
final class Terminal {
    struct Options: Sendable {
        /// The descriptor that must be a terminal.
        var descriptor: Int32 = 1
        var environment = TerminalEnvironment.current()
        /// Reports clicks; selecting with the mouse then needs Shift.
        var mouse = false
        /// The file that a crash is described in; nil for none.
        var crashReport: String?

        init() {}
    }

    let capabilities: TerminalCapabilities
    /// What the backspace key sends.
    let backspace: UInt8
    let wishes: WishEncoder
    let descriptor: Int32
    private let entering: [UInt8]
    private var original = termios()
    private var raw = termios()
    private(set) var isEntered = false
    /// What the line did not take yet; while there is some, no frame is painted.
    private var unsent: ArraySlice<UInt8> = []

    /// Takes hold of the terminal without touching its screen; ``enter()`` does that.
    ///
    /// - Throws: ``TerminalError`` with one line that says what cannot work and what can be done.
    static func open(_ options: Options = Options()) throws(TerminalError) -> Terminal {
        guard isatty(options.descriptor) == 1 else {
            throw TerminalError(
                code: "no-terminal", target: "standard output", cause: "it is not a terminal",
                hint: "use galley status, or galley --plain")
        }
        let found = try Terminfo.read(options.environment, descriptor: options.descriptor)
        return try Terminal(options, found)
    }

    private init(_ options: Options, _ found: Terminfo.Answer) throws(TerminalError) {
        capabilities = found.capabilities
        backspace = found.backspace
        let term = found.capabilities.name
        let isScreen = term.hasPrefix("screen") && !options.environment.isInTmux
        wishes = WishEncoder(
            isSupported: found.capabilities.operatingSystemCommands,
            multiplexer: options.environment.isInTmux || term.hasPrefix("tmux") ? .tmux : isScreen ? .screen : .none)
        let modes = Terminal.modes(found.capabilities, mouse: options.mouse)
        entering = modes.enter
        // A description of its own, so that non-blocking does not spread to the shell's.
        let reopened = galley_terminal_reopen(options.descriptor)
        descriptor = reopened >= 0 ? reopened : Glibc.open("/dev/tty", O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0, tcgetattr(descriptor, &original) == 0,
            galley_terminal_guard(descriptor, &original, modes.leave, modes.leave.count, options.crashReport) == 0
        else {
            throw TerminalError(
                code: "terminal-closed", target: "standard output", cause: String(cString: strerror(errno)),
                hint: "the terminal may belong to another user: log in anew instead of su")
        }
        raw = original
        raw.c_iflag &= ~tcflag_t(BRKINT | ICRNL | INLCR | IGNCR | INPCK | ISTRIP | IXON)
        raw.c_oflag &= ~tcflag_t(OPOST)
        raw.c_lflag &= ~tcflag_t(ECHO | ECHONL | ICANON | IEXTEN | ISIG)
        raw.c_cflag |= tcflag_t(CS8)
    }

    deinit { close(descriptor) }

    /// What takes the screen and what gives it back, the last undoing the first in full.
    private static func modes(_ it: TerminalCapabilities, mouse: Bool) -> (enter: [UInt8], leave: [UInt8]) {
        var enter = it.enter + it.hideCursor
        var leave: [UInt8] = []
        if it.synchronizedOutput { leave += Array("\u{1B}[?2026l".utf8) }
        if it.bracketedPaste {
            enter += Array("\u{1B}[?2004h".utf8)
            leave += Array("\u{1B}[?2004l".utf8)
        }
        if it.hyperlinks { leave += Array("\u{1B}]8;;\u{1B}\\".utf8) }
        if it.keepsTitle {
            enter += Array("\u{1B}[22;0t".utf8)
            leave += Array("\u{1B}[23;0t".utf8)
        }
        if mouse, it.mouse {
            enter += Array("\u{1B}[?1002;1006h".utf8)
            leave += Array("\u{1B}[?1002;1006l".utf8)
        }
        if it.unicode, it.synchronizedOutput {
            // Explicit direction (ECMA-48's BDSM): a terminal that would reorder right-to-left letters by itself
            // would move the cells beside them too. Others ignore it.
            enter += Array("\u{1B}[8l".utf8)
            leave += Array("\u{1B}[8h".utf8)
        }
        return (enter, leave + it.showCursor + it.leave)
    }

    /// Its size; 80x24 where it does not say.
    var size: Size {
        let packed = galley_terminal_size(descriptor)
        let columns = Int(packed >> 16)
        let rows = Int(packed & 0xFFFF)
        guard columns > 0, rows > 0 else { return Size(columns: 80, rows: 24) }
        return Size(columns: min(columns, 1000), rows: min(rows, 500))
    }

    // MARK: Life

    /// Takes the screen: raw keys, the alternate screen, cleared, without a cursor.
    func enter() {
        guard !isEntered else { return }
        isEntered = true
        galley_terminal_set_active(true)
        galley_errors_hold()
        tcsetattr(descriptor, TCSANOW, &raw)
        write(entering)
    }

    /// Gives the screen back.
    ///
    /// - Parameter patience: how long what is still unsent may take.
    func leave(patience: Duration) {
        guard isEntered else { return }
        isEntered = false
        let end = Deadline.after(patience)
        while !unsent.isEmpty, !end.hasPassed, wait(for: POLLOUT, until: end) { flush() }
        unsent = []
        galley_terminal_restore()
        galley_errors_release()
    }

    // MARK: Bytes

    var hasUnsent: Bool { !unsent.isEmpty }

    func write(_ bytes: [UInt8]) {
        unsent += bytes
        flush()
    }

    /// Sends what the line takes now.
    func flush() {
        while !unsent.isEmpty {
            let count = unsent.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                unsent = unsent.dropFirst(count)
            } else if count == 0 || errno != EINTR {
                // Full for now, or gone; the loop sees which.
                return
            }
        }
        unsent = []
    }

    enum Input: Equatable {
        case bytes([UInt8])
        case nothing
        /// The terminal is gone.
        case hangUp
    }

    func read() -> Input {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count > 0 { return .bytes(Array(buffer[..<count])) }
            if count == 0 { return .hangUp }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .nothing
            default: return .hangUp
            }
        }
    }

    /// True when something was typed that was not read yet.
    var hasInput: Bool { wait(for: POLLIN, until: Deadline(nanoseconds: 0)) }

    /// True when the descriptor is ready before the deadline.
    func wait(for events: Int32, until deadline: Deadline) -> Bool {
        var poll = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        while true {
            let milliseconds = (deadline.remaining.nanoseconds + 999_999) / 1_000_000
            let count = Glibc.poll(&poll, 1, Int32(clamping: milliseconds))
            if count < 0, errno == EINTR { continue }
            return count > 0 && poll.revents & Int16(events) != 0
        }
    }
}
