import PlatformModel
import PlatformStore

/// `galley services list`: what the services screen shows.
enum ServicesCommand {
    static func list(_ arguments: Arguments) throws(CommandFailure) -> Int32 {
        let connections = try Connections(try Setup(arguments).environment(arguments))
        let name = connections.identity.name
        let services = connections.collectors.filter { $0.name.hasPrefix("service ") }
        guard !services.isEmpty else {
            throw CommandFailure(
                status: ExitStatus.configuration, message: "environment \(name) has no services",
                code: "configuration", hint: "name them in environments.\(name).services")
        }
        let snapshot = runBlocking {
            await PlatformWatch(collectors: services, store: connections.store) { _ in }.readOnce(
                until: .after(.seconds(3)))
        }
        if arguments.has("json") {
            let list = snapshot.services.map { SnapshotJSON.named($0, snapshot, SnapshotJSON.service) }
            let object = SnapshotJSON.envelope(
                "services", environment: name, at: snapshot.at.wall, [("services", .array(list))],
                errors: SnapshotJSON.errors(snapshot))
            Output.raw(object.write(pretty: true))
        } else {
            print(snapshot)
        }
        let answering = snapshot.services.contains { !$0.reading.isFailing && $0.reading.value != nil }
        return answering ? ExitStatus.done : ExitStatus.unreachable
    }

    private static func print(_ snapshot: Snapshot) {
        var table = TextTable([
            ("SERVICE", .left), ("STATE", .left), ("ANSWERS IN", .right), ("ADDRESS", .left), ("NEEDS", .left),
        ])
        for service in snapshot.services {
            guard let health = service.reading.value, !service.reading.isFailing else {
                let reason = service.reading.failure.map { "✕ \($0.cause)" } ?? "not read"
                table.add([service.name, "no answer", "-", service.address, reason])
                continue
            }
            let needs = health.dependencies.map { "\($0.name) \($0.state)" }.joined(separator: ", ")
            table.add([
                service.name, health.state.rawValue, Quantity.duration(health.latency), service.address, needs,
            ])
        }
        table.print()
    }
}
