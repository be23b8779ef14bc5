import Console
import Glibc
import PlatformModel
import PlatformStore
import Reactor

/// `galley status`: the health of everything, once or whenever it changes.
enum StatusCommand {
    /// How long a reading may take before it is told as not had.
    private static let patience = Duration.seconds(3)

    static func run(_ arguments: Arguments) throws(CommandFailure) -> Int32 {
        let setup = Setup(arguments)
        let connections = try Connections(try setup.environment(arguments))
        if arguments.has("watch"), arguments.has("plain"), !arguments.has("json") {
            return try PlainCommand.run(arguments, setup, readsCommands: false)
        }
        if arguments.has("watch") { return watch(connections, asJSON: arguments.has("json")) }
        let snapshot = once(connections)
        show(snapshot, asJSON: arguments.has("json"))
        return status(snapshot)
    }

    /// Everything read once; what needs a second look (rates, findings that must hold) gets one.
    static func once(_ connections: Connections) -> Snapshot {
        runBlocking {
            let watch = PlatformWatch(collectors: connections.collectors, store: connections.store) { _ in }
            let first = await watch.readOnce(until: .after(patience))
            let told = Set(first.findings.map(\.id))
            let pending = FindingRules.evaluate(first).filter { !told.contains($0.finding.id) }
            guard let longest = pending.map(\.holds).max() else { return first }
            await EventLoop.shared.sleep(until: .after(longest + .milliseconds(50)))
            return await watch.readOnce(until: .after(patience))
        }
    }

    static func status(_ snapshot: Snapshot) -> Int32 {
        switch snapshot.health {
        case .healthy: ExitStatus.done
        case .degraded: ExitStatus.degraded
        case .down: ExitStatus.down
        }
    }

    private static func show(_ snapshot: Snapshot, asJSON: Bool) {
        if asJSON {
            Output.raw(SnapshotJSON.status(snapshot).write(pretty: true))
        } else {
            for line in PlainRenderer.statusLines(snapshot, now: snapshot.at, columns: Output.columns) {
                Output.line(line)
            }
        }
    }

    /// Prints again whenever what would be printed changed, ages aside; one line of JSON each with `--json`.
    private static func watch(_ connections: Connections, asJSON: Bool) -> Int32 {
        runBlocking {
            let last = Locked<[String]>([])
            let watch = PlatformWatch(
                collectors: connections.collectors, store: connections.store, pace: .seconds(1)
            ) { snapshot in
                let lines = PlainRenderer.statusLines(snapshot, now: snapshot.at, columns: Output.columns)
                guard
                    last.withLock({ old in
                        defer { old = lines }
                        return old != lines
                    })
                else { return }
                if asJSON {
                    Output.raw(SnapshotJSON.status(snapshot).write(pretty: false))
                } else {
                    for line in lines { Output.line(line) }
                    Output.line()
                }
            }
            await watch.run()
            return ExitStatus.done
        }
    }
}
