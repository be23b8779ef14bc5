import PlatformModel

/// The columns of the list of orders. The server sorts and filters it.
enum OrderColumns {
    static let all: [Column<Order>] = [
        Column("id", "ORDER", 9, .right, importance: 100) { order, _ in [Span(String(order.id), .strong)] },
        Column("status", "STATUS", 17, importance: 98) { order, context in
            let tone = tone(order, context.now.wall)
            return [
                Span(context.glyphs.status(tone) + " ", tone.role),
                Span(order.status.word, tone == .good ? .text : tone.role),
            ]
        },
        Column("kitchen", "KITCHEN", 14, growth: 3, importance: 90, cutsMiddle: true) { order, _ in
            [Span(order.kitchen)]
        },
        Column("supplier", "SUPPLIER", 12, growth: 3, importance: 80, cutsMiddle: true) { order, _ in
            [Span(order.supplier)]
        },
        Column("lines", "LINES", 5, .right, importance: 40) { order, _ in [Span(String(order.lineCount), .muted)] },
        Column("total", "TOTAL", 13, .right, importance: 95) { order, _ in [Span(order.total.description)] },
        Column("placed", "PLACED", 6, .right, importance: 75) { order, context in
            [Span(Wording.shortAge(context.now.wall - order.placedAt), .muted)]
        },
        Column("due", "DUE", 10, .right, importance: 85) { order, context in due(order, context.now.wall) },
        Column("changed", "CHANGED", 7, .right, importance: 30) { order, context in
            [Span(Wording.shortAge(context.now.wall - order.updatedAt), .muted)]
        },
        Column("region", "REGION", 13, importance: 25, isExtra: true) { order, _ in [Span(order.region, .muted)] },
        Column("by", "PLACED BY", 14, importance: 20, isExtra: true, cutsMiddle: true) { order, _ in
            [Span(order.placedBy, .muted)]
        },
        Column("note", "NOTE", 16, growth: 2, importance: 15, isExtra: true) { order, _ in [Span(order.note, .muted)] },
    ]

    static func tone(_ order: Order, _ now: Timestamp) -> Tone {
        if order.lateness(at: now) != nil { return .critical }
        switch order.status {
        case .held: return .warning
        case .rejected, .cancelled: return .failed
        case .received, .partlyReceived, .confirmed: return .good
        case .draft, .submitted, .approved, .sent: return .standby
        }
    }

    private static func due(_ order: Order, _ now: Timestamp) -> [Span] {
        guard let due = order.dueAt else { return [Span("-", .muted)] }
        if let late = order.lateness(at: now) { return [Span("late \(Wording.shortAge(late))", .critical)] }
        if !order.status.isOpen { return [Span("-", .muted)] }
        return [Span("in \(Wording.shortAge(due - now))")]
    }
}

/// The columns and filter fields of a queue's jobs.
enum JobColumns {
    static let all: [Column<Job>] = [
        Column("id", "JOB", 12, growth: 1, importance: 100, cutsMiddle: true, sort: { .text($0.id) }) { job, _ in
            [Span(job.id, .strong)]
        },
        Column("name", "NAME", 16, growth: 2, importance: 90, cutsMiddle: true, sort: { .text($0.name) }) { job, _ in
            [Span(job.name)]
        },
        Column(
            "age", "AGE", 9, .right, importance: 85, sort: { SortKey($0.createdAt.map { -Double($0.microseconds) }) }
        ) {
            job, context in [Span(since(job.createdAt, context), .text)]
        },
        Column("run", "TOOK", 9, .right, importance: 60) { job, context in
            guard let begun = job.processedAt else { return [Span("-", .muted)] }
            return [Span(Quantity.duration(max(.zero, (job.finishedAt ?? context.now.wall) - begun)))]
        },
        Column("tries", "TRIES", 6, .right, importance: 70, sort: { SortKey($0.attempts) }) { job, _ in
            [Span("\(job.attempts)/\(max(1, job.maximumAttempts))", job.attempts > 1 ? .warning : .text)]
        },
        Column("priority", "PRIO", 6, .right, importance: 40, sort: { SortKey($0.priority) }) { job, _ in
            [Span(job.priority == 0 ? "-" : String(job.priority), .muted)]
        },
        Column("worker", "WORKER", 14, importance: 30, cutsMiddle: true) { job, _ in
            [Span(job.worker.isEmpty ? "-" : job.worker, .muted)]
        },
        Column("reason", "REASON OR DATA", 18, growth: 6, importance: 80) { job, _ in
            [job.failedReason.isEmpty ? Span(job.data, .muted) : Span(job.failedReason, .warning)]
        },
    ]

    static func fields(now: Timestamp) -> [FilterField<Job>] {
        [
            FilterField("id", "The job's number") { .text($0.id) },
            FilterField("name", "The job's name") { .text($0.name) },
            FilterField("age", "Since it was made: age:>5m") {
                $0.createdAt.map { .number((now - $0).inSeconds) } ?? .nothing
            },
            FilterField("reason", "Why it failed") { .text($0.failedReason) },
            FilterField("data", "What it was given") { .text($0.data) },
            FilterField("worker", "Who works on it") { .text($0.worker) },
            FilterField("tries", "Attempts made") { .number(Double($0.attempts)) },
            FilterField("priority", "Its priority") { .number(Double($0.priority)) },
        ]
    }

    static func since(_ moment: Timestamp?, _ context: CellContext) -> String {
        moment.map { Quantity.duration(max(.zero, context.now.wall - $0)) } ?? "-"
    }
}

/// The columns and filter fields of a database's sessions.
enum SessionColumns {
    static let all: [Column<SessionRow>] = [
        Column("pid", "PID", 12, importance: 100) { row, context in
            let tree =
                row.depth == 0
                ? ""
                : String(repeating: "  ", count: min(2, row.depth - 1))
                    + (row.isLast ? context.glyphs.lastBranch : context.glyphs.branch) + " "
            return [Span(tree, .muted), Span(String(row.session.pid), .strong)]
        },
        Column("user", "USER", 12, importance: 70, cutsMiddle: true, sort: { .text($0.session.user) }) { row, _ in
            [Span(row.session.user)]
        },
        Column(
            "application", "APPLICATION", 14, growth: 1, importance: 60, cutsMiddle: true,
            sort: { .text($0.session.application) }
        ) {
            row, _ in [Span(row.session.application, .muted)]
        },
        Column("state", "STATE", 14, importance: 80, sort: { .text($0.session.state) }) { row, _ in
            [Span(row.session.state, row.session.state.hasPrefix("idle in") ? .warning : .text)]
        },
        Column("wait", "WAITS FOR", 18, importance: 75) { row, _ in
            guard !row.session.blockedBy.isEmpty else {
                return [Span(row.session.wait.isEmpty ? "-" : row.session.wait, .muted)]
            }
            return [Span("blocked by \(row.session.blockedBy.map(String.init).joined(separator: ","))", .warning)]
        },
        Column("age", "AGE", 9, .right, importance: 90, sort: { SortKey($0.session.age) }) { row, context in
            guard let age = row.session.age else { return [Span("-", .muted)] }
            return [Span(Quantity.duration(age), age >= context.thresholds.longestQuery ? .warning : .text)]
        },
        Column("query", "STATEMENT", 16, growth: 6, importance: 85) { row, _ in
            [Span(row.session.query.split { $0.isWhitespace }.joined(separator: " "), .muted)]
        },
    ]

    static let fields: [FilterField<SessionRow>] = [
        FilterField("pid", "The process") { .number(Double($0.session.pid)) },
        FilterField("user", "Who is connected") { .text($0.session.user) },
        FilterField("application", "With what") { .text($0.session.application) },
        FilterField("state", "What it does") { .text($0.session.state) },
        FilterField("age", "How long: age>30s") { $0.session.age.map { .number($0.inSeconds) } ?? .nothing },
        FilterField("query", "The statement") { .text($0.session.query) },
    ]
}

/// The columns and filter fields of the services.
enum ServiceColumns {
    static let all: [Column<ServiceRow>] = [
        Column("service", "SERVICE", 16, growth: 1, importance: 100, cutsMiddle: true, sort: { .text($0.named.name) }) {
            row, context in
            let tone = row.tone(context.thresholds)
            return [Span(context.glyphs.status(tone) + " ", tone.role), Span(row.named.name, .strong)]
        },
        Column("state", "STATE", 12, importance: 98, sort: { .text($0.word) }) { row, context in
            [Span(row.word, row.tone(context.thresholds).role)]
        },
        Column("latency", "LATENCY", 9, .right, importance: 90, sort: { SortKey($0.named.reading.value?.latency) }) {
            row, _ in
            [Span(row.named.reading.value.map { Quantity.duration($0.latency) } ?? "-")]
        },
        Column("trend", "LATENCY 1 H", 14, importance: 50) { row, context in
            let trend = context.snapshot.trends[.serviceLatency(row.named.name)]
            return [Span(Sparkline.text(trend, columns: 14, glyphs: context.glyphs), .curve)]
        },
        Column("needs", "NEEDS", 18, growth: 4, importance: 85) { row, context in
            // What is broken stands where it is seen even in a narrow column.
            let needs = row.named.reading.value?.dependencies ?? []
            return (needs.filter { $0.state != "ok" } + needs.filter { $0.state == "ok" }).flatMap { need -> [Span] in
                let tone: Tone = need.state == "ok" ? .good : .critical
                return [Span(context.glyphs.status(tone) + " ", tone.role), Span(need.name + "  ", .text)]
            }
        },
        Column("uptime", "UP", 9, .right, importance: 60, sort: { SortKey($0.named.reading.value?.uptime) }) { row, _ in
            [Span(row.named.reading.value?.uptime.map(Quantity.duration) ?? "-", .muted)]
        },
        Column("version", "VERSION", 9, importance: 40) { row, _ in
            [Span(row.named.reading.value?.version ?? "-", .muted)]
        },
        Column("age", "AGE", 7, .right, importance: 80) { row, context in [ReadingWords.age(row.named.reading, context)]
        },
        Column("address", "ADDRESS", 24, importance: 30, isExtra: true) { row, _ in [Span(row.named.address, .muted)] },
    ]

    static let fields: [FilterField<ServiceRow>] = [
        FilterField("name", "The service's name") { .text($0.named.name) },
        FilterField("state", "How it does", words: ["ok", "degraded", "down"]) { .text($0.word) },
        FilterField("latency", "How fast it answers: latency>200ms") {
            $0.named.reading.value.map { .number($0.latency.inSeconds) } ?? .nothing
        },
        FilterField("needs", "What it needs") { row in
            .text(row.named.reading.value?.dependencies.map(\.name).joined(separator: " ") ?? "")
        },
    ]
}

/// The filter fields of the findings.
enum FindingColumns {
    static let fields: [FilterField<FindingRow>] = [
        FilterField("code", "The finding's name", words: Finding.Code.allCases.map(\.rawValue)) {
            .text($0.finding.code.rawValue)
        },
        FilterField("severity", "How bad", words: ["crit", "warn", "note"]) { .text($0.finding.severity.word) },
        FilterField("subject", "What it is about") { .text($0.finding.subject) },
        FilterField("evidence", "What was seen") { .text($0.finding.evidence) },
    ]
}

/// The columns and filter fields of the notices.
enum NoticeColumns {
    static let fields: [FilterField<Notice>] = [
        FilterField("text", "What was told") { .text($0.text) },
        FilterField("severity", "How bad", words: ["crit", "warn", "note"]) { .text($0.severity.word) },
    ]

    static let all: [Column<Notice>] = [
        Column("at", "UTC", 8, importance: 90) { notice, _ in [Span(notice.at.wall.clockText, .muted)] },
        Column("ago", "AGO", 9, .right, importance: 50) { notice, context in
            [Span(Wording.ageText(context.now.since(notice.at)), .muted)]
        },
        Column("text", "NOTICE", 20, growth: 1, importance: 100) { notice, context in
            let tone = Tone(notice.severity)
            return [Span(context.glyphs.status(tone) + " ", tone.role), Span(notice.text)]
        },
    ]
}
