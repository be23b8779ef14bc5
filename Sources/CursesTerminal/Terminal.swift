import CNcurses
import CSystem
import Glibc
import Reactor
import TerminalCells

/// The terminal that the process runs on: its modes, its size, its bytes in and out.
///
/// Everything that opening changes is undone by ``close()``, by a crash handler, and by every signal that ends us.
final class Terminal {
    let capabilities: TerminalCapabilities
    let input: Int32
    let output: Int32
    private let ownsOutput: Bool
    private let usesMouse: Bool
    private var pending: ArraySlice<UInt8> = []
    private(set) var isGone = false

    /// - Parameters:
    ///   - crashReport: a file that a crash appends its name to.
    /// - Throws: ``TerminalError`` when standard input and output are no terminal on which a screen can work.
    init(variables: [String: String], usesMouse: Bool, crashReport: String?) throws(TerminalError) {
        guard isatty(0) == 1, isatty(1) == 1 else {
            throw TerminalError(
                code: "no-terminal", target: "standard input and output", cause: "they are no terminal",
                hint: "use galley status, or galley --plain")
        }
        let unicode = TerminalLocale.isUnicode
        capabilities = try Terminfo.capabilities(variables: variables, descriptor: 1, unicode: unicode)
        self.usesMouse = usesMouse && capabilities.mouse
        input = 0
        // A description of our own: non-blocking writes must not make the shell's descriptor non-blocking too.
        let own = ttyname(1).map { open($0, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC) } ?? -1
        ownsOutput = own >= 0
        output = own >= 0 ? own : 1
        guard galley_terminal_remember(1) else {
            throw TerminalError(code: "no-terminal", target: "standard output", cause: "its modes cannot be read")
        }
        let leave = leaveBytes
        leave.withUnsafeBytes { bytes in
            galley_terminal_on_crash(bytes.bindMemory(to: CChar.self).baseAddress, bytes.count, crashReport)
        }
        take()
    }

    // MARK: Taking and giving back

    private var enterBytes: [UInt8] {
        capabilities.enter + capabilities.hideCursor + mode("2004", capabilities.bracketedPaste, on: true)
            + mode("1002", usesMouse, on: true) + mode("1006", usesMouse, on: true)
    }

    private var leaveBytes: [UInt8] {
        // The synchronized mode ends first: a crash may strike within a frame.
        mode("2026", capabilities.synchronizedOutput, on: false) + mode("1006", usesMouse, on: false)
            + mode("1002", usesMouse, on: false) + mode("2004", capabilities.bracketedPaste, on: false)
            + capabilities.leave + capabilities.showCursor
    }

    private func mode(_ number: String, _ isUsed: Bool, on: Bool) -> [UInt8] {
        isUsed ? Array("\u{1B}[?\(number)\(on ? "h" : "l")".utf8) : []
    }

    private func take() {
        _ = galley_terminal_raw(1)
        write(enterBytes)
    }

    /// Gives the screen back; the modes are those that were found.
    func close() {
        discard()
        galley_terminal_restore()
        if ownsOutput { Glibc.close(output) }
    }

    /// Gives the screen back, stops as Ctrl-Z does, and takes it again when continued.
    func suspend() {
        discard()
        galley_terminal_restore()
        galley_terminal_stop()
        _ = galley_terminal_remember(1)
        take()
    }

    /// What was typed after the last key that counted, and a late answer, must not reach the shell.
    func discardInput() { tcflush(input, TCIFLUSH) }

    // MARK: Bytes

    var hasPending: Bool { !pending.isEmpty }

    /// Sends as much as the terminal takes now; the rest waits for ``flush()``.
    func write(_ bytes: [UInt8]) {
        pending += bytes
        flush()
    }

    func flush() {
        while !pending.isEmpty, !isGone {
            // Without a description of our own a write may block: small pieces, each after a look.
            let piece = ownsOutput ? pending : pending.prefix(256)
            if !ownsOutput, !isWritable { return }
            let count = piece.withUnsafeBytes { Glibc.write(output, $0.baseAddress, $0.count) }
            if count > 0 {
                pending = pending.dropFirst(count)
            } else if errno == EINTR {
                continue
            } else {
                if errno != EAGAIN { isGone = true }
                return
            }
        }
    }

    private var isWritable: Bool {
        var poll = pollfd(fd: output, events: Int16(POLLOUT), revents: 0)
        return Glibc.poll(&poll, 1, 0) == 1
    }

    private func discard() { pending = [] }

    /// What was typed; empty when nothing is there. The end of the input means that the terminal is gone.
    func read() -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(input, &buffer, buffer.count)
        if count > 0 { return Array(buffer[..<count]) }
        if count == 0 || (errno != EINTR && errno != EAGAIN) { isGone = true }
        return []
    }

    var size: Size {
        var window = winsize()
        guard ioctl(output, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0, window.ws_row > 0 else {
            return Size(columns: 80, rows: 24)
        }
        return Size(columns: min(Int(window.ws_col), 500), rows: min(Int(window.ws_row), 300))
    }
}
