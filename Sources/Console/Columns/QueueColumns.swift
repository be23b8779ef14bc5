import PlatformModel

/// The columns and filter fields of the list of queues.
enum QueueColumns {
    static let all: [Column<Queue>] = [
        Column("queue", "QUEUE", 16, growth: 3, importance: 100, cutsMiddle: true, sort: { .text($0.name) }) {
            queue, context in
            let tone = tone(queue, context.thresholds)
            return [
                Span(context.glyphs.status(tone) + " ", tone.role), Span(queue.name, .strong),
                Span(queue.isPaused ? " paused" : "", .warning),
            ]
        },
        Column("lag", "LAG", 10, .right, importance: 98, sort: { SortKey($0.lag) }) { queue, context in
            guard let lag = queue.lag else { return [Span("?", .muted)] }
            let limits = context.thresholds
            let role: ThemeRole =
                lag >= limits.queueLagCritical
                ? .critical : lag >= limits.queueLag ? .warning : lag == .zero ? .muted : .text
            return [Span(Quantity.duration(lag), role)]
        },
        Column("trend", "LAG 1 H", 14, importance: 72) { queue, context in
            let trend = context.snapshot.trends[.queueLag(queue.name)]
            return [Span(Sparkline.text(trend, columns: 14, glyphs: context.glyphs), .curve)]
        },
        number("waiting", "WAIT", 90) { $0.backlog },
        number("prioritized", "PRIO", 45) { $0.count(.prioritized) },
        number("active", "ACT", 88, width: 5) { $0.count(.active) },
        number("delayed", "DELAY", 70) { $0.count(.delayed) },
        Column("failed", "FAILED", 7, .right, importance: 86, sort: { SortKey($0.count(.failed)) }) { queue, context in
            let count = queue.count(.failed)
            let role: ThemeRole = count >= Int64(context.thresholds.failedJobs) ? .warning : count == 0 ? .muted : .text
            return [Span(Quantity.compact(count), role)]
        },
        number("completed", "DONE", 30) { $0.count(.completed) },
        rate("in", "IN/MIN", 80) { $0.addedPerSecond },
        rate("out", "OUT/MIN", 79) { $0.finishedPerSecond },
        Column("drain", "DRAIN", 8, .right, importance: 65, sort: { SortKey($0.timeToDrain) }) { queue, _ in
            if queue.backlog == 0 { return [Span("-", .muted)] }
            return [queue.timeToDrain.map { Span(Quantity.duration($0), .text) } ?? Span("growing", .warning)]
        },
        Column("workers", "WORK", 5, .right, importance: 84, sort: { SortKey($0.workers) }) { queue, _ in
            guard let workers = queue.workers else { return [Span("?", .muted)] }
            return [Span(String(workers), workers == 0 && queue.backlog > 0 ? .critical : .text)]
        },
        Column("stalled", "STALL", 5, .right, importance: 50, sort: { SortKey($0.stalled) }) { queue, _ in
            [Span(Quantity.compact(queue.stalled), queue.stalled > 0 ? .warning : .muted)]
        },
        Column("overdue", "LATE", 5, .right, importance: 20, isExtra: true, sort: { SortKey($0.overdue) }) { queue, _ in
            [Span(Quantity.compact(queue.overdue), queue.overdue > 0 ? .warning : .muted)]
        },
        rate("failing", "FAIL/MIN", 25, isExtra: true) { $0.failedPerSecond },
        Column("flavour", "KIND", 10, importance: 35, isExtra: true, sort: { .text($0.flavour.word) }) { queue, _ in
            [Span(queue.flavour.word, .muted)]
        },
    ]

    static let fields: [FilterField<Queue>] = [
        FilterField("name", "The queue's name") { .text($0.name) },
        FilterField("state", "running or paused", words: ["running", "paused"]) { .text(word($0)) },
        FilterField("kind", "The software that laid it out") { .text($0.flavour.word) },
        FilterField("lag", "Age of the oldest waiting job: lag>5m") { value($0.lag?.inSeconds) },
        FilterField("waiting", "Jobs that wait") { .number(Double($0.backlog)) },
        FilterField("active", "Jobs at work") { .number(Double($0.count(.active))) },
        FilterField("delayed", "Jobs for later") { .number(Double($0.count(.delayed))) },
        FilterField("failed", "Jobs that failed") { .number(Double($0.count(.failed))) },
        FilterField("workers", "Workers connected") { value($0.workers.map(Double.init)) },
        FilterField("stalled", "Jobs whose worker went away") { .number(Double($0.stalled)) },
    ]

    static func word(_ queue: Queue) -> String { queue.isPaused ? "paused" : "running" }

    static func tone(_ queue: Queue, _ limits: Thresholds) -> Tone {
        if let lag = queue.lag, lag >= limits.queueLagCritical { return .critical }
        if queue.workers == 0, queue.backlog > 0 { return .critical }
        if queue.isPaused || queue.stalled > 0 || (queue.lag ?? .zero) >= limits.queueLag { return .warning }
        if queue.count(.failed) >= Int64(limits.failedJobs) { return .warning }
        return .good
    }

    private static func value(_ number: Double?) -> FilterField<Queue>.Value { number.map { .number($0) } ?? .nothing }

    private static func number(
        _ id: String, _ title: String, _ importance: Int, width: Int = 6, _ count: @escaping @Sendable (Queue) -> Int64
    ) -> Column<Queue> {
        Column(id, title, width, .right, importance: importance, sort: { SortKey(count($0)) }) { queue, _ in
            let count = count(queue)
            return [Span(Quantity.compact(count), count == 0 ? .muted : .text)]
        }
    }

    private static func rate(
        _ id: String, _ title: String, _ importance: Int, isExtra: Bool = false,
        _ rate: @escaping @Sendable (Queue) -> Double?
    ) -> Column<Queue> {
        Column(id, title, 8, .right, importance: importance, isExtra: isExtra, sort: { SortKey(rate($0)) }) {
            queue, _ in
            guard let rate = rate(queue), rate > 0 else { return [Span(rate(queue) == nil ? "-" : "0", .muted)] }
            // One unit for the whole column, so that rows compare.
            return [Span(rate * 60 < 99.95 ? Quantity.fixed(rate * 60, 1) : Wording.count(rate * 60))]
        }
    }
}
