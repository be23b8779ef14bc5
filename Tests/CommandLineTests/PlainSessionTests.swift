import Glibc
import PlatformModel
import TestSupport
import Testing

/// `galley --plain` as people use it: piped, at a terminal, and ended in every way.
@Suite struct PlainSessionTests {
    private func configuration() throws -> String {
        let port = try ScratchPostgres.freePort()
        return """
            default_environment = "t"
            [environments.t]
            kind = "dev"
            title = "Kitchens"
            [[environments.t.postgres.nodes]]
            name = "a"
            host = "127.0.0.1"
            port = \(port)
            [environments.t.redis]
            url = "redis://127.0.0.1:\(port)/0"
            [[environments.t.services]]
            name = "api"
            url = "http://127.0.0.1:\(port)"
            """
    }

    @Test func commandsAreReadFromAPipe() async throws {
        try await Galley.with { galley in
            let file = try galley.configure(try configuration())
            let typed = [
                "help", "findings", "queues", "why a", "orders late", "ordrs", "zoom", "status --watch", "version",
            ]
            let run = try await galley.run(
                "--plain --config \(file)", before: "printf '\(typed.joined(separator: "\\n"))\\n' |", behind: true)
            #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
            for wanted in [
                "Galley, plain.", "Kitchens (t, dev): down", "Every command of the command line:",
                "Critical: RedisUnreachable redis", "Queues: unavailable", "Seen: ",
                "No server listens at", "There is no command “ordrs”; did you mean orders?", "“zoom” changes only",
                "is for the shell", "galley 0.1.0",
            ] { #expect(run.output.contains(wanted), "\(wanted) is not in:\n\(run.output)") }
            // Nothing is drawn, nothing runs together.
            #expect(!run.output.contains("\u{1B}") && !run.output.contains("?.") && !run.output.contains("> "))
        }
    }

    @Test(arguments: ["", "quit", "quit\\n", "exit\\nqueues\\n"]) func endsWithItsInput(typed: String) async throws {
        try await Galley.with { galley in
            let file = try galley.configure(try configuration())
            let run = try await galley.run("--plain --config \(file)", before: "printf '\(typed)' |", behind: true)
            #expect(run.status == 0 && run.output.contains("Kitchens"), "\(run.output)")
            #expect(!run.output.contains("Queues: unavailable"))
        }
    }

    /// Also when nobody hears it any more.
    @Test func endsWithItsReader() async throws {
        try await Galley.with { galley in
            let file = try galley.configure(try configuration())
            let run = try await galley.run("status --watch --plain --config \(file)", pipe: "| true")
            #expect(run.status == 0 && run.errors.isEmpty)
        }
    }

    @Test func theConfigurationMayAskForIt() async throws {
        let session = try PseudoTerminalSession(settings: "[ui]\nplain = true\n")
        #expect(await session.output(contains: "> "))
        session.type("databases\n")
        #expect(await session.output(contains: "Database one: unavailable"))
        session.type("quit\n")
        #expect(await session.end() == .exited(0))
        #expect(!session.text.contains("\u{1B}"))
    }

    @Test func controlCLeavesWithSuccess() async throws {
        let session = try PseudoTerminalSession(arguments: ["--plain"])
        #expect(await session.output(contains: "> "))
        session.kill(SIGINT)
        #expect(await session.end() == .exited(0))
        session.expectRestored()
    }

    @Test func endOfInputLeavesWithSuccess() async throws {
        let session = try PseudoTerminalSession(arguments: ["--plain"])
        #expect(await session.output(contains: "> "))
        session.type("\u{4}")
        #expect(await session.end() == .exited(0))
    }
}
