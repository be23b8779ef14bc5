import PlatformModel

@testable import Console

extension Samples {
    static let agents: AgentsOverview = {
        let sums = AgentGraphSums()
        return AgentsOverview(
            runs: agentRuns, graphs: sums.graphs(agentRuns, now: wall, watchedSince: ago(3600)), flavour: .inline,
            schema: "agents", coverage: 1)
    }()

    static let agentRuns: [AgentRun] = [
        run(20_431, "normaliser", .running, 0.9, nodes: ["read_order", "normalise"], next: ["catalogue"]),
        run(
            20_430, "approver", .waiting, 74, decided: 1.4, nodes: ["read_order", "assess", "tools"],
            next: ["ask_person"],
            tools: 2, question: "Release order 20430 of HAM-02, EUR 2,412.80?"),
        run(
            20_429, "matcher", .done, 81, decided: 2.1, nodes: ["read_order", "by_price", "by_record", "decide"],
            tools: 1),
        run(
            20_428, "matcher", .failed, 95, decided: 0.8, nodes: ["read_order", "by_price"], next: ["tools"], tools: 1,
            error: "ToolServerDown('the price list of GASTRO-MAX answered 502 Bad Gateway')"),
        run(
            20_427, "normaliser", .done, 103, decided: 0.2, nodes: ["read_order", "normalise", "conclude"]),
        run(
            20_425, "normaliser", .abandoned, 400, decided: 1.1, nodes: ["read_order"],
            next: ["catalogue", "normalise"], tools: 3, toolErrors: 1),
        run(
            20_398, "approver", .waiting, 1320, decided: 1.9, nodes: ["read_order", "assess", "tools"],
            next: ["ask_person"], tools: 2, toolErrors: 1, question: "Release order 20398 of MUC-01, EUR 8,120.00?"),
    ]

    private static func run(
        _ order: Int64, _ graph: String, _ state: AgentRun.State, _ ago: Double, decided: Double = 0.3, nodes: [String],
        next: [String] = [], tools: Int = 0, toolErrors: Int = 0, error: String = "", question: String = ""
    ) -> AgentRun {
        AgentRun(
            thread: "order-\(order)-\(graph)", start: "1f1e7b58-2681-6b4b-bfff-953b42c15d0a", state: state,
            graph: graph,
            order: order, queue: "agents", job: "order-\(order)-agent-\(graph)", startedAt: Samples.ago(ago),
            updatedAt: Samples.ago(ago - decided), steps: nodes.count + 1, nodes: nodes, next: next, toolCalls: tools,
            toolErrors: toolErrors, tokens: tools > 0 ? Int64(tools) * 212 : nil, error: error, question: question,
            decisionTime: .seconds(decided))
    }

    static func agentRun(_ thread: String) -> AgentRunDetails {
        let run = agentRuns.first { $0.thread == thread } ?? agentRuns[0]
        func step(
            _ number: Int, _ seconds: Double, _ nodes: [String], subgraph: String = "", source: String = "loop",
            calls: [AgentToolCall] = [], notes: [AgentNote] = []
        ) -> AgentStep {
            AgentStep(
                subgraph: subgraph, checkpoint: "c\(number)", number: number, source: source,
                endedAt: run.startedAt + .seconds(seconds), took: number < 0 ? nil : .milliseconds(40 + number * 173),
                nodes: nodes, calls: calls, notes: notes)
        }
        var steps = [
            step(-1, 0, [], source: "input"), step(0, 0.002, []), step(1, 0.06, ["read_order"]),
            step(
                2, 0.5, ["assess"],
                calls: [
                    AgentToolCall(
                        id: "1", name: "budget", outcome: .asked, text: #"{"kitchen":"HAM-02","order_id":20430}"#),
                    AgentToolCall(id: "2", name: "open_orders", outcome: .asked, text: #"{"kitchen":"HAM-02"}"#),
                ]),
            step(
                1, 0.6, ["think"], subgraph: "catalogue",
                notes: [AgentNote(.said, node: "think", text: "matched 2 of 3")]),
            step(
                3, 0.9, ["tools"],
                calls: [
                    AgentToolCall(
                        id: "1", name: "budget", outcome: .failed,
                        text: "the budget service answered 429 Too Many Requests; use the kitchen's limit"),
                    AgentToolCall(id: "2", name: "open_orders", outcome: .answered, text: "17 open orders of HAM-02"),
                ]),
            step(4, 1.4, ["by_price", "by_lead_time", "by_record"]),
        ]
        let notes: [AgentRun.State: [AgentNote]] = [
            .waiting: [AgentNote(.question, node: "ask_person", text: run.question)],
            .failed: [AgentNote(.error, node: "tools", text: run.error)],
        ]
        if run.state != .done {
            steps.append(
                AgentStep(
                    checkpoint: "c", number: 5, source: run.state.rawValue, endedAt: run.updatedAt, nodes: run.next,
                    notes: notes[run.state] ?? []))
        }
        return AgentRunDetails(run: run, steps: steps)
    }
}
