import Operations
import PlatformModel
import TerminalCells

/// How the screen is divided: banner, tabs where there is room, the place, and one line of keys or input.
struct FrameLayout: Sendable {
    let banner: Rect
    let tabs: Rect
    let body: Rect
    let footer: Rect

    init(_ size: Size) {
        var rest = Rect(column: 0, row: 0, columns: size.columns, rows: size.rows)
        (banner, rest) = rest.split(top: 1)
        (tabs, rest) = rest.split(top: size.columns >= 100 && size.rows >= 16 ? 1 : 0)
        (rest, footer) = rest.split(bottom: size.rows >= 3 ? 1 : 0)
        body = rest
    }
}

extension ConsoleState {
    /// The screen for a terminal of that size: a value made from the state alone.
    public func render(size: Size) -> ScreenBuffer {
        var canvas = Canvas(size: size, theme: theme, glyphs: options.glyphs)
        guard size.columns > 0, size.rows > 0 else { return canvas.buffer }
        let layout = FrameLayout(size)
        Banner(state: self).draw(on: &canvas, in: layout.banner, hasTabs: !layout.tabs.isEmpty)
        if !layout.tabs.isEmpty { Tabs(state: self).draw(on: &canvas, in: layout.tabs) }
        drawBody(on: &canvas, in: layout.body)
        if columnsDialog != nil { ColumnsView(state: self).draw(on: &canvas, in: layout.body) }
        if help != nil { HelpView(state: self).draw(on: &canvas, in: layout.body) }
        if prompt != nil {
            PromptView(state: self).draw(on: &canvas, body: layout.body, line: layout.footer)
        } else {
            Footer(state: self).draw(on: &canvas, in: layout.footer)
        }
        return canvas.buffer
    }

    private func drawBody(on canvas: inout Canvas, in rect: Rect) {
        guard let context else {
            drawNothingYet(on: &canvas, in: rect)
            return
        }
        switch place {
        case .overview: OverviewScreen(state: self, context: context).draw(on: &canvas, in: rect)
        case .orders: OrdersScreen(state: self, context: context).draw(on: &canvas, in: rect)
        case .order(let id): OrderScreen(state: self, context: context, id: id).draw(on: &canvas, in: rect)
        case .queues: QueuesScreen(state: self, context: context).draw(on: &canvas, in: rect)
        case .jobs(let queue, let state):
            JobsScreen(state: self, context: context, queue: queue, jobState: state).draw(on: &canvas, in: rect)
        case .job(let queue, let state, let id):
            JobScreen(state: self, context: context, queue: queue, jobState: state, id: id).draw(on: &canvas, in: rect)
        case .databases: DatabasesScreen(state: self, context: context).draw(on: &canvas, in: rect)
        case .database(let name): DatabaseScreen(state: self, context: context, name: name).draw(on: &canvas, in: rect)
        case .services: ServicesScreen(state: self, context: context).draw(on: &canvas, in: rect)
        case .service(let name): ServiceScreen(state: self, context: context, name: name).draw(on: &canvas, in: rect)
        case .findings: FindingsScreen(state: self, context: context).draw(on: &canvas, in: rect)
        case .finding(let id): FindingScreen(state: self, context: context, id: id).draw(on: &canvas, in: rect)
        case .notices: NoticesScreen(state: self, context: context).draw(on: &canvas, in: rect)
        case .agents: AgentsScreen(state: self, context: context).draw(on: &canvas, in: rect)
        case .agentRun(let thread):
            AgentRunScreen(state: self, context: context, thread: thread).draw(on: &canvas, in: rect)
        }
    }

    /// What drawing needs besides the state; nil before the first snapshot.
    var context: CellContext? {
        guard let shown else { return nil }
        return CellContext(now: now ?? shown.at, glyphs: options.glyphs, snapshot: shown)
    }

    private func drawNothingYet(on canvas: inout Canvas, in rect: Rect) {
        let inner = Panel(title: place.title, corner: [Span("loading", .muted)]).draw(on: &canvas, in: rect)
        let lines: [[Span]] = [
            [
                Span(
                    "Reading \(environment.title.isEmpty ? environment.name : environment.title) for the first time.",
                    .strong)
            ],
            [Span("Each part appears as soon as it answers.", .muted)],
        ]
        Message(lines: lines).draw(on: &canvas, in: inner)
    }

    /// How many rows of the current list there is room for.
    func pageRows() -> Int {
        let body = FrameLayout(size).body
        if place == .overview, focused == .queues {
            if isZoomed { return body.tableRows }
            return OverviewScreen.layout(
                body, nodes: nodes.all.count, findings: findings.count, queues: queues.all.count
            ).queues.tableRows
        }
        let isZoomed = isZoomed(.main)
        switch place {
        case .orders: return OrdersScreen.layout(body, isZoomed: isZoomed).list.tableRows
        case .queues: return QueuesScreen.layout(body, isZoomed: isZoomed).list.tableRows
        case .databases: return DatabasesScreen.layout(body, nodes: nodes.count, isZoomed: isZoomed).list.tableRows
        case .database: return DatabaseScreen.layout(body, isZoomed: isZoomed).sessions.tableRows
        case .agents:
            let graphs = shown?.agents?.value?.graphs.count ?? 0
            return AgentsScreen.layout(body, graphs: graphs, isZoomed: isZoomed).list.tableRows
        case .jobs: return JobsScreen.layout(body, isZoomed: isZoomed).list.tableRows
        case .services:
            return ServicesScreen.layout(body, services: services.count, isZoomed: isZoomed).list.tableRows
        case .overview, .findings: return max(1, findings.count)
        default: return body.tableRows
        }
    }
}

extension Rect {
    /// The rows left for a table in a panel of this size: without the box and the column heads.
    var tableRows: Int { max(1, rows >= 4 && columns >= 20 ? rows - 3 : rows - 2) }
}

/// A few lines in the middle of an empty place: why it is empty, and what one can do.
struct Message: Sendable {
    let lines: [[Span]]

    func draw(on canvas: inout Canvas, in rect: Rect) {
        let shown = lines.prefix(rect.rows)
        let top = rect.row + max(0, (rect.rows - shown.count) / 2)
        for (index, line) in shown.enumerated() {
            let width = min(rect.columns, line.reduce(0) { $0 + $1.text.width })
            canvas.write(
                line, at: Point(column: rect.column + (rect.columns - width) / 2, row: top + index),
                columns: rect.columns)
        }
    }

    /// Nothing came: what was said, and what to do.
    static func failure(_ failure: ReadFailure, glyphs: GlyphSet) -> Message {
        var lines = [[Span(glyphs.status(.failed) + " ", .failed), Span(failure.cause, .strong)]]
        if !failure.hint.isEmpty { lines.append([Span(failure.hint, .text)]) }
        return Message(lines: lines)
    }

    static func text(_ text: String, _ more: String = "") -> Message {
        Message(lines: [[Span(text, .text)]] + (more.isEmpty ? [] : [[Span(more, .muted)]]))
    }
}
