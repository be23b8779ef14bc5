import PlatformModel

/// The columns and filter fields of the list of databases.
enum NodeColumns {
    static let all: [Column<NodeRow>] = [
        Column("node", "NODE", 16, growth: 3, importance: 100, cutsMiddle: true, sort: { .text($0.name) }) {
            row, context in
            let tone = row.tone(context.thresholds)
            return [Span(context.glyphs.status(tone) + " ", tone.role), Span(row.name, .strong)]
        },
        Column("role", "ROLE", 9, importance: 99, sort: { .text(row($0)) }) { node, _ in
            if node.named.reading.isFailing { return [Span(node.node == nil ? "no answer" : "\(row(node))?", .failed)] }
            return [Span(row(node), node.isPrimary ? .strong : .text)]
        },
        Column("region", "REGION", 13, importance: 60, sort: { .text($0.region) }) { row, _ in
            [Span(row.region, .muted)]
        },
        Column("timeline", "TL", 3, .right, importance: 55, sort: { SortKey($0.node?.timeline) }) { row, _ in
            [Span(row.node.map { String($0.timeline) } ?? "-", .text)]
        },
        Column("position", "POSITION", 12, .right, importance: 50) { row, _ in
            [Span((row.isPrimary ? row.node?.position : row.node?.replayed)?.description ?? "-", .muted)]
        },
        Column("bytes", "BEHIND", 9, .right, importance: 95, sort: { SortKey($0.lagBytes) }) { row, context in
            guard let bytes = row.lagBytes else { return [Span("-", .muted)] }
            let limits = context.thresholds
            let role: ThemeRole =
                bytes >= limits.replicaLagCriticalBytes ? .critical : bytes >= limits.replicaLagBytes ? .warning : .text
            return [Span(Quantity.bytes(bytes), role)]
        },
        Column("lag", "LAG", 9, .right, importance: 94, sort: { SortKey($0.lagTime) }) { row, context in
            guard let time = row.lagTime else { return [Span("-", .muted)] }
            return [Span(Quantity.duration(time), time >= context.thresholds.replicaLagTime ? .warning : .text)]
        },
        Column("trend", "BEHIND 1 H", 12, importance: 30) { row, context in
            let trend = context.snapshot.trends[.replicaLagBytes(row.name)]
            return [Span(Sparkline.text(trend, columns: 12, glyphs: context.glyphs), .curve)]
        },
        Column("link", "LINK", 17, importance: 75, sort: { .text($0.linkText) }) { row, _ in
            [Span(row.linkText, row.node?.role == .replica && row.node?.receiver == nil ? .critical : .text)]
        },
        Column("connections", "CONN", 8, .right, importance: 85, sort: { SortKey($0.node?.activity?.connections) }) {
            row, context in
            guard let activity = row.node?.activity else { return [Span("-", .muted)] }
            let share = Double(activity.connections) / Double(max(1, activity.maximumConnections))
            let text = "\(activity.connections)/\(activity.maximumConnections)"
            return [Span(text, share >= context.thresholds.connectionsShare ? .warning : .text)]
        },
        Column("tps", "TPS", 6, .right, importance: 80, sort: { SortKey($0.node?.activity?.transactionsPerSecond) }) {
            row, _ in [Span(tps(row), .text)]
        },
        Column("longest", "LONGEST", 9, .right, importance: 70, sort: { SortKey($0.node?.activity?.longestQuery) }) {
            row, context in
            guard let longest = row.node?.activity?.longestQuery else { return [Span("-", .muted)] }
            return [Span(Quantity.duration(longest), longest >= context.thresholds.longestQuery ? .warning : .text)]
        },
        Column("blocked", "BLOCK", 5, .right, importance: 82, sort: { SortKey($0.node?.activity?.blocked) }) { row, _ in
            guard let blocked = row.node?.activity?.blocked else { return [Span("-", .muted)] }
            return [Span(String(blocked), blocked > 0 ? .warning : .muted)]
        },
        Column(
            "cache", "CACHE", 7, .right, importance: 20, isExtra: true,
            sort: { SortKey($0.node?.activity?.cacheHitShare) }
        ) {
            row, _ in [Span(row.node?.activity?.cacheHitShare.map { Quantity.percent($0) } ?? "-", .muted)]
        },
        Column(
            "size", "SIZE", 9, .right, importance: 22, isExtra: true,
            sort: { SortKey($0.node?.activity?.databaseBytes) }
        ) {
            row, _ in [Span(row.node?.activity?.databaseBytes.map(Quantity.bytes) ?? "-", .muted)]
        },
        Column("age", "AGE", 7, .right, importance: 88) { row, context in
            [ReadingWords.age(row.named.reading, context)]
        },
        Column("version", "VERSION", 8, importance: 10, isExtra: true) { row, _ in
            [Span(row.node?.version ?? "-", .muted)]
        },
        Column("address", "ADDRESS", 20, importance: 12, isExtra: true) { row, _ in [Span(row.named.address, .muted)] },
    ]

    static let fields: [FilterField<NodeRow>] = [
        FilterField("name", "The node's name") { .text($0.name) },
        FilterField("role", "primary or replica", words: ["primary", "replica"]) { .text(row($0)) },
        FilterField("region", "Where it stands") { .text($0.region) },
        FilterField("link", "Streaming, its synchrony") { .text($0.linkText) },
        FilterField("behind", "Bytes behind: behind>20MB") { $0.lagBytes.map { .number(Double($0)) } ?? .nothing },
        FilterField("lag", "Time behind: lag>10s") { $0.lagTime.map { .number($0.inSeconds) } ?? .nothing },
        FilterField("connections", "Sessions open") {
            $0.node?.activity.map { .number(Double($0.connections)) } ?? .nothing
        },
        FilterField("blocked", "Sessions that wait for a lock") {
            $0.node?.activity.map { .number(Double($0.blocked)) } ?? .nothing
        },
    ]

    private static func tps(_ row: NodeRow) -> String {
        guard let rate = row.node?.activity?.transactionsPerSecond else { return "-" }
        return rate < 99.95 ? Quantity.fixed(rate, 1) : Wording.count(rate)
    }

    private static func row(_ row: NodeRow) -> String { row.node?.role.rawValue ?? "-" }
}

/// Ages of readings in cells.
enum ReadingWords {
    static func age<Value>(_ reading: Reading<Value>, _ context: CellContext) -> Span {
        let age = reading.age(at: context.now).map(Wording.ageText)
        switch reading.state(at: context.now, staleAfter: context.thresholds.staleAfter) {
        case .loading: return Span("loading", .muted)
        case .live: return Span(age ?? "", .muted)
        case .stale: return Span(age ?? "", .warning)
        case .failing: return Span(age ?? "", .failed)
        case .unavailable: return Span("never", .failed)
        }
    }
}
