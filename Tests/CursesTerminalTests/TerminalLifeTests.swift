import CSystem
import Glibc
import Reactor
import TestSupport
import Testing

/// The real binary on a pseudo-terminal, over a platform that is not there: however it ends, the terminal is given back.
@Suite(.serialized) struct TerminalLifeTests {
    private let loop = EventLoop.shared

    @Test func quitGivesTheTerminalBack() async throws {
        let session = try PseudoTerminalSession()
        #expect(await session.output(contains: "GALLEY"))
        session.type("q")
        #expect(await session.end() == .exited(0))
        session.expectRestored()
    }

    @Test(arguments: [SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGSEGV, SIGABRT, SIGBUS, SIGILL, SIGFPE])
    func aSignalGivesTheTerminalBackAndTellsTheTruth(signal: Int32) async throws {
        let session = try PseudoTerminalSession()
        #expect(await session.output(contains: "GALLEY"))
        session.kill(signal)
        #expect(await session.end() == .killed(signal))
        session.expectRestored()
    }

    @Test func aVanishedTerminalEndsTheProcess() async throws {
        let session = try PseudoTerminalSession()
        #expect(await session.output(contains: "GALLEY"))
        session.hangUp()
        #expect(await session.end() == .killed(SIGHUP))
    }

    @Test(arguments: ["dumb", "nonsense-9000", ""])
    func aTerminalThatCannotWorkIsToldInOneLine(term: String) async throws {
        let session = try PseudoTerminalSession(term: term)
        #expect(await session.end() == .exited(2))
        let lines = session.text.split(whereSeparator: \.isNewline)
        #expect(lines.count == 1 && lines[0].contains("--plain"), "\(session.text)")
    }

    @Test(arguments: [
        "xterm-256color", "xterm", "tmux-256color", "screen", "linux", "vt100", "rxvt-unicode", "xterm-kitty", "foot",
        "alacritty", "xterm-ghostty",
    ])
    func everyKnownTerminalGetsAScreen(term: String) async throws {
        let session = try PseudoTerminalSession(term: term)
        #expect(await session.output(contains: "GALLEY"))
        session.resize(columns: 20, rows: 6)
        session.resize(columns: 300, rows: 100)
        session.type("q")
        #expect(await session.end() == .exited(0))
        session.expectRestored()
    }
}
