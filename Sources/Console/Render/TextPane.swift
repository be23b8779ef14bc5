import PlatformModel
import TerminalCells

/// The text that has the keys: its lines, and how many of them there is room for.
struct TextPane: Sendable {
    let lines: [[Span]]
    let rows: Int

    var lastTop: Int { max(0, lines.count - rows) }

    /// The first line from `start` on, in steps of 1 or -1 and around the end, in which something is found.
    func line(with matcher: Matcher, after start: Int, by step: Int) -> Int? {
        guard !lines.isEmpty else { return nil }
        for distance in 1...lines.count {
            let index = (start + step * distance % lines.count + lines.count) % lines.count
            let text = Array(lines[index].map(\.text).joined())
            if !matcher.ranges(in: text, names: nil).isEmpty { return index }
        }
        return nil
    }
}

extension ConsoleState {
    /// Nil where a list has the keys, or nothing has been read yet.
    func textPane() -> TextPane? {
        guard let context else { return nil }
        let body = FrameLayout(size).body
        func pane(_ rect: Rect, _ lines: (Int) -> [[Span]]) -> TextPane {
            let inner = rect.rows >= 4 && rect.columns >= 20 ? rect.inset() : rect.split(top: 1).rest
            return TextPane(lines: lines(inner.columns - 2), rows: max(1, inner.rows))
        }
        if help != nil {
            let view = HelpView(state: self)
            return pane(view.area(in: body)) { view.lines(columns: $0) }
        }
        switch (place, focused) {
        case (.order(let id), _):
            return pane(body) { OrderScreen(state: self, context: context, id: id).lines(columns: $0) ?? [] }
        case (.job(let queue, let jobState, let id), _):
            let screen = JobScreen(state: self, context: context, queue: queue, jobState: jobState, id: id)
            return pane(body) { screen.lines(columns: $0) ?? [] }
        case (.service(let name), _):
            return pane(body) { _ in ServiceScreen(state: self, context: context, name: name).lines ?? [] }
        case (.finding(let id), _):
            return pane(body) { FindingScreen(state: self, context: context, id: id).lines(columns: $0) ?? [] }
        case (.orders, .details):
            guard case .number(let id)? = detailed else { return nil }
            let side = isZoomed ? body : OrdersScreen.layout(body, isZoomed: false).side
            return pane(side) { OrderScreen(state: self, context: context, id: id).lines(columns: $0) ?? [] }
        case (.services, .details):
            guard case .name(let name)? = detailed else { return nil }
            let below = ServicesScreen.layout(body, services: services.count, isZoomed: false).below
            return pane(isZoomed ? body : below) { _ in
                ServiceScreen(state: self, context: context, name: name).lines ?? []
            }
        case (.jobs(let queue, let jobState), .details):
            guard case .name(let id)? = detailed else { return nil }
            let screen = JobScreen(state: self, context: context, queue: queue, jobState: jobState, id: id)
            return pane(isZoomed ? body : JobsScreen.layout(body, isZoomed: false).side) {
                screen.lines(columns: $0) ?? []
            }
        case (.databases, .details), (.databases, .replication):
            let below = DatabasesScreen.layout(body, nodes: nodes.count, isZoomed: false).below
            return pane(isZoomed ? body : DatabasesScreen.parts(below).facts) { nodeLines(detailedNode, context, $0) }
        case (.database(let name), .details), (.database(let name), .replication):
            let facts = DatabaseScreen.layout(body, isZoomed: false).facts
            return pane(isZoomed ? body : facts) { nodeLines(nodes.all.first { $0.name == name }, context, $0) }
        default: return nil
        }
    }

    private var detailedNode: NodeRow? { nodes.row(detailed) }

    private func nodeLines(_ row: NodeRow?, _ context: CellContext, _ columns: Int) -> [[Span]] {
        if focused == .replication {
            let primary = context.snapshot.primary ?? context.snapshot.lastKnownPrimary
            return primary.map { ReplicationPanel.lines($0, columns: columns, glyphs: context.glyphs) } ?? []
        }
        return row.map { NodeSummary(row: $0, context: context).lines(columns: columns) } ?? []
    }
}
