import Glibc
import Operations
import PlatformModel

/// From the arguments to an exit status.
enum Galley {
    static let version = "0.1.0"

    static func run(_ words: [String]) -> Int32 {
        signal(SIGPIPE, SIG_IGN)
        do throws(CommandFailure) {
            return try dispatch(words)
        } catch {
            return report(error, asJSON: words.contains("--json"))
        }
    }

    private static func dispatch(_ words: [String]) throws(CommandFailure) -> Int32 {
        if words.first == "local" { return LocalCommand.run(Array(words.dropFirst())) }
        return try perform(words)
    }

    /// Runs one command to its end; the linear mode gives its words to it as well.
    static func perform(_ words: [String]) throws(CommandFailure) -> Int32 {
        let arguments = try Arguments(words)
        if arguments.has("help") { return Help.explain(arguments) }
        guard let command = arguments.command else {
            if arguments.has("plain") { return try PlainCommand.run(arguments, Setup(arguments)) }
            return Output.isTerminal ? try ConsoleCommand.run(arguments) : try StatusCommand.run(arguments)
        }
        // Whatever changes anything goes one way, whichever command it is.
        if command.danger > .none { return try ActionCommand.run(arguments, command) }
        guard let run = commands[command.id] else {
            throw CommandFailure(
                status: ExitStatus.usage,
                message: "galley \(command.words.joined(separator: " ")) is only on the screen")
        }
        return try run(arguments)
    }

    private typealias Run = @Sendable (Arguments) throws(CommandFailure) -> Int32

    private static let commands: [String: Run] = [
        "status": { (it) throws(CommandFailure) in try StatusCommand.run(it) },
        "orders.list": { (it) throws(CommandFailure) in try OrdersCommand.list(it) },
        "orders.show": { (it) throws(CommandFailure) in try OrdersCommand.show(it) },
        "orders.outbox": { (it) throws(CommandFailure) in try OutboxCommand.list(it) },
        "queues.list": { (it) throws(CommandFailure) in try QueuesCommand.list(it) },
        "queues.jobs": { (it) throws(CommandFailure) in try QueuesCommand.jobs(it) },
        "databases.list": { (it) throws(CommandFailure) in try DatabasesCommand.list(it) },
        "services.list": { (it) throws(CommandFailure) in try ServicesCommand.list(it) },
        "agents.list": { (it) throws(CommandFailure) in try AgentsCommand.list(it) },
        "agents.runs": { (it) throws(CommandFailure) in try AgentsCommand.runs(it) },
        "agents.show": { (it) throws(CommandFailure) in try AgentsCommand.show(it) },
        "findings.list": { (it) throws(CommandFailure) in try FindingsCommand.list(it) },
        "why": { (it) throws(CommandFailure) in try WhyCommand.run(it) },
        "config.check": { (it) throws(CommandFailure) in ConfigCommand.check(it) },
        "config.show": { (it) throws(CommandFailure) in ConfigCommand.show(it) },
        "config.blame": { (it) throws(CommandFailure) in ConfigCommand.blame(it) },
        "config.path": { (it) throws(CommandFailure) in ConfigCommand.path(it) },
        "themes.list": { (it) throws(CommandFailure) in ThemesCommand.list(it) },
        "themes.check": { (it) throws(CommandFailure) in try ThemesCommand.check(it) },
        "themes.preview": { (it) throws(CommandFailure) in try ThemesCommand.preview(it) },
        "keys": { (it) throws(CommandFailure) in try KeysCommand.run(it) },
        "help.line": { (it) throws(CommandFailure) in try Help.run(it) },
        "completion": { (it) throws(CommandFailure) in try CompletionCommand.run(it) },
        "approvals.list": { (it) throws(CommandFailure) in try ApprovalsCommand.list(it) },
        "approvals.show": { (it) throws(CommandFailure) in try ApprovalsCommand.show(it) },
        "operations.list": { (it) throws(CommandFailure) in try OperationsCommand.list(it) },
        "audit.list": { (it) throws(CommandFailure) in try AuditCommand.list(it) },
        "audit.verify": { (it) throws(CommandFailure) in try AuditCommand.verify(it) },
        "audit.export": { (it) throws(CommandFailure) in try AuditCommand.export(it) },
        "account.show": { (it) throws(CommandFailure) in try AccountCommand.show(it) },
        "account.enrol": { (it) throws(CommandFailure) in try AccountCommand.enrol(it) },
        "version": { (_) throws(CommandFailure) in
            Output.line("galley \(version)")
            return ExitStatus.done
        },
    ]

    private static func report(_ failure: CommandFailure, asJSON: Bool) -> Int32 {
        if asJSON {
            let error: JSON = [
                "origin": "galley", "code": .string(failure.code), "cause": .string(failure.message),
                "hint": .string(failure.hint),
            ]
            let object = SnapshotJSON.envelope("error", environment: "", at: Moment.now().wall, [], errors: [error])
            Output.raw(object.write(pretty: true))
        }
        Output.error(failure.message, hint: failure.hint)
        return failure.status
    }
}
