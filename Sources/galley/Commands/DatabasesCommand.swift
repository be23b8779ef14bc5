import Collectors
import PlatformModel
import PlatformStore
import Reactor

/// `galley databases list`: what the databases screen shows.
enum DatabasesCommand {
    static func list(_ arguments: Arguments) throws(CommandFailure) -> Int32 {
        let connections = try Connections(try Setup(arguments).environment(arguments))
        _ = try OrdersCommand.source(connections)
        let nodes = connections.collectors.filter { $0.name.hasPrefix("database ") }
        let snapshot = runBlocking {
            await PlatformWatch(collectors: nodes, store: connections.store) { _ in }.readOnce(
                until: .after(.seconds(3)))
        }
        if arguments.has("json") {
            let object = SnapshotJSON.envelope(
                "databases", environment: connections.identity.name, at: snapshot.at.wall,
                [("databases", SnapshotJSON.databases(snapshot))], errors: SnapshotJSON.errors(snapshot))
            Output.raw(object.write(pretty: true))
        } else {
            print(snapshot)
        }
        let answering = snapshot.databases.contains { !$0.reading.isFailing && $0.reading.value != nil }
        if answering { return ExitStatus.done }
        return snapshot.databases.compactMap(\.reading.failure).first.map { CommandFailure($0).status }
            ?? ExitStatus.unreachable
    }

    private static func print(_ snapshot: Snapshot) {
        var table = TextTable([
            ("NODE", .left), ("REGION", .left), ("ROLE", .left), ("TIMELINE", .right), ("POSITION", .right),
            ("BEHIND", .right), ("DELAY", .right), ("SYNC", .left), ("CONNECTIONS", .right), ("STATE", .left),
        ])
        for named in snapshot.databases {
            guard let node = named.reading.value else {
                let reason = named.reading.failure.map { "✕ \($0.cause)" } ?? "not read"
                table.add([named.name, named.region, "-", "-", "-", "-", "-", "-", "-", reason])
                continue
            }
            let link = snapshot.primary?.replicas.first { $0.name == node.name }
            let lag = snapshot.lag(of: node)
            table.add([
                node.name, node.region, node.role.rawValue, "\(node.timeline)",
                (node.replayed ?? node.position)?.description ?? "-",
                lag.bytes.map(Quantity.bytes) ?? "-", lag.time.map(Quantity.duration) ?? "-",
                node.role == .primary ? "-" : link?.syncState ?? "-",
                node.activity.map { "\($0.connections)/\($0.maximumConnections)" } ?? "-",
                named.reading.failure.map { "✕ \($0.cause)" }
                    ?? (node.role == .replica ? node.receiver?.status ?? "not receiving" : "writable"),
            ])
        }
        table.print()
    }
}
