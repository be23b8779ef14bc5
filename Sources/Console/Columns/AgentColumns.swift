import PlatformModel

extension AgentRun: ListedRow {
    var identity: RowIdentity { .name(thread) }
    var label: String { thread }

    var tone: Tone {
        switch state {
        case .running, .done: .good
        case .waiting: .notice
        case .failed: .failed
        case .abandoned: .warning
        }
    }

    /// The question, the error, or nothing to say.
    var remark: String { question.isEmpty ? error : question }

    /// Where it stands: what runs, waits or failed now, or the last node of all.
    var whereabouts: String { next.isEmpty ? nodes.last ?? "" : next.joined(separator: ", ") }
}

/// The columns and filter fields of the agents' runs.
enum AgentColumns {
    static let all: [Column<AgentRun>] = [
        Column("run", "RUN", 16, growth: 3, importance: 100, cutsMiddle: true, sort: { .text($0.thread) }) { run, _ in
            [Span(run.thread, .strong)]
        },
        Column("state", "STATE", 11, importance: 98, sort: { .text($0.state.rawValue) }) { run, context in
            let tone = run.state == .done ? Tone.standby : run.tone
            return [
                Span(context.glyphs.status(tone) + " ", tone.role),
                Span(run.state.rawValue, run.state == .done || run.state == .running ? .text : tone.role),
            ]
        },
        Column("graph", "GRAPH", 11, growth: 1, importance: 72, cutsMiddle: true, sort: { .text($0.graph) }) { run, _ in
            [Span(run.graph.isEmpty ? "-" : run.graph)]
        },
        Column("node", "AT", 12, growth: 1, importance: 85, cutsMiddle: true, sort: { .text($0.whereabouts) }) {
            run, _ in
            [Span(run.whereabouts.isEmpty ? "-" : run.whereabouts, run.isOver && run.state == .done ? .muted : .text)]
        },
        Column("steps", "STEPS", 5, .right, importance: 60, sort: { SortKey($0.steps) }) { run, _ in
            [Span(String(run.steps))]
        },
        Column("tools", "TOOLS", 6, .right, importance: 62, sort: { SortKey($0.toolCalls) }) { run, context in
            guard run.toolCalls > 0 else { return [Span("-", .muted)] }
            let failed = run.toolErrors > 0 ? "\(run.toolErrors)\(context.glyphs.status(.failed)) " : ""
            return [Span(failed, .warning), Span(String(run.toolCalls))]
        },
        Column("decision", "DECIDED", 8, .right, importance: 70, sort: { SortKey($0.decisionTime) }) { run, _ in
            [Span(Quantity.duration(run.decisionTime), run.state == .running ? .muted : .text)]
        },
        Column("age", "BEGUN", 6, .right, importance: 88, sort: { SortKey(-Double($0.startedAt.microseconds)) }) {
            run, context in [Span(Wording.shortAge(context.now.wall - run.startedAt), .muted)]
        },
        Column("idle", "STILL", 6, .right, importance: 80, sort: { SortKey(-Double($0.updatedAt.microseconds)) }) {
            run, context in
            guard !run.isOver else { return [Span("-", .muted)] }
            let still = context.now.wall - run.updatedAt
            let isLong = run.state == .waiting && still >= context.thresholds.agentWaiting || run.state == .abandoned
            return [Span(Wording.shortAge(still), isLong ? .warning : .text)]
        },
        Column("order", "ORDER", 8, .right, importance: 65, sort: { SortKey($0.order) }) { run, _ in
            [Span(run.order.map(String.init) ?? "-", .muted)]
        },
        Column("remark", "QUESTION OR ERROR", 18, growth: 6, importance: 75) { run, _ in
            [Span(run.remark, run.state == .failed ? .warning : .text)]
        },
        Column("job", "JOB", 20, importance: 20, isExtra: true, cutsMiddle: true, sort: { .text($0.job) }) { run, _ in
            [Span(run.job.isEmpty ? "-" : run.job, .muted)]
        },
        Column("tokens", "TOKENS", 7, .right, importance: 25, isExtra: true, sort: { SortKey($0.tokens) }) { run, _ in
            [Span(run.tokens.map { Quantity.compact($0) } ?? "-", .muted)]
        },
    ]

    static let fields: [FilterField<AgentRun>] = [
        FilterField("run", "The thread's name") { .text($0.thread) },
        FilterField("state", "How it stands", words: AgentRun.State.allCases.map(\.rawValue)) {
            .text($0.state.rawValue)
        },
        FilterField("graph", "The agent") { .text($0.graph) },
        FilterField("node", "Where it is, and where it was") { .text(($0.next + $0.nodes).joined(separator: " ")) },
        FilterField("order", "The order that it is about") { run in
            run.order.map { .number(Double($0)) } ?? .nothing
        },
        FilterField("steps", "Steps taken") { .number(Double($0.steps)) },
        FilterField("tools", "Tools called") { .number(Double($0.toolCalls)) },
        FilterField("toolerrors", "Tool calls that failed") { .number(Double($0.toolErrors)) },
        FilterField("decided", "How long it took to decide: decided>2s") { .number($0.decisionTime.inSeconds) },
        FilterField("remark", "What it asks, or what went wrong") { .text($0.remark) },
        FilterField("job", "The job that ran it last") { .text($0.job) },
    ]
}
