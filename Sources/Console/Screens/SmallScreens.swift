import PlatformModel
import TerminalCells

/// All findings.
struct FindingsScreen: Sendable {
    let state: ConsoleState
    let context: CellContext

    func draw(on canvas: inout Canvas, in rect: Rect) {
        AttentionPanel(state: state, context: context, title: "Findings").draw(on: &canvas, in: rect)
    }
}

/// One finding: what was seen, since when, what explains it and what to do.
struct FindingScreen: Sendable {
    let state: ConsoleState
    let context: CellContext
    let id: Finding.ID

    func draw(on canvas: inout Canvas, in rect: Rect) {
        var panel = Panel(title: id.code.rawValue)
        panel.isFocused = true
        let inner = panel.draw(on: &canvas, in: rect)
        guard let lines = lines(columns: inner.columns - 2) else {
            Message(lines: [
                [
                    Span(context.glyphs.status(.good) + " ", .good),
                    Span("\(id.code.rawValue) \(id.subject) is over.", .strong),
                ],
                [Span("It was there when this was opened. Esc goes back.", .muted)],
            ]).draw(on: &canvas, in: inner)
            return
        }
        TextBlock(lines: lines, matcher: state.textMatcher(of: .main)).draw(
            on: &canvas, in: inner, top: state.textTop(of: .main))
    }

    /// Everything that is known of it; nil when it is over.
    func lines(columns: Int) -> [[Span]]? {
        guard let finding = context.snapshot.findings.first(where: { $0.id == id }) else { return nil }
        let tone = Tone(finding.severity)
        let width = columns - Facts.labelColumns
        var lines: [[Span]] = [
            [
                Span(context.glyphs.status(tone) + " \(finding.severity.word) ", tone.role),
                Span("\(finding.code.rawValue) \(finding.subject)", .strong),
            ],
            [], Facts.line("since", Facts.instant(finding.since.wall, context)),
        ]
        lines += labelled("seen", finding.evidence, width)
        lines += labelled("do", finding.advice, width)
        if let cause = finding.cause {
            lines.append(Facts.line("explained by", "\(cause.code.rawValue) \(cause.subject)", role: .strong))
        }
        for other in context.snapshot.findings where other.cause == id {
            lines.append(Facts.line("explains", "\(other.code.rawValue) \(other.subject)", other.evidence))
        }
        lines += [[], [Span("Enter shows what this was read from.", .muted)]]
        return lines
    }

    private func labelled(_ label: String, _ text: String, _ width: Int) -> [[Span]] {
        text.wrapped(to: max(10, width)).enumerated().map { Facts.line($0.offset == 0 ? label : "", $0.element) }
    }
}

/// The services with what they say of what they need.
struct ServicesScreen: Sendable {
    let state: ConsoleState
    let context: CellContext

    /// The list, and below it, where there is room, the selected service with its latency.
    static func layout(_ body: Rect, services: Int, isZoomed: Bool) -> (list: Rect, below: Rect) {
        let wanted = max(6, services + 3)
        guard !isZoomed, body.rows >= wanted + 12 else { return (body, body.split(bottom: 0).bottom) }
        let (list, below) = body.split(top: max(wanted, body.rows - 18))
        return (list, below)
    }

    func draw(on canvas: inout Canvas, in rect: Rect) {
        let selected = state.services.row(state.detailed)?.named.name
        if state.isZoomed(.details), let selected {
            ServiceScreen(state: state, context: context, name: selected).draw(on: &canvas, in: rect, panel: .details)
            return
        }
        let layout = ServicesScreen.layout(rect, services: state.services.count, isZoomed: state.isZoomed)
        ListPanel(
            state: state, context: context, title: "Services", columns: ServiceColumns.all, rows: state.services,
            empty: .text("No service is configured.", "galley config show tells what is."), list: state.list,
            isFocused: state.focused == .main
        ).draw(on: &canvas, in: layout.list)
        guard !layout.below.isEmpty, let selected else { return }
        let isWide = layout.below.columns >= 100
        let (facts, chart) = layout.below.split(left: isWide ? layout.below.columns / 2 : layout.below.columns)
        ServiceScreen(state: state, context: context, name: selected).draw(on: &canvas, in: facts, panel: .details)
        if isWide {
            let trend = context.snapshot.trends[.serviceLatency(selected)]
            ChartPanel(title: "\(selected): latency", trend: trend) { Quantity.shortDuration(.seconds($0)) }
                .draw(on: &canvas, in: chart)
        }
    }
}

/// One service in full.
struct ServiceScreen: Sendable {
    let state: ConsoleState
    let context: CellContext
    let name: String

    func draw(on canvas: inout Canvas, in rect: Rect, panel id: PanelID = .main) {
        guard let row, let lines else {
            let inner = Panel(title: name).draw(on: &canvas, in: rect)
            Message.text("No service is called \(name) any more.").draw(on: &canvas, in: inner)
            return
        }
        let reading = row.named.reading
        var panel = Panel(title: name, corner: Corner.spans(reading, context))
        panel.isFocused = state.focused == id
        let inner = panel.draw(on: &canvas, in: rect)
        TextBlock(lines: lines, matcher: state.textMatcher(of: id)).draw(
            on: &canvas, in: inner, top: state.textTop(of: id))
        if Corner.isOld(reading, context) { canvas.age(inner) }
    }

    private var row: ServiceRow? { state.services.all.first { $0.named.name == name } }

    /// Everything that is known of it; nil when there is no such service.
    var lines: [[Span]]? {
        guard let row else { return nil }
        let reading = row.named.reading
        let tone = row.tone(context.thresholds)
        var lines: [[Span]] = [[Span(context.glyphs.status(tone) + " ", tone.role), Span(row.word, .strong)]]
        if let failure = reading.failure {
            lines.append([Span(context.glyphs.status(.failed) + " ", .failed), Span(Wording.failure(failure))])
        }
        lines.append(Facts.line("address", row.named.address))
        if let health = reading.value {
            lines.append(Facts.line("answered", "\(health.statusCode) in \(Quantity.duration(health.latency))"))
            lines.append(Facts.line("version", health.version.isEmpty ? "-" : health.version))
            if let uptime = health.uptime { lines.append(Facts.line("up", Quantity.duration(uptime))) }
            lines += [[], [Span("NEEDS", .heading)]]
            for need in health.dependencies {
                let tone: Tone = need.state == "ok" ? .good : .critical
                lines.append([
                    Span(context.glyphs.status(tone) + " ", tone.role), Span(need.name.padded(to: 16), .strong),
                    Span(need.state.padded(to: 10)),
                    Span((need.latency.map(Quantity.duration) ?? "-").padded(to: 10, .right), .muted),
                    Span(need.error.isEmpty ? "" : "  \(need.error)", .warning),
                ])
            }
            if health.dependencies.isEmpty { lines.append([Span("It names nothing that it needs.", .muted)]) }
        }
        return lines
    }
}

/// What this console has told.
struct NoticesScreen: Sendable {
    let state: ConsoleState
    let context: CellContext

    func draw(on canvas: inout Canvas, in rect: Rect) {
        ListPanel(
            state: state, context: context, title: "Notices", columns: NoticeColumns.all, rows: state.notices,
            empty: .text("Nothing was told yet."), list: state.list
        ).draw(on: &canvas, in: rect)
    }
}
