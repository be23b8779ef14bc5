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
        let arguments = try Arguments(words)
        if arguments.has("help") { return Help.print(arguments.command) }
        guard let command = arguments.command else {
            return Output.isTerminal && !arguments.has("plain")
                ? try ConsoleCommand.run(arguments) : try StatusCommand.run(arguments)
        }
        // Whatever changes anything goes one way, whichever command it is.
        if command.danger > .none { return try ActionCommand.run(arguments, command) }
        switch command.id {
        case "orders.outbox": return try OutboxCommand.list(arguments)
        case "approvals.list": return try ApprovalsCommand.list(arguments)
        case "approvals.show": return try ApprovalsCommand.show(arguments)
        case "operations.list": return try OperationsCommand.list(arguments)
        case "audit.list": return try AuditCommand.list(arguments)
        case "audit.verify": return try AuditCommand.verify(arguments)
        case "audit.export": return try AuditCommand.export(arguments)
        case "account.show": return try AccountCommand.show(arguments)
        case "account.enrol": return try AccountCommand.enrol(arguments)
        case "status": return try StatusCommand.run(arguments)
        case "orders.list": return try OrdersCommand.list(arguments)
        case "orders.show": return try OrdersCommand.show(arguments)
        case "queues.list": return try QueuesCommand.list(arguments)
        case "queues.jobs": return try QueuesCommand.jobs(arguments)
        case "databases.list": return try DatabasesCommand.list(arguments)
        case "config.check": return ConfigCommand.check(arguments)
        case "config.show": return ConfigCommand.show(arguments)
        case "config.blame": return ConfigCommand.blame(arguments)
        case "config.path": return ConfigCommand.path(arguments)
        case "version":
            Output.line("galley \(version)")
            return ExitStatus.done
        default:
            throw CommandFailure(
                status: ExitStatus.usage,
                message: "galley \(command.words.joined(separator: " ")) is only on the screen")
        }
    }

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
