import PlatformModel
import TerminalCells

/// The agents' runs; above them, where there is room, what they add up to for each graph.
struct AgentsScreen: Sendable {
    let state: ConsoleState
    let context: CellContext

    static func layout(_ body: Rect, graphs: Int, isZoomed: Bool) -> (graphs: Rect, list: Rect) {
        let wanted = body.rows >= 16 && !isZoomed ? min(graphs + 4, body.rows / 2) : 0
        let (top, list) = body.split(top: graphs == 0 ? 0 : wanted)
        return (top, list)
    }

    func draw(on canvas: inout Canvas, in rect: Rect) {
        guard let reading = context.snapshot.agents else {
            let inner = Panel(title: "Agents").draw(on: &canvas, in: rect)
            Message.text(
                "No agents are configured.", "environments.NAME.agents tells where their state is; postgres is needed."
            ).draw(on: &canvas, in: inner)
            return
        }
        let graphs = reading.value?.graphs ?? []
        let layout = AgentsScreen.layout(rect, graphs: graphs.count, isZoomed: state.isZoomed)
        if let agents = reading.value, !layout.graphs.isEmpty {
            drawGraphs(agents, reading, on: &canvas, in: layout.graphs)
        }
        ListPanel(
            state: state, context: context, title: "Runs", columns: AgentColumns.all, rows: state.agentRuns,
            corner: Corner.spans(reading, context), isStale: Corner.isOld(reading, context),
            note: Corner.failureLine(reading, context),
            empty: Corner.message(
                reading, context,
                empty: .text("No agent has run within the hour.", "A run appears when its first step is stored.")),
            list: state.list
        ).draw(on: &canvas, in: layout.list)
    }

    private func drawGraphs(
        _ agents: AgentsOverview, _ reading: Reading<AgentsOverview>, on canvas: inout Canvas, in rect: Rect
    ) {
        var panel = Panel(title: "Agents", count: agents.flavour.word)
        panel.note = [Span(scaling, .muted)]
        if agents.coverage < 1 {
            panel.corner = [Span("looked through \(Quantity.percent(agents.coverage, digits: 0))", .muted)]
        }
        let inner = panel.draw(on: &canvas, in: rect)
        TextBlock(lines: AgentsScreen.lines(agents, columns: inner.columns - 2, context)).draw(
            on: &canvas, in: inner, top: 0)
        if Corner.isOld(reading, context) { canvas.age(inner) }
    }

    /// What the scaling rule says, in the lower border.
    private var scaling: String {
        let thresholds = context.thresholds
        guard let queue = context.snapshot.queues.value?.first(where: { $0.name == thresholds.agentQueue }) else {
            return ""
        }
        return "\(Quantity.grouped(queue.backlog)) queued; \(AgentScaling(queue: queue, thresholds: thresholds).advice)"
    }

    /// One line a graph, below its heads.
    static func lines(_ agents: AgentsOverview, columns: Int, _ context: CellContext) -> [[Span]] {
        let name = max(10, min(24, columns - 66))
        let heads = ["RUN", "WAIT", "FAIL", "LEFT", "DONE"].map { $0.padded(to: 6, .right) }.joined()
        var lines: [[Span]] = [
            [
                Span(
                    "AGENT".padded(to: name) + heads + "RUNS/MIN".padded(to: 10, .right) + "P50".padded(to: 9, .right)
                        + "P95".padded(to: 9, .right) + "TOOLS".padded(to: 9, .right), .heading)
            ]
        ]
        let states: [(AgentRun.State, ThemeRole)] = [
            (.running, .text), (.waiting, .notice), (.failed, .warning), (.abandoned, .warning), (.done, .text),
        ]
        for graph in agents.graphs {
            var line = [Span((graph.name.isEmpty ? "unnamed" : graph.name).padded(to: name), .strong)]
            for (state, role) in states {
                let count = graph.count(state)
                line.append(Span(Quantity.compact(Int64(count)).padded(to: 6, .right), count == 0 ? .muted : role))
            }
            let rate = graph.runsPerMinute.map { Quantity.fixed($0, 1) } ?? "-"
            line.append(Span(rate.padded(to: 10, .right)))
            line.append(Span((graph.decisionP50.map(Quantity.duration) ?? "-").padded(to: 9, .right)))
            line.append(Span((graph.decisionP95.map(Quantity.duration) ?? "-").padded(to: 9, .right)))
            let failed =
                graph.toolErrors > 0
                ? "\(Quantity.compact(Int64(graph.toolErrors)))\(context.glyphs.status(.failed)) " : ""
            let calls = "\(failed)\(Quantity.compact(Int64(graph.toolCalls)))"
            line.append(Span(calls.padded(to: 9, .right), graph.toolErrors > 0 ? .warning : .text))
            lines.append(line)
        }
        return lines
    }
}

/// One run: what it is about, and its steps as a line through time with calls, errors, question and answer.
struct AgentRunScreen: Sendable {
    let state: ConsoleState
    let context: CellContext
    let thread: String

    func draw(on canvas: inout Canvas, in rect: Rect) {
        let loaded = state.agentDetails[thread] ?? Loaded()
        var panel = Panel(title: thread)
        panel.isFocused = true
        panel.corner = corner(loaded)
        let inner = panel.draw(on: &canvas, in: rect)
        guard let lines = lines(columns: inner.columns - 2) else {
            let message =
                loaded.failure.map { Message.failure($0, glyphs: context.glyphs) } ?? .text("Reading \(thread).")
            message.draw(on: &canvas, in: inner)
            return
        }
        TextBlock(lines: lines, matcher: state.textMatcher(of: .main)).draw(
            on: &canvas, in: inner, top: state.textTop(of: .main))
    }

    private func corner(_ loaded: Loaded<AgentRunDetails>) -> [Span] {
        let age = loaded.at.map { Wording.ageText(context.now.since($0)) }
        if loaded.failure != nil { return [Span(age.map { "failing, \($0) old" } ?? "unavailable", .failed)] }
        return [Span(age ?? "loading", .muted)]
    }

    /// The run that was read, or else as the list has it; nil when neither knows it.
    func lines(columns: Int) -> [[Span]]? {
        let loaded = state.agentDetails[thread] ?? Loaded()
        guard let run = loaded.value?.run ?? state.agentRuns.all.first(where: { $0.thread == thread }) else {
            return nil
        }
        var lines = head(run, columns)
        if let failure = loaded.failure {
            lines.append([Span(context.glyphs.status(.failed) + " ", .failed), Span(Wording.failure(failure), .text)])
        }
        lines += [
            [],
            [
                Span("STEPS", .heading),
                Span(loaded.value?.isCut == true ? "   earlier ones are not shown" : "", .muted),
            ],
        ]
        guard let details = loaded.value else { return lines + [[Span("Reading its steps.", .muted)]] }
        for step in details.steps { lines += AgentStepLines(step: step, context: context, columns: columns).lines }
        return lines
    }

    private func head(_ run: AgentRun, _ columns: Int) -> [[Span]] {
        let tone = run.tone
        var lines: [[Span]] = [
            [
                Span(context.glyphs.status(tone) + " ", tone.role), Span(run.state.rawValue, .strong),
                Span(run.next.isEmpty ? "" : "   at \(run.next.joined(separator: ", "))", .text),
            ],
            Facts.line(
                "agent", run.graph.isEmpty ? "-" : run.graph,
                run.earlier > 0 ? "\(Wording.counted(run.earlier, "run")) of this thread before" : ""),
            Facts.line("order", run.order.map(String.init) ?? "-"),
            Facts.line("job", run.job.isEmpty ? "-" : run.job, run.queue.isEmpty ? "" : "queue \(run.queue)"),
            Facts.line("begun", Facts.instant(run.startedAt, context)),
            Facts.line("last step", Facts.instant(run.updatedAt, context)),
            Facts.line(
                "decided in", Quantity.duration(run.decisionTime),
                "\(Wording.counted(run.steps, "step")), \(Wording.counted(run.toolCalls, "tool call"))"
                    + (run.toolErrors > 0 ? ", \(run.toolErrors) failed" : "")
                    + (run.tokens.map { ", \(Quantity.grouped($0)) tokens" } ?? "")),
        ]
        if !run.question.isEmpty {
            lines += [[], [Span("ASKS", .heading)]] + run.question.wrapped(to: columns).map { [Span($0, .notice)] }
        }
        if !run.error.isEmpty {
            lines += [[], [Span("FAILED BECAUSE", .heading)]]
            lines += run.error.wrapped(to: columns).map { [Span($0, .warning)] }
        }
        return lines
    }
}

/// One step of the timeline, and below it what happened in it.
struct AgentStepLines: Sendable {
    let step: AgentStep
    let context: CellContext
    let columns: Int

    var lines: [[Span]] {
        let isNow = AgentRun.State(rawValue: step.source) != nil
        let indent = step.subgraph.isEmpty ? "" : "  "
        let took = isNow ? "" : step.took.map { Quantity.duration($0) } ?? ""
        var head = [
            Span(isNow ? "now".padded(to: 13) : "\(step.endedAt.clockText).\(milliseconds) ", .muted),
            Span(took.padded(to: 8, .right) + "  ", .curve), Span(indent),
        ]
        if !step.subgraph.isEmpty { head.append(Span(step.subgraph + " ", .muted)) }
        head.append(isNow ? Span(step.source + " ", tone(step.source).role) : Span("\(step.number) ", .muted))
        head.append(Span(title, .strong))
        let below = step.notes.map(note) + step.calls.map(call)
        return [head]
            + below.enumerated().map { index, spans in
                let branch = index == below.count - 1 ? context.glyphs.lastBranch : context.glyphs.branch
                return [Span(String(repeating: " ", count: 23) + indent + branch + " ", .muted)] + spans
            }
    }

    private var title: String {
        if !step.nodes.isEmpty { return step.nodes.joined(separator: " + ") }
        switch step.source {
        case "input": return "input"
        case "update": return "written by hand"
        case "fork": return "forked"
        default: return step.number == 0 ? "start" : "-"
        }
    }

    private var milliseconds: String {
        let text = String(step.endedAt.fields.microsecond / 1000)
        return String(repeating: "0", count: max(0, 3 - text.count)) + text
    }

    private func tone(_ word: String) -> Tone {
        switch AgentRun.State(rawValue: word) {
        case .failed: .failed
        case .abandoned: .warning
        case .waiting: .notice
        default: .good
        }
    }

    private var room: Int { max(10, columns - 27) }

    private func note(_ note: AgentNote) -> [Span] {
        let text = String(note.text.split { $0.isWhitespace }.joined(separator: " ").prefix(room))
        switch note.kind {
        case .error: return [Span(context.glyphs.status(.failed) + " ", .failed), Span(text, .warning)]
        case .question: return [Span("asks  ", .notice), Span(text)]
        case .answer: return [Span("a person said  ", .notice), Span(text)]
        case .said: return [Span("said  ", .muted), Span(text)]
        }
    }

    private func call(_ call: AgentToolCall) -> [Span] {
        let name = call.name.isEmpty ? "a tool" : call.name
        let text = String(call.text.split { $0.isWhitespace }.joined(separator: " ").prefix(room))
        switch call.outcome {
        case .asked: return [Span("calls \(name)  ", .text), Span(text, .muted)]
        case .answered: return [Span("\(name) answered  ", .text), Span(text, .muted)]
        case .failed:
            return [
                Span(context.glyphs.status(.failed) + " ", .failed), Span("\(name) failed  ", .warning),
                Span(text, .muted),
            ]
        }
    }
}
