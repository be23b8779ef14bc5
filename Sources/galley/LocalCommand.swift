import Glibc
import LocalPlatform
import Operations
import PlatformModel
import Reactor

/// `galley local up|down|status|reset|fault`: a real platform on this machine.
enum LocalCommand {
    static let help = """
        galley local - a real platform on this machine

          galley local up [options]        start it, or attach to the one that runs
              --rate N                     orders a minute from the traffic generator (30)
              --orders N                   fill in a history of N orders when the database is made
              --jobs N                     put N jobs on the queues when the database is made
              --async                      commits do not wait for replicas (--sync: they do again)
              --port-base N                use the ports from N on, instead of 3000, 5432, 6379 ...
              --foreground                 stay, and end it with Ctrl-C
              --timeout SECONDS            give up after this long (120, and more for long histories)
          galley local down                end everything
          galley local status              each process with state, pid, port, uptime, memory, fault
          galley local reset [--yes]       end everything and delete the folder
          galley local fault list          what can be done to whom
          galley local fault NAME TARGET   kill, hang, stop, cut, delay, error, slow, stop-workers
              --by 3s                      how long a delay or slowness is
          galley local fault resume|heal [TARGET|all]
          galley local setup               make the Python environment that the services need

          --folder PATH                    where it lives; --json for one JSON object on standard output

        """

    /// Runs one command to its end; the exit code is that of `DESIGN.md` section 5.
    static func run(_ arguments: [String]) -> Int32 {
        // These two are processes of their own kind: they own their main thread.
        if arguments.first == "supervise" { return SuperviseCommand.run(Array(arguments.dropFirst())) }
        if arguments.first == "keep" { return Keeper.run(Array(arguments.dropFirst())) }
        let options: LocalArguments
        do {
            options = try LocalArguments(arguments)
        } catch {
            return LocalOutput(json: arguments.contains("--json")).fail(error)
        }
        return LocalWait.run { await perform(options) }
    }

    private static func perform(_ options: LocalArguments) async -> Int32 {
        let output = LocalOutput(json: options.json)
        let platform = LocalPlatform(folder: options.folder)
        do throws(LocalPlatformError) {
            switch options.verb {
            case "help": output.write(help)
            case "up": return try await LocalUp(platform: platform, options: options, output: output).run()
            case "down":
                let ran = try await platform.stop()
                output.result(["stopped": .bool(ran)], ran ? "Everything has ended." : "Nothing was running.")
            case "status": return try await status(platform, output)
            case "reset": return try await reset(platform, options, output)
            case "fault": try await LocalFault(platform: platform, options: options, output: output).run()
            case "setup":
                try PythonSetup().prepare { output.note($0) }
                output.result(["ready": true], "The Python environment is ready.")
            default:
                let verbs = CommandTable.all.filter { $0.words.first == "local" }.compactMap(\.words.last)
                throw LocalPlatformError.badUsage(
                    "there is no command “local \(options.verb)”"
                        + Suggestion.text(for: options.verb, among: verbs, before: "galley local "))
            }
            return 0
        } catch {
            return output.fail(error)
        }
    }

    private static func status(
        _ platform: LocalPlatform, _ output: LocalOutput
    ) async throws(LocalPlatformError) -> Int32 {
        let status = try await platform.status()
        output.result(status, LocalTable.text(of: status))
        let down = (status["processes"]?.array ?? []).filter { $0["state"]?.text != "running" || $0["faults"] != nil }
        return down.isEmpty ? 0 : 10
    }

    private static func reset(
        _ platform: LocalPlatform, _ options: LocalArguments, _ output: LocalOutput
    ) async throws(LocalPlatformError) -> Int32 {
        if !options.yes {
            guard isatty(0) == 1 else {
                throw LocalPlatformError.badUsage("reset deletes \(platform.root); say --yes to mean it")
            }
            output.note("This deletes \(platform.root) with its databases. Type yes to go on:")
            guard readLine() == "yes" else {
                output.note("Nothing was deleted.")
                return 1
            }
        }
        let was = try await platform.reset()
        output.result(
            ["deleted": .bool(was)], was ? "\(platform.root) is deleted." : "There was nothing at \(platform.root).")
        return 0
    }
}

/// Bridges the synchronous command line to tasks on the loop.
enum LocalWait {
    static func run(_ body: @escaping @Sendable () async -> Int32) -> Int32 {
        let result = Locked<Int32?>(nil)
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { return 1 }
        let end = ends[1]
        Task(executorPreference: EventLoop.shared) {
            let code = await body()
            result.withLock { $0 = code }
            close(end)
        }
        var byte: UInt8 = 0
        while read(ends[0], &byte, 1) < 0, errno == EINTR {}
        close(ends[0])
        return result.withLock { $0 } ?? 1
    }
}
