import CSystem
import Glibc
import Reactor
import TerminalCells

/// The main loop of a program with a screen: synchronous, on the thread that calls it.
///
/// It waits in one `poll` for the terminal, the mailbox and signals. Keys are painted at once, data when the line
/// has room; what the line cannot carry is dropped, never queued.
public struct TerminalLoop<Program: TerminalProgram> {
    private var program: Program
    private let mailbox: Mailbox<Program.Message>
    private let terminal: Terminal
    private let signals: Int32
    private var state: LoopState

    /// Takes hold of the terminal, without touching its screen yet.
    ///
    /// - Parameters:
    ///   - variables: the process's environment: TERM, COLORTERM, NO_COLOR, TMUX and the locale.
    ///   - usesMouse: reports clicks; selecting with the mouse then needs Shift.
    ///   - crashReport: a file that a crash is described in; nil for none.
    /// - Throws: ``TerminalError`` when no screen can work here.
    public init(
        _ program: Program, mailbox: Mailbox<Program.Message>, variables: [String: String], usesMouse: Bool = false,
        crashReport: String? = nil
    ) throws(TerminalError) {
        var options = Terminal.Options()
        options.environment = TerminalEnvironment(variables: variables)
        options.mouse = usesMouse
        options.crashReport = crashReport
        terminal = try Terminal.open(options)
        signals = galley_eventfd_create()
        guard signals >= 0, galley_signals_install(signals) == 0 else {
            throw TerminalError(
                code: "no-signals", target: "this process", cause: String(cString: strerror(errno)),
                hint: "raise the limit of open files (ulimit -n)")
        }
        self.program = program
        self.mailbox = mailbox
        state = LoopState(terminal: terminal)
    }

    /// Runs until the program quits, and returns its status.
    ///
    /// Signals that end the process, and a terminal that vanishes, give the terminal back and end it by the
    /// signal, so that the parent sees the true status; then this does not return.
    public mutating func run() -> Int32 {
        program.handle(.resize(terminal.size))
        state.enter()
        state.paint(&program)
        while true {
            if let status = state.fulfil(&program) { return status }
            var polls = [
                pollfd(fd: terminal.descriptor, events: Int16(POLLIN), revents: 0),
                pollfd(fd: mailbox.descriptor, events: Int16(POLLIN), revents: 0),
                pollfd(fd: signals, events: Int16(POLLIN), revents: 0),
            ]
            if terminal.hasUnsent { polls[0].events |= Int16(POLLOUT) }
            poll(&polls, nfds_t(polls.count), state.timeout(program.nextWake))
            if polls[2].revents != 0 {
                galley_eventfd_drain(signals)
                state.takeSignals(&program)
            }
            if polls[0].revents & Int16(POLLOUT) != 0 { terminal.flush() }
            if polls[0].revents & ~Int16(POLLOUT) != 0 { state.read(&program) }
            state.expire(&program)
            // A person is not kept waiting by what data has to tell.
            if let status = state.fulfil(&program) { return status }
            state.paint(&program)
            if polls[1].revents != 0 {
                for message in mailbox.takeAll() { program.receive(message) }
                state.pacer.dataChanged()
            }
            if program.nextWake.hasPassed {
                program.tick()
                state.pacer.dataChanged()
            }
            if let status = state.fulfil(&program) { return status }
            // A key that came meanwhile is painted together with the data, not after it.
            if !terminal.hasInput { state.paint(&program) }
        }
    }
}

/// The loop's own state, and its steps.
struct LoopState {
    let terminal: Terminal
    var pacer: FramePacer
    private var decoder: KeyDecoder
    /// The rate that the program was told; nil for a fast line.
    private var toldRate: Double?

    init(terminal: Terminal) {
        self.terminal = terminal
        pacer = FramePacer(capabilities: terminal.capabilities, size: terminal.size)
        decoder = KeyDecoder(backspace: terminal.backspace)
    }

    // MARK: Time

    /// Milliseconds until something is due without input.
    func timeout(_ wake: Deadline) -> Int32 {
        var deadline = wake
        for next in [decoder.deadline, terminal.hasUnsent ? nil : pacer.nextFrame, pacer.flow.nextExpiry] {
            if let next { deadline = min(deadline, next) }
        }
        if deadline == .never { return -1 }
        return Int32(clamping: (deadline.remaining.nanoseconds + 999_999) / 1_000_000)
    }

    mutating func expire(_ program: inout some TerminalProgram) {
        let now = Deadline.now
        take(decoder.expire(at: now), &program)
        pacer.expire(at: now)
    }

    // MARK: Input

    mutating func read(_ program: inout some TerminalProgram) {
        switch terminal.read() {
        case .bytes(let bytes): take(decoder.feed(bytes, at: .now), &program)
        case .nothing: break
        case .hangUp:
            program.willEnd()
            terminal.leave(patience: .zero)
            galley_signals_die(SIGHUP)
        }
    }

    private mutating func take<Program: TerminalProgram>(_ outputs: [KeyDecoder.Output], _ program: inout Program) {
        for _ in 0..<outputs.count(where: { $0 == .statusReport }) {
            pacer.answered(at: .now)
            owe()
            tellLine(&program)
        }
        let events = outputs.compactMap { output in
            if case .event(let event) = output { event } else { nil }
        }
        guard !events.isEmpty else { return }
        pacer.handle(&program, render: { $0.render(size: $1) }) { program in
            for event in events { program.handle(event) }
        }
    }

    private mutating func tellLine(_ program: inout some TerminalProgram) {
        let flow = pacer.flow
        let rate = flow.isSlow ? flow.rate : nil
        switch (rate, toldRate) {
        case (nil, nil): return
        case (let rate?, let told?) where abs(rate - told) < told / 4: return
        default: break
        }
        toldRate = rate
        program.line(isSlow: flow.isSlow, bytesPerSecond: flow.rate.map { Int($0) })
        pacer.dataChanged()
    }

    private func owe() { galley_terminal_set_owed(pacer.flow.owed > 0) }

    // MARK: Output

    mutating func paint(_ program: inout some TerminalProgram) {
        guard !terminal.hasUnsent else { return }
        let bytes = pacer.frame(at: .now) { program.render(size: $0) }
        guard !bytes.isEmpty else { return }
        owe()
        terminal.write(bytes)
    }

    /// Does what the program wants beside the cells; the status when it wants to end.
    mutating func fulfil(_ program: inout some TerminalProgram) -> Int32? {
        for wish in program.takeWishes() {
            switch wish {
            case .quit(let status):
                end(&program, patience: pacer.flow.patienceForAnswers)
                return status
            case .suspend: suspend(&program)
            case .repaint: pacer.forget(size: pacer.size)
            default:
                let bytes = pacer.send(terminal.wishes.bytes(for: wish), at: .now)
                owe()
                terminal.write(bytes)
            }
        }
        return nil
    }

    // MARK: Life

    mutating func enter() {
        terminal.enter()
        pacer.begin(size: terminal.size)
    }

    /// Waits for the answers that are owed, so that no shell gets them.
    private mutating func settle(_ patience: Duration) {
        let end = Deadline.after(patience)
        while pacer.flow.owed > 0, terminal.wait(for: POLLIN, until: end) {
            guard case .bytes(let bytes) = terminal.read() else { return }
            for output in decoder.feed(bytes, at: .now) where output == .statusReport { pacer.answered(at: .now) }
            owe()
        }
        // Who has not answered by now will not: no handler need wait again.
        galley_terminal_set_owed(false)
    }

    mutating func end(_ program: inout some TerminalProgram, patience: Duration) {
        program.willEnd()
        settle(patience)
        terminal.leave(patience: .milliseconds(500))
    }

    mutating func suspend(_ program: inout some TerminalProgram) {
        settle(pacer.flow.patienceForAnswers)
        terminal.leave(patience: .milliseconds(500))
        galley_signals_stop()
        comeBack(&program)
    }

    private mutating func comeBack(_ program: inout some TerminalProgram) {
        let before = pacer.size
        enter()
        if pacer.size != before { program.handle(.resize(pacer.size)) }
    }

    private mutating func resize(_ program: inout some TerminalProgram) {
        let size = terminal.size
        guard size != pacer.size else { return }
        pacer.forget(size: size)
        program.handle(.resize(size))
    }

    mutating func takeSignals(_ program: inout some TerminalProgram) {
        let signals = galley_signals_take()
        if signals & GALLEY_SIGNAL_END != 0 {
            let number = galley_signals_ending()
            end(&program, patience: min(.milliseconds(500), pacer.flow.patienceForAnswers))
            galley_signals_die(number)
        }
        if signals & GALLEY_SIGNAL_STOP != 0 {
            suspend(&program)
        } else if signals & GALLEY_SIGNAL_CONTINUED != 0 {
            // Stopped by a signal that cannot be caught: the shell may have set its own modes meanwhile.
            terminal.leave(patience: .zero)
            comeBack(&program)
        }
        if signals & GALLEY_SIGNAL_RESIZED != 0 { resize(&program) }
    }
}
