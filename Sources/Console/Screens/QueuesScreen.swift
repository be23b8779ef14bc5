import PlatformModel
import TerminalCells

/// All queues; below them, where there is room, how the selected one's backlog went.
struct QueuesScreen: Sendable {
    let state: ConsoleState
    let context: CellContext

    static func layout(_ body: Rect, isZoomed: Bool) -> (list: Rect, charts: Rect) {
        let (list, charts) = body.split(bottom: body.rows >= 30 && !isZoomed ? min(14, body.rows / 3) : 0)
        return (list, charts)
    }

    func draw(on canvas: inout Canvas, in rect: Rect) {
        if state.isZoomed(.details) {
            if let queue = state.queues.row(state.detailed) { drawCharts(queue, on: &canvas, in: rect) }
            return
        }
        let layout = QueuesScreen.layout(rect, isZoomed: state.isZoomed)
        let reading = context.snapshot.queues
        ListPanel(
            state: state, context: context, title: "Queues", columns: QueueColumns.all, rows: state.queues,
            corner: Corner.spans(reading, context), isStale: Corner.isOld(reading, context),
            note: Corner.failureLine(reading, context),
            empty: Corner.message(
                reading, context, empty: .text("There are no queues.", "A queue appears with its first job.")),
            list: state.list, isFocused: state.focused == .main
        ).draw(on: &canvas, in: layout.list)
        if !layout.charts.isEmpty, let queue = state.queues.row(state.detailed) {
            drawCharts(queue, on: &canvas, in: layout.charts)
        }
    }

    private func drawCharts(_ queue: Queue, on canvas: inout Canvas, in rect: Rect) {
        let (left, right) = rect.split(left: rect.columns / 2)
        let trends = context.snapshot.trends
        let isFocused = state.focused == .details
        ChartPanel(title: "\(queue.name): lag", trend: trends[.queueLag(queue.name)], isFocused: isFocused) {
            Quantity.shortDuration(.seconds($0))
        }.draw(on: &canvas, in: left)
        ChartPanel(title: "\(queue.name): waiting", trend: trends[.queueWaiting(queue.name)], isFocused: isFocused) {
            Wording.count($0)
        }.draw(on: &canvas, in: right)
    }
}

/// The jobs of one queue in one state.
struct JobsScreen: Sendable {
    let state: ConsoleState
    let context: CellContext
    let queue: String
    let jobState: JobState

    /// From this width on the selected job is shown beside the list.
    static let splitColumns = 150

    static func layout(_ body: Rect, isZoomed: Bool) -> (states: Rect, list: Rect, side: Rect) {
        let (states, rest) = body.split(top: body.rows >= 8 ? 1 : 0)
        let (list, side) = rest.split(
            left: body.columns >= splitColumns && !isZoomed ? rest.columns - rest.columns * 2 / 5 : rest.columns)
        return (states, list, side)
    }

    func draw(on canvas: inout Canvas, in rect: Rect) {
        let selected = state.jobs.row(state.detailed)?.id
        let job = selected.map { JobScreen(state: state, context: context, queue: queue, jobState: jobState, id: $0) }
        if state.isZoomed(.details), let job {
            job.draw(on: &canvas, in: rect, panel: .details)
            return
        }
        let layout = JobsScreen.layout(rect, isZoomed: state.isZoomed)
        if !layout.side.isEmpty {
            if let job {
                job.draw(on: &canvas, in: layout.side, panel: .details)
            } else {
                _ = Panel(title: "Job").draw(on: &canvas, in: layout.side)
            }
        }
        drawStates(on: &canvas, in: layout.states)
        let loaded = state.jobPages[JobListKey(queue: queue, state: jobState)] ?? Loaded()
        let total = loaded.value.map { "\(Quantity.grouped(Int64(state.jobs.count))) of \(Quantity.grouped($0.total))" }
        ListPanel(
            state: state, context: context, title: "\(queue): \(jobState.rawValue)", columns: JobColumns.all,
            rows: state.jobs, total: total ?? "", corner: corner(loaded), isStale: loaded.failure != nil,
            empty: empty(loaded), list: state.list, isFocused: state.focused == .main, leaps: state.hasNeighbour
        ).draw(on: &canvas, in: layout.list)
    }

    /// One word for each state with its count, the open one marked: what `[` and `]` walk through.
    private func drawStates(on canvas: inout Canvas, in rect: Rect) {
        guard !rect.isEmpty else { return }
        canvas.fill(rect, .tab)
        let counts = context.snapshot.queues.value?.first { $0.name == queue }
        var column = rect.column
        for one in JobState.allCases {
            let name = rect.columns < 100 && one == .waitingChildren ? "children" : one.rawValue
            let text = " \(name) \(counts.map { Quantity.compact($0.count(one)) } ?? "") "
            guard column + text.width <= rect.right else { return }
            column += canvas.write(text, one == jobState ? .tabActive : .tab, at: Point(column: column, row: rect.row))
        }
    }

    private func corner(_ loaded: Loaded<JobPage>) -> [Span] {
        let age = loaded.at.map { Wording.ageText(context.now.since($0)) }
        if loaded.failure != nil { return [Span(age.map { "failing, \($0) old" } ?? "unavailable", .failed)] }
        return [Span(age ?? "loading", .muted)]
    }

    private func empty(_ loaded: Loaded<JobPage>) -> Message {
        if let failure = loaded.failure { return .failure(failure, glyphs: context.glyphs) }
        if loaded.value == nil { return .text("Reading jobs.") }
        return .text("No job is \(jobState.rawValue).", "The keys of the footer show the other states.")
    }
}

/// One job with everything that is known of it.
struct JobScreen: Sendable {
    let state: ConsoleState
    let context: CellContext
    let queue: String
    let jobState: JobState
    let id: String

    func draw(on canvas: inout Canvas, in rect: Rect, panel part: PanelID = .main) {
        let loaded = state.jobPages[JobListKey(queue: queue, state: jobState)] ?? Loaded()
        var panel = Panel(title: "\(queue): job \(id)")
        panel.isFocused = state.focused == part
        panel.corner = loaded.at.map { [Span(Wording.ageText(context.now.since($0)), .muted)] } ?? []
        let inner = panel.draw(on: &canvas, in: rect)
        guard let lines = lines(columns: inner.columns - 2) else {
            Message.text(
                "Job \(id) is no longer \(jobState.rawValue).",
                "It went on since the list was read; Esc goes back to it."
            )
            .draw(on: &canvas, in: inner)
            return
        }
        TextBlock(lines: lines, matcher: state.textMatcher(of: part)).draw(
            on: &canvas, in: inner, top: state.textTop(of: part))
    }

    /// Everything that is known of it; nil when it is not in its list.
    func lines(columns: Int) -> [[Span]]? {
        let loaded = state.jobPages[JobListKey(queue: queue, state: jobState)] ?? Loaded()
        guard let job = loaded.value?.jobs.first(where: { $0.id == id }) else { return nil }
        var lines: [[Span]] = [
            Facts.line("name", job.name, role: .strong), Facts.line("state", job.state.rawValue),
            Facts.line("attempts", "\(job.attempts) of \(max(1, job.maximumAttempts))"),
            Facts.line("priority", job.priority == 0 ? "-" : String(job.priority)),
        ]
        let times: [(String, Timestamp?)] = [
            ("created", job.createdAt), ("due", job.dueAt), ("begun", job.processedAt), ("finished", job.finishedAt),
        ]
        for (label, time) in times { if let time { lines.append(Facts.line(label, Facts.instant(time, context))) } }
        if !job.worker.isEmpty { lines.append(Facts.line("worker", job.worker)) }
        if !job.failedReason.isEmpty {
            lines += [[], [Span("FAILED BECAUSE", .heading)]]
            lines += job.failedReason.wrapped(to: columns).map { [Span($0, .warning)] }
        }
        lines += [[], [Span("DATA", .heading)]]
        lines += PrettyJSON.lines(job.data, columns: columns).map { [Span($0)] }
        return lines
    }
}
