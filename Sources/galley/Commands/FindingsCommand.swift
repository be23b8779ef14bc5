import Console
import PlatformModel

/// `galley findings list`: what the findings screen shows.
enum FindingsCommand {
    static func list(_ arguments: Arguments) throws(CommandFailure) -> Int32 {
        let connections = try Connections(try Setup(arguments).environment(arguments))
        let snapshot = StatusCommand.once(connections)
        if arguments.has("json") {
            let findings = snapshot.findings.map { SnapshotJSON.finding($0, at: snapshot.at) }
            let object = SnapshotJSON.envelope(
                "findings", environment: connections.identity.name, at: snapshot.at.wall,
                [("health", .string(snapshot.health.rawValue)), ("findings", .array(findings))],
                errors: SnapshotJSON.errors(snapshot))
            Output.raw(object.write(pretty: true))
        } else {
            let lines = PlainAnswers.findings(snapshot, now: snapshot.at)
            for line in PlainRenderer.fitted(lines, columns: Output.columns) { Output.line(line) }
        }
        return StatusCommand.status(snapshot)
    }
}

/// `galley why NAME`: what is wrong with something, why, and what to do.
enum WhyCommand {
    static func run(_ arguments: Arguments) throws(CommandFailure) -> Int32 {
        let name = arguments.positionals[0]
        let connections = try Connections(try Setup(arguments).environment(arguments))
        let snapshot = StatusCommand.once(connections)
        guard let lines = PlainWhy.lines(name, in: snapshot, now: snapshot.at) else {
            throw unknown(name, in: snapshot)
        }
        let found = PlainWhy.findings(name, in: snapshot)
        if arguments.has("json") {
            let object = SnapshotJSON.envelope(
                "why", environment: connections.identity.name, at: snapshot.at.wall,
                [
                    ("name", .string(name)),
                    ("findings", .array(found.map { SnapshotJSON.finding($0, at: snapshot.at) })),
                    ("sentences", .array(lines.map { .string($0) })),
                ], errors: SnapshotJSON.errors(snapshot))
            Output.raw(object.write(pretty: true))
        } else {
            for line in PlainRenderer.fitted(lines, columns: Output.columns) { Output.line(line) }
        }
        switch found.map(\.severity).max() {
        case .critical: return ExitStatus.down
        case .warning: return ExitStatus.degraded
        case .notice, nil: return ExitStatus.done
        }
    }

    static func unknown(_ name: String, in snapshot: Snapshot) -> CommandFailure {
        let names = PlainWhy.names(in: snapshot)
        let findings = snapshot.findings.map(\.code.rawValue)
        return CommandFailure(
            status: ExitStatus.notFound,
            message: "nothing is called “\(name)”" + Suggestion.text(for: name, among: names + findings),
            code: "not-found", hint: "there are: \(names.joined(separator: ", "))")
    }
}
