import Console
import Operations
import PlatformModel
import PlatformStore
import Reactor
import TerminalCells

/// `galley completion bash|zsh|fish`, and the names that the three ask for while somebody types.
enum CompletionCommand {
    static func run(_ arguments: Arguments) throws(CommandFailure) -> Int32 {
        let shell = arguments.positionals[0]
        guard shell == "names" else {
            if arguments.positionals.count > 1 {
                throw CommandFailure(
                    status: ExitStatus.usage, message: "galley completion \(shell) takes no further word",
                    code: "usage", hint: "galley completion \(shell)")
            }
            let tree = CompletionTree()
            switch shell {
            case "bash": Output.raw(BashCompletion.script(tree))
            case "zsh": Output.raw(ZshCompletion.script(tree))
            default: Output.raw(FishCompletion.script(tree))
            }
            return ExitStatus.done
        }
        let kind = arguments.positionals.dropFirst().first.flatMap(CommandArgument.Names.init)
        guard let kind else {
            let kinds = CommandArgument.Names.allCases.filter { $0 != .none && $0 != .files }.map(\.rawValue)
            throw CommandFailure(
                status: ExitStatus.usage,
                message: "galley completion names needs one of: \(kinds.joined(separator: ", "))",
                code: "usage", hint: "galley completion names themes")
        }
        // One a line, and none that would do something to a terminal; the shells quote the rest.
        for name in names(kind, arguments) where SafeText.line(name) == name { Output.raw(name) }
        return ExitStatus.done
    }

    private static func names(_ kind: CommandArgument.Names, _ arguments: Arguments) -> [String] {
        let setup = Setup(arguments)
        switch kind {
        case .none, .files: return []
        case .environments: return setup.configuration.environments.map(\.name)
        case .themes: return setup.looks.themeNames
        case .keymaps: return setup.looks.keymapNames
        case .queues: return queues(setup, arguments)
        }
    }

    /// What the configuration names, else what is there; nothing when that cannot be had while somebody waits.
    private static func queues(_ setup: Setup, _ arguments: Arguments) -> [String] {
        guard let settings = try? setup.environment(arguments), let connections = try? Connections(settings) else {
            return []
        }
        if let configured = settings.redis?.queues, !configured.isEmpty { return configured }
        let collectors = connections.collectors.filter { $0.name == "queues" }
        let snapshot = runBlocking {
            await PlatformWatch(collectors: collectors, store: connections.store) { _ in }.readOnce(
                until: .after(.milliseconds(800)))
        }
        return (snapshot.queues.value ?? []).map(\.name)
    }
}
