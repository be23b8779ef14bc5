import PlatformModel
import TerminalCells

/// The primary and its replicas, as each says of itself and as the primary sees them.
struct DatabasesScreen: Sendable {
    let state: ConsoleState
    let context: CellContext

    /// From this width on what the primary keeps stands beside the selected node.
    static let splitColumns = 110

    static func layout(_ body: Rect, nodes: Int, isZoomed: Bool) -> (list: Rect, below: Rect) {
        let wanted = max(6, nodes + 3)
        guard !isZoomed, body.rows >= wanted + 7 else { return (body, body.split(bottom: 0).bottom) }
        let (list, below) = body.split(top: min(wanted, body.rows / 2))
        return (list, below)
    }

    func draw(on canvas: inout Canvas, in rect: Rect) {
        if state.isZoomed(.details) || state.isZoomed(.replication) {
            drawBelow(on: &canvas, left: rect, right: rect)
            return
        }
        let layout = DatabasesScreen.layout(rect, nodes: state.nodes.count, isZoomed: state.isZoomed)
        ListPanel(
            state: state, context: context, title: "Databases", columns: NodeColumns.all, rows: state.nodes,
            empty: .text("No database is configured.", "galley config show tells what is."), list: state.list,
            isFocused: state.focused == .main
        ).draw(on: &canvas, in: layout.list)
        guard !layout.below.isEmpty else { return }
        let parts = DatabasesScreen.parts(layout.below)
        drawBelow(on: &canvas, left: parts.facts, right: parts.replication)
        if !parts.charts.isEmpty, let row = state.nodes.row(state.detailed) {
            drawCharts(row, on: &canvas, in: parts.charts)
        }
    }

    /// What is below the list, divided: facts, beside them what the primary keeps, and curves where there is room.
    static func parts(_ below: Rect) -> (facts: Rect, replication: Rect?, charts: Rect) {
        let (upper, charts) = below.split(bottom: below.rows >= 26 ? min(14, below.rows - 14) : 0)
        guard below.columns >= splitColumns else { return (upper, nil, charts) }
        let (facts, replication) = upper.split(left: upper.columns / 2)
        return (facts, replication, charts)
    }

    /// How the selected node did: its work, and what it stands behind by or how many sessions it has.
    private func drawCharts(_ row: NodeRow, on canvas: inout Canvas, in rect: Rect) {
        let (left, right) = rect.split(left: rect.columns / 2)
        let trends = context.snapshot.trends
        ChartPanel(title: "\(row.name): transactions a second", trend: trends[.transactionsPerSecond(row.name)]) {
            Wording.count($0)
        }.draw(on: &canvas, in: left)
        if row.isPrimary {
            ChartPanel(title: "\(row.name): sessions", trend: trends[.connections(row.name)]) { Wording.count($0) }
                .draw(on: &canvas, in: right)
        } else {
            ChartPanel(title: "\(row.name): bytes behind", trend: trends[.replicaLagBytes(row.name)]) {
                Wording.bytes($0)
            }.draw(on: &canvas, in: right)
        }
    }

    private func drawBelow(on canvas: inout Canvas, left: Rect, right: Rect?) {
        if let row = state.nodes.row(state.detailed), !state.isZoomed(.replication) {
            NodeSummary(row: row, context: context).draw(on: &canvas, in: left, pane: Pane(.details, of: state))
        }
        if let right, !state.isZoomed(.details) {
            ReplicationPanel(context: context).draw(on: &canvas, in: right, pane: Pane(.replication, of: state))
        }
    }
}

/// How far a text beside something else is scrolled, and whether it has the keys.
struct Pane: Sendable {
    var isFocused = false
    var top = 0
    var matcher: Matcher?

    init() {}

    init(_ panel: PanelID, of state: ConsoleState) {
        isFocused = state.focused == panel
        top = state.textTop(of: panel)
        matcher = state.textMatcher(of: panel)
    }
}

/// The selected node in facts: what the columns of the list have no room for.
struct NodeSummary: Sendable {
    let row: NodeRow
    let context: CellContext

    func draw(on canvas: inout Canvas, in rect: Rect, pane: Pane = Pane()) {
        var panel = Panel(title: row.name, corner: Corner.spans(row.named.reading, context))
        panel.isFocused = pane.isFocused
        let inner = panel.draw(on: &canvas, in: rect)
        guard row.node != nil else {
            Corner.message(row.named.reading, context, empty: .text("")).draw(on: &canvas, in: inner)
            return
        }
        TextBlock(lines: lines(columns: inner.columns - 2), matcher: pane.matcher).draw(
            on: &canvas, in: inner, top: pane.top)
        if Corner.isOld(row.named.reading, context) { canvas.age(inner) }
    }

    /// The facts, broken where they are too long for a line.
    func lines(columns: Int) -> [[Span]] { Facts.wrapped(facts, columns: columns) }

    private var facts: [[Span]] {
        guard let node = row.node else { return [] }
        var lines: [[Span]] = []
        if let failure = Corner.failureLine(row.named.reading, context) { lines.append(failure) }
        lines.append(
            Facts.line(
                "role", Wording.role(node), "timeline \(node.timeline), \(row.region), PostgreSQL \(node.version)",
                role: .strong))
        lines.append(
            Facts.line(
                "address", row.named.address,
                node.startedAt.map { "up \(Quantity.duration(max(.zero, context.now.wall - $0)))" } ?? ""))
        lines.append(
            Facts.line("position", node.position?.description ?? "-", node.replayed.map { "replayed \($0)" } ?? ""))
        if node.role == .replica { lines += replicaLines(node) } else { lines += primaryLines(node) }
        lines += node.activity.map(activityLines) ?? []
        return lines
    }

    private func replicaLines(_ node: DatabaseNode) -> [[Span]] {
        var lines: [[Span]] = []
        if let receiver = node.receiver {
            let silence = receiver.silence.map { ", silent \(Quantity.duration($0))" } ?? ""
            lines.append(
                Facts.line(
                    "receives", "\(receiver.status) from \(receiver.senderHost):\(receiver.senderPort)\(silence)",
                    receiver.slot.isEmpty ? "no slot" : "slot \(receiver.slot)"))
        } else {
            lines.append([
                Span("receives".padded(to: Facts.labelColumns), .muted),
                Span(context.glyphs.status(.critical) + " ", .critical),
                Span("nothing: it has no source", .critical),
            ])
        }
        if let last = node.lastReplayedAt { lines.append(Facts.line("last change", Facts.instant(last, context))) }
        if let link = row.link {
            lines.append(
                Facts.line(
                    "primary says", "\(link.state) \(link.syncState)",
                    link.lagBytes.map { "\(Quantity.bytes($0)) behind" } ?? ""))
        } else if !row.hasPrimary {
            lines.append(
                Facts.line("primary says", "nothing: no primary answers; this is its own view", role: .warning))
        }
        return lines
    }

    private func primaryLines(_ node: DatabaseNode) -> [[Span]] {
        let quorum = node.synchronousStandbyNames
        var lines = [
            Facts.line(
                "commits await", quorum.isEmpty ? "nobody (asynchronous)" : quorum,
                node.waitingForReplicas > 0 ? "\(Wording.counted(node.waitingForReplicas, "session")) waiting now" : "")
        ]
        if let archiver = node.archiver {
            let last = archiver.lastArchivedAt.map { Facts.instant($0, context) } ?? "never"
            lines.append(
                archiver.isFailing
                    ? Facts.line("archives", "failing: \(archiver.lastFailed)", "last \(last)", role: .critical)
                    : Facts.line("archives", "\(Quantity.grouped(archiver.archivedCount)) files", "last \(last)"))
        }
        return lines
    }

    private func activityLines(_ activity: DatabaseNode.Activity) -> [[Span]] {
        let share = Double(activity.connections) / Double(max(1, activity.maximumConnections))
        var lines = [
            [Span("sessions".padded(to: Facts.labelColumns), .muted)]
                + Gauge.spans(
                    share, columns: 12, role: share >= context.thresholds.connectionsShare ? .warning : .gauge,
                    glyphs: context.glyphs)
                + [
                    Span(" \(activity.connections) of \(activity.maximumConnections)"),
                    Span(
                        "   \(activity.active) active, \(activity.idleInTransaction) idle in transaction, \(activity.blocked) blocked",
                        .muted),
                ]
        ]
        lines.append(
            Facts.line(
                "longest", activity.longestQuery.map { "query \(Quantity.duration($0))" } ?? "no query",
                activity.longestTransaction.map { "transaction \(Quantity.duration($0))" } ?? ""))
        lines.append(
            Facts.line(
                "work", activity.transactionsPerSecond.map { "\(Quantity.rate($0)) transactions" } ?? "-",
                "\(activity.cacheHitShare.map { "cache \(Quantity.percent($0))" } ?? "")  \(activity.databaseBytes.map { Quantity.bytes($0) } ?? "")  deadlocks \(activity.deadlocks)"
            ))
        return lines
    }
}

/// Slots and links of the primary: what it keeps for whom.
struct ReplicationPanel: Sendable {
    let context: CellContext

    func draw(on canvas: inout Canvas, in rect: Rect, pane: Pane = Pane()) {
        let primary = context.snapshot.primary ?? context.snapshot.lastKnownPrimary
        let reading = context.snapshot.databases.first { $0.name == primary?.name }?.reading
        var panel = Panel(title: "Replication by \(primary?.name ?? "nobody")")
        panel.isFocused = pane.isFocused
        if let reading { panel.corner = Corner.spans(reading, context) }
        let inner = panel.draw(on: &canvas, in: rect)
        guard let primary else {
            Message.text("No primary is known.").draw(on: &canvas, in: inner)
            return
        }
        let lines = ReplicationPanel.lines(primary, columns: inner.columns - 2, glyphs: context.glyphs)
        TextBlock(lines: lines, matcher: pane.matcher).draw(on: &canvas, in: inner, top: pane.top)
        if let reading, Corner.isOld(reading, context) { canvas.age(inner) }
    }

    static func lines(_ node: DatabaseNode, columns: Int, glyphs: GlyphSet) -> [[Span]] {
        let name = max(12, min(24, columns - 44))
        var lines: [[Span]] = [
            [
                Span(
                    "REPLICA".padded(to: name) + "  " + "STATE".padded(to: 18) + "BEHIND".padded(to: 10, .right)
                        + "LAG".padded(to: 11, .right), .heading)
            ]
        ]
        for link in node.replicas {
            let tone: Tone = link.state == "streaming" ? .standby : .warning
            lines.append([
                Span(glyphs.status(tone) + " ", tone.role),
                Span(link.name.truncatedMiddle(to: name - 2).padded(to: name), .strong),
                Span("\(link.state) \(link.syncState)".padded(to: 18)),
                Span((link.lagBytes.map(Quantity.bytes) ?? "-").padded(to: 10, .right)),
                Span((link.replayLag.map(Quantity.duration) ?? "-").padded(to: 11, .right), .muted),
            ])
        }
        if node.replicas.isEmpty { lines.append([Span("No replica is connected.", .warning)]) }
        lines += [
            [],
            [Span("SLOT".padded(to: name) + "  " + "STATE".padded(to: 18) + "KEEPS".padded(to: 10, .right), .heading)],
        ]
        for slot in node.slots {
            let tone: Tone = slot.walStatus == "lost" ? .critical : slot.isActive ? .good : .warning
            lines.append([
                Span(glyphs.status(tone) + " ", tone.role),
                Span(slot.name.truncatedMiddle(to: name - 2).padded(to: name), .strong),
                Span("\(slot.isActive ? "in use" : "unused") \(slot.walStatus)".padded(to: 18)),
                Span((slot.retainedBytes.map(Quantity.bytes) ?? "-").padded(to: 10, .right)),
            ])
        }
        if node.slots.isEmpty { lines.append([Span("There are no slots.", .muted)]) }
        return lines
    }
}

/// One database: its facts, and its sessions with those that block others on top.
struct DatabaseScreen: Sendable {
    let state: ConsoleState
    let context: CellContext
    let name: String

    static let splitColumns = 130

    static func layout(_ body: Rect, isZoomed: Bool) -> (facts: Rect, sessions: Rect) {
        let (facts, sessions) = body.split(top: isZoomed ? 0 : body.rows >= 20 ? min(14, body.rows / 2) : body.rows / 2)
        return (facts, sessions)
    }

    func draw(on canvas: inout Canvas, in rect: Rect) {
        let layout = DatabaseScreen.layout(rect, isZoomed: state.isZoomed)
        guard let row = state.nodes.all.first(where: { $0.name == name }) else {
            let inner = Panel(title: name).draw(on: &canvas, in: rect)
            Message.text("No database is called \(name) any more.").draw(on: &canvas, in: inner)
            return
        }
        if state.isZoomed(.details) {
            NodeSummary(row: row, context: context).draw(on: &canvas, in: rect, pane: Pane(.details, of: state))
            return
        }
        if state.isZoomed(.replication) {
            ReplicationPanel(context: context).draw(on: &canvas, in: rect, pane: Pane(.replication, of: state))
            return
        }
        let isWide = layout.facts.columns >= DatabaseScreen.splitColumns && row.isPrimary
        let (left, right) = layout.facts.split(left: isWide ? layout.facts.columns / 2 : layout.facts.columns)
        if !layout.facts.isEmpty {
            NodeSummary(row: row, context: context).draw(on: &canvas, in: left, pane: Pane(.details, of: state))
        }
        if isWide {
            ReplicationPanel(context: context).draw(on: &canvas, in: right, pane: Pane(.replication, of: state))
        }
        ListPanel(
            state: state, context: context, title: "Sessions", columns: SessionColumns.all, rows: state.sessions,
            corner: Corner.spans(row.named.reading, context), isStale: Corner.isOld(row.named.reading, context),
            note: Corner.failureLine(row.named.reading, context),
            empty: Corner.message(
                row.named.reading, context,
                empty: .text("No session is worth a look.", "Long, blocked and idle-in-transaction ones are listed.")),
            list: state.list, isFocused: state.focused == .main
        ).draw(on: &canvas, in: layout.sessions)
    }
}
