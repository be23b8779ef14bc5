import CSystem
import Glibc
import TerminalCells
import TestSupport
import Testing

/// A whole process on a terminal: what it leaves behind, however it ends, on every terminal that people have.
@Suite(.serialized) struct ProbeTests {
    static let terminals = [
        "xterm-256color", "xterm", "tmux-256color", "screen", "linux", "vt100", "rxvt-unicode", "xterm-kitty", "foot",
        "alacritty", "xterm-ghostty",
    ]

    private func probe(
        _ arguments: [String] = [], term: String = "xterm-256color", _ more: [String: String] = [:], columns: Int = 80,
        rows: Int = 24
    ) throws -> PseudoTerminal {
        var environment = ["TERM": term, "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"]
        environment.merge(more) { $1 }
        if term.isEmpty { environment["TERM"] = nil }
        return try PseudoTerminal(
            [PseudoTerminal.products + "/terminal-probe"] + arguments, environment: environment, columns: columns,
            rows: rows, width: { $0.unicodeScalars.first.map { max(1, ColumnWidth.columns(of: $0)) } ?? 1 })
    }

    private func started(_ arguments: [String] = [], term: String = "xterm-256color") throws -> PseudoTerminal {
        let terminal = try probe(arguments, term: term)
        #expect(terminal.waits(for: "probe ready"), "\(terminal.screen.lines)")
        return terminal
    }

    private func expectGivenBack(_ terminal: PseudoTerminal) {
        #expect(!terminal.isRaw)
        #expect(terminal.screen.cursorIsShown)
        #expect(terminal.screen.modes.isDisjoint(with: [1049, 2004, 2026, 1002, 1006]), "\(terminal.screen.modes)")
        #expect(terminal.screen.complaints.isEmpty, "\(terminal.screen.complaints)")
    }

    @Test(arguments: terminals)
    func everyTerminalGetsTheScreenAndHasItBack(term: String) throws {
        let terminal = try started(term: term)
        #expect(terminal.isRaw)
        #expect(terminal.screen.lines[1].hasPrefix(" order 1000"))
        #expect(terminal.screen.lines[23].contains("q quit"))
        terminal.type("jj")
        #expect(terminal.waits(for: "key j"))
        terminal.resize(columns: 100, rows: 30)
        #expect(terminal.waits(for: "size 100x30"))
        #expect(terminal.wait { $0.screen.lines[29].contains("q quit") })
        terminal.type("x")
        #expect(terminal.end() == 3)
        expectGivenBack(terminal)
        #expect(String(decoding: terminal.output, as: UTF8.self).hasSuffix("probe ended with 3\r\n"))
    }

    @Test(arguments: [SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGSEGV, SIGBUS, SIGILL, SIGABRT, SIGFPE, SIGTRAP])
    func aSignalLeavesNothingBehindAndTheStatusTellsIt(signal: Int32) throws {
        for term in ["xterm-256color", "linux"] {
            let terminal = try started(["--mouse", "--tick", "5"], term: term)
            terminal.signal(signal)
            #expect(terminal.end() == -signal)
            expectGivenBack(terminal)
        }
    }

    @Test(arguments: [
        ("S", SIGSEGV), ("B", SIGBUS), ("I", SIGILL), ("F", SIGFPE), ("A", SIGABRT), ("N", SIGSEGV), ("T", SIGILL),
    ])
    func aCrashLeavesAReportAndNothingElse(key: String, signal: Int32) throws {
        let report = "/tmp/galley-probe-\(getpid())-\(key).txt"
        defer { unlink(report) }
        let terminal = try probe(["--report", report], ["SECRET": "hunter2"])
        #expect(terminal.waits(for: "probe ready"))
        terminal.type(key)
        let status = terminal.end()
        #expect(status == -signal || (key == "T" && status == -SIGTRAP))
        expectGivenBack(terminal)
        let text = read(report)
        #expect(text.hasPrefix("galley crashed: SIG") && text.contains("return addresses"))
        #expect(!text.contains("hunter2"))
        #expect(terminal.screen.lines.contains { $0.contains("what is known is in") })
        if key == "T" { #expect(terminal.screen.lines.contains { $0.contains("told to trap") }) }
    }

    @Test func aProgramThatHangsEndsAllTheSame() throws {
        let terminal = try started()
        terminal.type("h")
        terminal.signal(SIGTERM)
        #expect(terminal.end() == -SIGTERM)
        expectGivenBack(terminal)
    }

    @Test func aVanishedTerminalEndsTheProcess() throws {
        let terminal = try started(["--tick", "5"])
        terminal.hangUp()
        #expect(terminal.end() == -SIGHUP)
    }

    @Test func stoppedAndBack() throws {
        let terminal = try started()
        terminal.type("\u{1A}")
        // Its session has nobody to continue it, so the kernel does not stop it; it gives the terminal back all the
        // same, and takes it again.
        #expect(terminal.waits(for: "key ctrl-z"))
        terminal.signal(SIGSTOP)
        #expect(terminal.wait { $0.isStopped })
        terminal.signal(SIGCONT)
        terminal.type("j")
        #expect(terminal.waits(for: "key j"))
        #expect(terminal.screen.modes.contains(1049) && terminal.isRaw)
        terminal.type("q")
        #expect(terminal.end() == 0)
        expectGivenBack(terminal)
    }

    /// No answer of the terminal is left for the shell, and what is typed ahead is not eaten.
    @Test func nothingLeaksIntoTheShell() throws {
        let terminal = try started()
        terminal.type("q")
        #expect(terminal.end() == 0)
        #expect(!String(decoding: terminal.output, as: UTF8.self).contains("0n"))
        let questions = terminal.output.split(separator: 0x1B).filter { $0.elementsEqual(Array("[5n".utf8)) }
        #expect(!questions.isEmpty)
    }

    @Test func aTerminalThatNeverAnswersIsLeftInTime() throws {
        let terminal = try probe()
        terminal.answers = false
        #expect(terminal.waits(for: "probe ready"))
        terminal.signal(SIGTERM)
        #expect(terminal.end() == -SIGTERM)
        expectGivenBack(terminal)
    }

    @Test func libraryMessagesDoNotDisturbTheScreenAndAreNotLost() throws {
        let terminal = try started()
        terminal.type("E")
        #expect(terminal.waits(for: "key E"))
        #expect(!terminal.screen.lines.contains { $0.contains("library") })
        terminal.type("q")
        #expect(terminal.end() == 0)
        #expect(terminal.screen.lines.contains { $0.contains("an error message of some library") })
    }

    @Test func pasteIsTextNotKeys() throws {
        let terminal = try started()
        terminal.type("\u{1B}[200~q\u{1B}[201~")
        #expect(terminal.waits(for: "paste q"))
        terminal.type("\u{1B}")
        #expect(terminal.waits(for: "key esc"))
        terminal.type("q")
        #expect(terminal.end() == 0)
    }

    @Test func hostileTitlesAreTitles() throws {
        let terminal = try started()
        terminal.type("t")
        #expect(terminal.waits(for: "key t"))
        #expect(String(decoding: terminal.output, as: UTF8.self).contains("\u{1B}]0;probe␛]0;evil␇\u{07}"))
        terminal.type("q")
        #expect(terminal.end() == 0)
    }

    @Test(arguments: ["dumb", "unknown-terminal", "vt52", ""])
    func whatCannotWorkSaysSoInOneLine(term: String) throws {
        let terminal = try probe(term: term)
        #expect(terminal.end() == 2)
        let lines = terminal.screen.lines.joined().trimmingBlanks
        #expect(lines.hasPrefix("probe: opening the screen at TERM"), "\(lines)")
        #expect(!terminal.output.contains(0x1B))
    }

    @Test func noColorAndNoUnicodeAreObeyed() throws {
        let terminal = try probe([], ["NO_COLOR": "1", "LANG": "C"])
        #expect(terminal.waits(for: "probe ready"))
        #expect(terminal.waits(for: "kitchen 0 | ???? |"))
        terminal.type("q")
        #expect(terminal.end() == 0)
        let text = String(decoding: terminal.output, as: UTF8.self)
        #expect(terminal.output.allSatisfy { $0 < 0x80 })
        #expect(!text.contains("38;5") && !text.contains(";44") && !text.contains("48;5"))
    }

    @Test func resizedWhileEverythingHappens() throws {
        let terminal = try started(["--tick", "1"])
        var random = SystemRandomNumberGenerator()
        for _ in 0..<60 {
            let columns = Int.random(in: 20...400, using: &random)
            let rows = Int.random(in: 6...120, using: &random)
            terminal.resize(columns: columns, rows: rows)
            terminal.type("j")
        }
        terminal.resize(columns: 61, rows: 17)
        #expect(terminal.wait { $0.screen.lines[16].contains("q quit") && $0.screen.lines[0].contains("probe") })
        terminal.type("q")
        #expect(terminal.end() == 0)
        expectGivenBack(terminal)
    }

    private func read(_ path: String) -> String {
        let file = open(path, O_RDONLY)
        guard file >= 0 else { return "" }
        defer { close(file) }
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = Glibc.read(file, &buffer, buffer.count)
        return String(decoding: buffer[..<max(0, count)], as: UTF8.self)
    }
}

extension String {
    fileprivate var trimmingBlanks: String { String(drop { $0 == " " }) }
}
