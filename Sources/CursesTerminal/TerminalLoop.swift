import CSystem
import Glibc
import Reactor
import TerminalCells

/// The main thread's loop: `poll` on keys, mailbox and signals; a frame when something changed and the line takes it.
public struct TerminalLoop<Program: TerminalProgram> {
    private var program: Program
    private let mailbox: Mailbox<Program.Message>
    private let terminal: Terminal
    private let signals: Int32
    private let isInTmux: Bool
    private var painter: ScreenPainter
    private var flow: FlowControl
    private var decoder = KeyDecoder()
    private var size: Size
    private var isDirty = true
    private var isUrgent = true
    private var isIncomplete = false
    private var pace = FramePace()
    private var toldSlow = false


    /// Opens the terminal.
    ///
    /// - Parameters:
    ///   - variables: the process's environment.
    ///   - crashReport: a file that a crash leaves its name in; nil for none.
    /// - Throws: ``TerminalError`` when no screen can work here.
    public init(
        _ program: Program, mailbox: Mailbox<Program.Message>, variables: [String: String], usesMouse: Bool = false,
        crashReport: String? = nil
    ) throws(TerminalError) {
        self.program = program
        self.mailbox = mailbox
        signals = galley_terminal_signals()
        terminal = try Terminal(variables: variables, usesMouse: usesMouse, crashReport: crashReport)
        isInTmux = variables["TMUX"] != nil
        size = terminal.size
        painter = ScreenPainter(capabilities: terminal.capabilities, size: size)
        painter.assumeCleared(size: size)
        flow = FlowControl(canAsk: terminal.capabilities.statusReport)
    }

    /// Runs until the program quits, a signal ends it or the terminal goes away; returns the exit status.
    ///
    /// Blocks. A signal that ends the process does so by its default action, with the screen given back.
    public mutating func run() -> Int32 {
        program.handle(.resize(size))
        while true {
            if let status = fulfil(program.takeWishes()) {
                leave()
                return status
            }
            paint()
            wait()
            if let signal = takeSignals() {
                leave()
                galley_terminal_die(signal)
            }
            if terminal.isGone {
                // Nobody is there to see a restore; the status is that of a hang-up.
                galley_terminal_forget()
                galley_terminal_die(SIGHUP)
            }
        }
    }

    // MARK: Input

    private mutating func wait() {
        var polls = [
            pollfd(fd: terminal.input, events: Int16(POLLIN), revents: 0),
            pollfd(fd: mailbox.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: signals, events: Int16(POLLIN), revents: 0),
            pollfd(fd: terminal.output, events: terminal.hasPending ? Int16(POLLOUT) : 0, revents: 0),
        ]
        _ = poll(&polls, nfds_t(polls.count), timeout())
        let now = Deadline.now
        if polls[3].revents & Int16(POLLOUT) != 0 { terminal.flush() }
        if polls[0].revents != 0 { take(decoder.feed(terminal.read(), at: now), at: now) }
        take(decoder.flush(at: .now), at: now)
        if polls[1].revents != 0 {
            for message in mailbox.takeAll() { program.receive(message) }
            isDirty = true
        }
        if program.nextWake <= now {
            program.tick()
            isDirty = true
        }
        flow.expire(at: now)
    }

    private mutating func take(_ outputs: [KeyDecoder.Output], at now: Deadline) {
        for output in outputs {
            switch output {
            case .statusReport:
                flow.answered(at: now)
                if flow.isSlow != toldSlow {
                    toldSlow = flow.isSlow
                    program.line(isSlow: toldSlow, bytesPerSecond: flow.rate.map { Int($0) })
                    isDirty = true
                }
            case .event(let event):
                program.handle(event)
                isDirty = true
                isUrgent = true
            }
        }
    }

    /// Milliseconds until something is due without input.
    private func timeout() -> Int32 {
        var due = program.nextWake
        if let deadline = decoder.deadline { due = min(due, deadline) }
        if isDirty || isIncomplete, !terminal.hasPending {
            let chance = flow.isSlow ? flow.nextData : pace.next
            due = min(due, max(chance, .after(.milliseconds(5))))
        }
        let milliseconds = (due.remaining.nanoseconds + 999_999) / 1_000_000
        return Int32(clamping: min(milliseconds, 1000))
    }

    /// Notes resizes and stops; returns a signal that ends us.
    private mutating func takeSignals() -> Int32? {
        let noted = galley_terminal_take_signals()
        guard noted != 0 else { return nil }
        func has(_ signal: Int32) -> Bool { noted & (1 << UInt64(signal)) != 0 }
        if let fatal = [SIGHUP, SIGTERM, SIGINT, SIGQUIT].first(where: has) { return fatal }
        if has(SIGTSTP) { suspend() }
        if has(SIGWINCH) || has(SIGCONT) { resize(always: has(SIGCONT)) }
        return nil
    }

    private mutating func resize(always: Bool = false) {
        let new = terminal.size
        guard always || new != size else { return }
        size = new
        painter.forget(size: size)
        program.handle(.resize(size))
        isDirty = true
        isUrgent = true
    }

    private mutating func suspend() {
        terminal.suspend()
        size = terminal.size
        painter.assumeCleared(size: size)
        program.handle(.resize(size))
        isDirty = true
        isUrgent = true
    }

    // MARK: Output

    private mutating func paint() {
        guard isDirty || isIncomplete, !terminal.hasPending else { return }
        let now = Deadline.now
        if !isUrgent, pace.next > now { return }
        let budget = flow.budget(isUrgent: isUrgent, at: now)
        guard budget > 0 else { return }
        let buffer = program.render(size: size)
        let frame = painter.paint(buffer, budget: budget, focus: buffer.cursor?.row)
        isDirty = false
        isUrgent = isUrgent && !frame.isComplete
        isIncomplete = !frame.isComplete
        pace.painted(at: now)
        guard !frame.bytes.isEmpty else { return }
        send(frame.bytes, at: now)
    }

    private mutating func send(_ bytes: [UInt8], at now: Deadline) {
        let asks = flow.wantsQuestion(after: bytes.count)
        terminal.write(asks ? bytes + Array("\u{1B}[5n".utf8) : bytes)
        flow.sent(bytes.count, asking: asks, at: now)
    }

    /// Does what the program wants; returns the exit status when it wants to end.
    private mutating func fulfil(_ wishes: [TerminalWish]) -> Int32? {
        for wish in wishes {
            switch wish {
            case .quit(let status): return status
            case .suspend: suspend()
            case .bell: terminal.write([7])
            case .repaint:
                painter.forget(size: size)
                isDirty = true
                isUrgent = true
            case .copy(let text): copy(text)
            }
        }
        return nil
    }

    private mutating func copy(_ text: String) {
        guard terminal.capabilities.operatingSystemCommands else { return }
        // Terminals refuse more than about 100 kB; a row or a screen is far less.
        let payload = Base64.encode(Array(text.utf8.prefix(74_994)))
        let command = "\u{1B}]52;c;\(payload)\u{07}"
        // tmux passes on what is wrapped, with every ESC doubled.
        let wrapped = isInTmux ? "\u{1B}Ptmux;\u{1B}\(command)\u{1B}\\" : command
        send(Array(wrapped.utf8), at: .now)
    }

    /// Gives the terminal back; waits, bounded, for an answer that would otherwise be typed into the shell.
    private mutating func leave() {
        let limit = Deadline.after(flow.awaitsAnswer ? .milliseconds(800) : .milliseconds(60))
        while flow.mayBeAnswered, !limit.hasPassed, !terminal.isGone {
            var polls = [pollfd(fd: terminal.input, events: Int16(POLLIN), revents: 0)]
            guard poll(&polls, 1, Int32(clamping: limit.remaining.nanoseconds / 1_000_000 + 1)) > 0 else { break }
            for output in decoder.feed(terminal.read(), at: .now) where output == .statusReport {
                flow.answered(at: .now)
            }
        }
        terminal.discardInput()
        terminal.close()
    }
}
