import Glibc
import TerminalCells
import TestSupport
import Testing

/// Every way out of a program on every kind of terminal, at every size: the terminal is as it was, and the status true.
///
/// All ways on all terminals; the sizes go round, so that each way and each terminal meets each of them.
@Suite(.serialized) struct TerminalMatrixTests {
    static let terminals = [
        "xterm-256color", "xterm", "tmux-256color", "screen", "linux", "vt100", "rxvt", "alacritty", "foot",
        "xterm-kitty", "xterm-ghostty",
    ]

    enum Way: CaseIterable {
        case quit, error, terminate, interrupt, hangUp, quitSignal
        case segmentation, bus, illegal, abort, arithmetic, trap, badPointer, hangs, vanishes
    }

    enum Shape: CaseIterable {
        case tiny, common, large, huge, storm

        var size: (columns: Int, rows: Int) {
            switch self {
            case .tiny: (20, 6)
            case .common, .storm: (80, 24)
            case .large: (200, 60)
            case .huge: (400, 120)
            }
        }
    }

    @Test(arguments: Way.allCases)
    func theTerminalIsAsItWas(way: Way) throws {
        for (index, term) in TerminalMatrixTests.terminals.enumerated() {
            let place = (Way.allCases.firstIndex(of: way) ?? 0) + index
            let shape = Shape.allCases[place % Shape.allCases.count]
            try leave(way, term, shape)
        }
    }

    private func leave(_ way: Way, _ term: String, _ shape: Shape) throws {
        let size = shape.size
        let words = [PseudoTerminal.products + "/terminal-probe", "--mouse", "--tick", "20"]
        let terminal = try PseudoTerminal(
            words, environment: ["TERM": term, "LANG": "C.UTF-8"], columns: size.columns, rows: size.rows,
            width: { $0.unicodeScalars.first.map { max(1, ColumnWidth.columns(of: $0)) } ?? 1 })
        let place: Comment = "\(way) on \(term), \(shape)"
        #expect(terminal.waits(for: "probe ready"), place)
        #expect(terminal.isRaw, place)
        if shape == .storm {
            for step in 0..<12 {
                terminal.resize(columns: 20 + step * 31 % 380, rows: 6 + step * 17 % 114)
                terminal.type("j")
            }
        }
        let wanted = act(way, on: terminal)
        let status = terminal.end()
        #expect(wanted.contains(status ?? .max), "\(place): ended with \(status.map(String.init) ?? "nothing")")
        #expect(terminal.left.isEmpty, "\(place): processes left behind: \(terminal.left)")
        guard way != .vanishes else { return }
        let (isRaw, isShown) = (terminal.isRaw, terminal.screen.cursorIsShown)
        let kept = terminal.screen.modes.intersection([1000, 1002, 1006, 1049, 2004, 2026])
        let complaints = terminal.screen.complaints
        #expect(!isRaw, "\(place): still raw")
        #expect(isShown, "\(place): no cursor")
        #expect(kept.isEmpty, place)
        #expect(complaints.isEmpty, place)
    }

    /// Does it, and returns the statuses that tell the truth: the exit code, or minus the signal.
    private func act(_ way: Way, on terminal: PseudoTerminal) -> [Int32] {
        switch way {
        case .quit: terminal.type("q")
        case .error: terminal.type("x")
        case .trap: terminal.type("T")
        case .badPointer: terminal.type("N")
        case .abort: terminal.type("A")
        case .hangs:
            terminal.type("h")
            terminal.signal(SIGTERM)
        case .vanishes: terminal.hangUp()
        default: terminal.signal(-(wanted(way).first ?? 0))
        }
        return wanted(way)
    }

    private func wanted(_ way: Way) -> [Int32] {
        switch way {
        case .quit: [0]
        case .error: [3]
        case .terminate, .hangs: [-SIGTERM]
        case .interrupt: [-SIGINT]
        case .hangUp, .vanishes: [-SIGHUP]
        case .quitSignal: [-SIGQUIT]
        case .segmentation, .badPointer: [-SIGSEGV]
        case .bus: [-SIGBUS]
        case .illegal: [-SIGILL]
        case .abort: [-SIGABRT]
        case .arithmetic: [-SIGFPE]
        // What a failed check ends with differs by processor.
        case .trap: [-SIGILL, -SIGTRAP]
        }
    }
}

/// A shell on the terminal, with the program as its job: what a person has who presses Ctrl-Z, or quits.
@Suite(.serialized) struct ShellTests {
    private func shell(_ script: String, term: String = "xterm-256color") throws -> PseudoTerminal {
        try PseudoTerminal(
            ["/bin/sh", "-c", "set -m; " + script, PseudoTerminal.products + "/terminal-probe"],
            environment: ["TERM": term, "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"])
    }

    @Test(arguments: ["xterm-256color", "tmux-256color", "linux", "vt100"])
    func stoppedAndBack(term: String) throws {
        let terminal = try shell("\"$0\"; echo \"stopped $?\"; read word; fg; echo \"ended $?\"", term: term)
        #expect(terminal.waits(for: "probe ready"))
        terminal.type("\u{1A}")
        #expect(terminal.waits(for: "stopped 148"), "\(terminal.screen.lines)")
        #expect(!terminal.isRaw && terminal.screen.cursorIsShown)
        #expect(terminal.screen.modes.isDisjoint(with: [1049, 2004, 2026, 1002, 1006]))
        terminal.type("\n")
        #expect(terminal.wait { $0.isRaw })
        terminal.type("j")
        #expect(terminal.waits(for: "key j"))
        terminal.type("x")
        #expect(terminal.waits(for: "ended 3"))
        #expect(!terminal.isRaw && terminal.screen.cursorIsShown)
    }

    /// The answer to the last question comes when the program is about to end: it reads it, not the shell.
    @Test(arguments: ["q", "signal"])
    func noAnswerReachesTheShell(way: String) throws {
        let terminal = try shell("\"$0\"; echo ended; read word; echo \"[$word]\"")
        terminal.holdsAnswers = true
        #expect(terminal.waits(for: "probe ready"))
        terminal.type(way == "q" ? "q" : "A")
        terminal.holdsAnswers = false
        #expect(terminal.waits(for: "ended"))
        terminal.type("typed\n")
        #expect(terminal.waits(for: "[typed]"), "\(terminal.screen.lines)")
        #expect(!String(decoding: terminal.output, as: UTF8.self).contains("0n"))
    }
}
