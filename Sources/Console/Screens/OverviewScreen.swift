import PlatformModel
import TerminalCells

/// The whole platform at a glance, composed for the room there is.
struct OverviewScreen: Sendable {
    let state: ConsoleState
    let context: CellContext

    /// Which parts are shown, and where; empty ones are left out.
    struct Layout: Sendable {
        var platform: Rect
        var attention: Rect
        var metrics: Rect
        var queues: Rect
        var orders: Rect
    }

    static func layout(_ body: Rect, nodes: Int, findings: Int, queues count: Int = 5) -> Layout {
        let none = Rect(column: body.column, row: body.bottom, columns: 0, rows: 0)
        if body.columns < 110 || body.rows < 30 {
            // Narrow: what needs attention first, then the platform as lines, then figures.
            let wanted = findings == 0 ? 3 : min(3 + findings * 2, max(4, body.rows / 3))
            let (attention, rest) = body.split(top: body.rows < 14 ? min(body.rows / 2, wanted) : wanted)
            let metricRows = rest.rows >= 14 ? 5 : 0
            let (platform, metrics) = rest.split(bottom: metricRows)
            return Layout(platform: platform, attention: attention, metrics: metrics, queues: none, orders: none)
        }
        let isLarge = body.columns >= 180 && body.rows >= 50
        let schematicRows = Schematic.rows(nodes: nodes, isSpread: true) + 2
        let top = min(schematicRows, body.rows - 12)
        let (upper, lower) = body.split(top: top)
        let (platform, attention) = upper.split(left: max(72, body.columns * 58 / 100))
        // Queues get what they need, orders their nine lines; the rest makes the curves higher.
        let lists = max(count + 3, 11)
        let metricRows = isLarge ? max(14, min(2 * MetricsPanel.chartRows + 6, lower.rows - lists)) : 6
        let (metrics, rest) = lower.split(top: metricRows)
        let (queues, orders) = rest.split(left: max(72, body.columns * 58 / 100))
        return Layout(platform: platform, attention: attention, metrics: metrics, queues: queues, orders: orders)
    }

    func draw(on canvas: inout Canvas, in rect: Rect) {
        let layout = OverviewScreen.layout(
            rect, nodes: context.snapshot.databases.count, findings: state.findings.count,
            queues: state.queues.all.count)
        if state.isZoomed {
            if state.focused == .queues {
                drawQueues(on: &canvas, in: rect)
            } else {
                AttentionPanel(state: state, context: context).draw(on: &canvas, in: rect)
            }
            return
        }
        if !layout.attention.isEmpty {
            AttentionPanel(state: state, context: context, isFocused: state.focused == .main).draw(
                on: &canvas, in: layout.attention)
        }
        if !layout.platform.isEmpty { drawPlatform(on: &canvas, in: layout.platform) }
        if !layout.metrics.isEmpty { MetricsPanel(context: context).draw(on: &canvas, in: layout.metrics) }
        if layout.queues.rows >= 5 { drawQueues(on: &canvas, in: layout.queues) }
        if layout.orders.rows >= 5 { OrdersPanel(context: context).draw(on: &canvas, in: layout.orders) }
    }

    private func drawQueues(on canvas: inout Canvas, in rect: Rect) {
        let reading = context.snapshot.queues
        let hasKeys = state.focused == .queues
        // Without the keys there is nothing to point out in it.
        var list = state.lists[.queues] ?? ListState()
        if !hasKeys { list.selected = nil }
        ListPanel(
            state: state, context: context, title: "Queues", columns: QueueColumns.all, rows: state.queues,
            corner: Corner.spans(reading, context), isStale: Corner.isOld(reading, context),
            note: Corner.failureLine(reading, context),
            empty: Corner.message(reading, context, empty: .text("There are no queues.")), list: list,
            isFocused: hasKeys
        ).draw(on: &canvas, in: rect)
    }

    private func drawPlatform(on canvas: inout Canvas, in rect: Rect) {
        let age = Wording.ageText(context.now.since(context.snapshot.at))
        let isOld = context.now.since(context.snapshot.at) > context.thresholds.staleAfter
        let corner =
            isOld ? [Span(context.glyphs.status(.warning) + " stale \(age)", .warning)] : [Span(age, .muted)]
        let inner = Panel(title: "Platform", corner: corner).draw(on: &canvas, in: rect)
        if inner.columns >= 68, inner.rows >= Schematic.rows(nodes: state.nodes.all.count, isSpread: false) {
            Schematic(context: context, nodes: state.nodes.all, services: state.services.all).draw(
                on: &canvas, in: inner)
        } else {
            PlatformLines(context: context, nodes: state.nodes.all, services: state.services.all).draw(
                on: &canvas, in: inner)
        }
        if isOld { canvas.age(inner) }
    }
}
