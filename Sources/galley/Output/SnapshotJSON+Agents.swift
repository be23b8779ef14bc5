import PlatformModel

extension SnapshotJSON {
    static func agents(_ agents: AgentsOverview) -> JSON {
        [
            "store": .string(agents.flavour.word), "store_schema": .string(agents.schema),
            "window": seconds(agents.window),
            "coverage": .number(agents.coverage), "runs_per_minute": JSON(agents.runsPerMinute),
            "tool_calls_per_run": JSON(agents.toolCallsPerRun),
            "decision_p95": agents.decisionP95.map(seconds) ?? .null,
            "agents": .array(agents.graphs.map(agentGraph)),
        ]
    }

    static func agentGraph(_ graph: AgentGraph) -> JSON {
        var counts = JSONObject()
        for state in AgentRun.State.allCases { counts[state.rawValue] = JSON(graph.count(state)) }
        return [
            "name": .string(graph.name), "counts": .object(counts), "runs": JSON(graph.runs),
            "runs_per_minute": JSON(graph.runsPerMinute), "decision_p50": graph.decisionP50.map(seconds) ?? .null,
            "decision_p95": graph.decisionP95.map(seconds) ?? .null, "tool_calls": JSON(graph.toolCalls),
            "tool_errors": JSON(graph.toolErrors), "ended_lately": JSON(graph.endedLately),
            "failed_lately": JSON(graph.failedLately),
        ]
    }

    static func agentRun(_ run: AgentRun) -> JSON {
        let members: [(String, JSON)] = [
            ("thread", .string(run.thread)), ("start", .string(run.start)), ("state", .string(run.state.rawValue)),
            ("graph", .string(run.graph)), ("order", run.order.map { .integer($0) } ?? .null),
            ("queue", .string(run.queue)), ("job", .string(run.job)), ("started_at", time(run.startedAt)),
            ("updated_at", time(run.updatedAt)), ("steps", JSON(run.steps)),
            ("nodes", .array(run.nodes.map { .string($0) })), ("next", .array(run.next.map { .string($0) })),
            ("tool_calls", JSON(run.toolCalls)), ("tool_errors", JSON(run.toolErrors)),
            ("tokens", run.tokens.map { .integer($0) } ?? .null), ("decision_time", seconds(run.decisionTime)),
            ("question", .string(run.question)), ("error", .string(run.error)), ("earlier_runs", JSON(run.earlier)),
        ]
        return .object(JSONObject(members))
    }

    static func agentStep(_ step: AgentStep) -> JSON {
        let calls = step.calls.map { call -> JSON in
            [
                "id": .string(call.id), "name": .string(call.name), "outcome": .string(call.outcome.rawValue),
                "text": .string(call.text),
            ]
        }
        let notes = step.notes.map { note -> JSON in
            ["kind": .string(note.kind.rawValue), "node": .string(note.node), "text": .string(note.text)]
        }
        return [
            "subgraph": .string(step.subgraph), "checkpoint": .string(step.checkpoint), "number": JSON(step.number),
            "source": .string(step.source), "ended_at": time(step.endedAt), "took": step.took.map(seconds) ?? .null,
            "nodes": .array(step.nodes.map { .string($0) }), "calls": .array(calls), "notes": .array(notes),
        ]
    }

    static func scaling(_ snapshot: Snapshot) -> JSON {
        let thresholds = snapshot.thresholds
        guard let queue = snapshot.queues.value?.first(where: { $0.name == thresholds.agentQueue }) else {
            return .null
        }
        let scaling = AgentScaling(queue: queue, thresholds: thresholds)
        let verdict =
            switch scaling.verdict {
            case .more: "more"
            case .fewer: "fewer"
            case .asTheyAre: "as-they-are"
            }
        return [
            "queue": .string(queue.name), "backlog": .integer(queue.backlog), "workers": JSON(scaling.workers),
            "verdict": .string(verdict), "advice": .string(scaling.advice),
        ]
    }
}
