import Collectors
import PlatformModel
import PlatformStore
import Reactor

/// `galley agents …`: what the agents screen shows.
enum AgentsCommand {
    static func list(_ arguments: Arguments) throws(CommandFailure) -> Int32 {
        try show(arguments) { snapshot, agents in
            if arguments.has("json") {
                return json(
                    "agents", snapshot,
                    [("overview", SnapshotJSON.agents(agents)), ("scaling", SnapshotJSON.scaling(snapshot))],
                    arguments)
            }
            return table(agents) + scaling(snapshot)
        }
    }

    static func runs(_ arguments: Arguments) throws(CommandFailure) -> Int32 {
        let limit = try OrdersCommand.limit(arguments, otherwise: 50)
        let state = arguments.option("state").flatMap(AgentRun.State.init)
        let graph = arguments.option("graph")
        var order: Int64?
        if let word = arguments.option("order") {
            guard let number = Int64(word) else {
                throw CommandFailure(
                    status: ExitStatus.usage, message: "--order \(word): an order is a number", code: "usage")
            }
            order = number
        }
        return try show(arguments) { [order] snapshot, agents in
            let wanted = agents.runs.filter { run in
                (state.map { run.state == $0 } ?? true) && (graph.map { run.graph == $0 } ?? true)
                    && (order.map { run.order == $0 } ?? true)
            }
            let shown = wanted.prefix(limit)
            if arguments.has("json") {
                let list = JSON.array(shown.map(SnapshotJSON.agentRun))
                return json("agent-runs", snapshot, [("total", JSON(wanted.count)), ("runs", list)], arguments)
            }
            return runTable(Array(shown), snapshot.at.wall)
                + (wanted.count > shown.count ? ["\(shown.count) of \(wanted.count)"] : [])
        }
    }

    static func show(_ arguments: Arguments) throws(CommandFailure) -> Int32 {
        let thread = arguments.positionals[0]
        let connections = try Connections(try Setup(arguments).environment(arguments))
        let reader = try reader(connections)
        var last: [String] = []
        while true {
            let details = try OrdersCommand.outcome { () async throws(ReadFailure) in
                try await reader.details(thread: thread, until: .after(.seconds(5)))
            }
            guard let details else {
                throw CommandFailure(
                    status: ExitStatus.notFound, message: "there is no run “\(thread)”", code: "not-found",
                    hint: "galley agents runs lists them; finished ones are forgotten after a while")
            }
            let now = Moment.now().wall
            let lines = arguments.has("json") ? [] : text(details)
            if arguments.has("json") {
                let object = SnapshotJSON.envelope(
                    "agent-run", environment: connections.identity.name, at: now,
                    [
                        ("run", SnapshotJSON.agentRun(details.run)), ("is_cut", .bool(details.isCut)),
                        ("steps", .array(details.steps.map(SnapshotJSON.agentStep))),
                    ])
                Output.raw(object.write(pretty: !arguments.has("watch")))
            } else if lines != last {
                lines.forEach { Output.line($0) }
                if arguments.has("watch") { Output.line() }
                last = lines
            }
            guard arguments.has("watch"), !details.run.isOver else { return ExitStatus.done }
            _ = runBlocking { await EventLoop.shared.sleep(until: .after(.seconds(2))) }
        }
    }

    // MARK: Reading

    private static func reader(_ connections: Connections) throws(CommandFailure) -> AgentReader {
        if let reader = connections.agents { return reader }
        let name = connections.identity.name
        throw CommandFailure(
            status: ExitStatus.configuration, message: "environment \(name) has no agents", code: "configuration",
            hint: "name them in environments.\(name).agents; its postgres is needed too")
    }

    /// Once, or whenever what would be printed changes.
    private static func show(
        _ arguments: Arguments, _ lines: @escaping @Sendable (Snapshot, AgentsOverview) -> [String]
    ) throws(CommandFailure) -> Int32 {
        let connections = try Connections(try Setup(arguments).environment(arguments))
        _ = try reader(connections)
        let wanted = connections.collectors.filter { $0.name == "agents" || $0.name == "queues" }
        guard arguments.has("watch") else {
            let snapshot = runBlocking {
                await PlatformWatch(collectors: wanted, store: connections.store) { _ in }.readOnce(
                    until: .after(.seconds(3)))
            }
            if let failure = snapshot.agents?.failure { throw CommandFailure(failure) }
            guard let agents = snapshot.agents?.value else {
                throw CommandFailure(
                    ReadFailure(code: "timed-out", cause: "the agents' state could not be read in time"))
            }
            print(lines(snapshot, agents), arguments)
            return ExitStatus.done
        }
        return runBlocking {
            let last = Locked<[String]>([])
            let watch = PlatformWatch(collectors: wanted, store: connections.store, pace: .seconds(1)) { snapshot in
                guard let agents = snapshot.agents?.value else { return }
                let text = lines(snapshot, agents)
                let isNew = last.withLock { old in
                    defer { old = text }
                    return old != text
                }
                guard isNew else { return }
                print(text, arguments)
                if !arguments.has("json") { Output.line() }
            }
            await watch.run()
            return ExitStatus.done
        }
    }

    /// A JSON text has line feeds of its own and is safe as it was written; of lines for people each is made safe.
    private static func print(_ lines: [String], _ arguments: Arguments) {
        for line in lines {
            if arguments.has("json") { Output.raw(line) } else { Output.line(line) }
        }
    }

    private static func json(
        _ schema: String, _ snapshot: Snapshot, _ members: [(String, JSON)], _ arguments: Arguments
    ) -> [String] {
        let failure = snapshot.agents?.failure.map { [SnapshotJSON.error($0, origin: "agents")] } ?? []
        let object = SnapshotJSON.envelope(
            schema, environment: snapshot.environment.name, at: snapshot.at.wall, members, errors: failure)
        return [object.write(pretty: !arguments.has("watch"))]
    }

    // MARK: Lines

    private static func table(_ agents: AgentsOverview) -> [String] {
        var table = TextTable([
            ("AGENT", .left), ("RUNNING", .right), ("WAITING", .right), ("FAILED", .right), ("ABANDONED", .right),
            ("DONE", .right), ("RUNS/MIN", .right), ("P50", .right), ("P95", .right), ("TOOLS", .right),
            ("TOOL ERRORS", .right),
        ])
        for graph in agents.graphs {
            let counts = [AgentRun.State.running, .waiting, .failed, .abandoned, .done].map { "\(graph.count($0))" }
            table.add(
                [graph.name.isEmpty ? "unnamed" : graph.name] + counts + [
                    graph.runsPerMinute.map { Quantity.fixed($0, 1) } ?? "-",
                    graph.decisionP50.map(Quantity.duration) ?? "-", graph.decisionP95.map(Quantity.duration) ?? "-",
                    "\(graph.toolCalls)", "\(graph.toolErrors)",
                ])
        }
        return table.lines
    }

    private static func scaling(_ snapshot: Snapshot) -> [String] {
        let thresholds = snapshot.thresholds
        guard let queue = snapshot.queues.value?.first(where: { $0.name == thresholds.agentQueue }) else { return [] }
        let advice = AgentScaling(queue: queue, thresholds: thresholds).advice
        return ["\(Quantity.grouped(queue.backlog)) jobs queued for the agents: \(advice)"]
    }

    private static func runTable(_ runs: [AgentRun], _ now: Timestamp) -> [String] {
        var table = TextTable([
            ("RUN", .left), ("STATE", .left), ("AGENT", .left), ("AT", .left), ("STEPS", .right), ("TOOLS", .right),
            ("DECIDED", .right), ("BEGUN", .right), ("ORDER", .right), ("QUESTION OR ERROR", .left),
        ])
        for run in runs {
            let remark = run.question.isEmpty ? run.error : run.question
            table.add([
                run.thread, run.state.rawValue, run.graph.isEmpty ? "-" : run.graph,
                run.next.isEmpty ? run.nodes.last ?? "-" : run.next.joined(separator: ","), "\(run.steps)",
                run.toolErrors > 0 ? "\(run.toolCalls) (\(run.toolErrors) failed)" : "\(run.toolCalls)",
                Quantity.duration(run.decisionTime), Quantity.shortDuration(now - run.startedAt) + " ago",
                run.order.map(String.init) ?? "-", String(remark.prefix(80)),
            ])
        }
        return table.lines
    }

    private static func text(_ details: AgentRunDetails) -> [String] {
        let run = details.run
        var lines = [
            "\(run.thread): \(run.state.rawValue)\(run.next.isEmpty ? "" : " at " + run.next.joined(separator: ", "))",
            "agent \(run.graph.isEmpty ? "-" : run.graph), order \(run.order.map(String.init) ?? "-"), job \(run.job.isEmpty ? "-" : run.job)",
            "begun \(run.startedAt), decided in \(Quantity.duration(run.decisionTime)), \(run.steps) steps, "
                + "\(run.toolCalls) tool calls, \(run.toolErrors) failed",
        ]
        if !run.question.isEmpty { lines.append("asks: \(run.question)") }
        if !run.error.isEmpty { lines.append("error: \(run.error)") }
        if details.isCut { lines.append("earlier steps are not shown") }
        for step in details.steps {
            let place = step.subgraph.isEmpty ? "" : step.subgraph + " "
            let what = step.nodes.isEmpty ? step.source : step.nodes.joined(separator: " + ")
            let took = step.took.map { " " + Quantity.duration($0) } ?? ""
            lines.append("\(step.endedAt.clockText)\(took)  \(place)\(step.number)  \(what)")
            lines += step.notes.map { "    \($0.kind.rawValue): \($0.text)" }
            lines += step.calls.map { "    \($0.name) \($0.outcome.rawValue): \($0.text)" }
        }
        return lines
    }
}
