import PlatformModel
import TerminalCells

/// A snapshot in sentences, for screen readers, logs and `galley status`: no boxes, one fact a line, safe text.
public enum PlainRenderer {
    /// The platform's state, most important first.
    ///
    /// - Parameter columns: lines are wrapped to this width, continuation lines indented; nil leaves them whole.
    public static func statusLines(_ snapshot: Snapshot, now: Moment, columns: Int?) -> [String] {
        var lines = [healthLine(snapshot), primaryLine(snapshot, now: now)]
        lines += findingLines(snapshot, now: now)
        lines += NodeRow.rows(of: snapshot).map { databaseLine($0, snapshot: snapshot, now: now) }
        lines += queueLines(snapshot, now: now)
        lines.append(redisLine(snapshot, now: now))
        lines += snapshot.services.map { serviceLine($0, snapshot: snapshot, now: now) }
        lines.append(orderLine(snapshot, now: now))
        return fitted(lines, columns: columns)
    }

    /// The same in a few sentences, for somebody who listens: health, primary, what needs attention, and whether all
    /// was read.
    public static func brief(_ snapshot: Snapshot, now: Moment) -> [String] {
        let missing = SourceHealth(snapshot).phrase
        let parts = [
            Wording.counted(snapshot.databases.count, "database"),
            Wording.counted(snapshot.queues.value?.count ?? 0, "queue"),
            Wording.counted(snapshot.services.count, "service"),
        ]
        return [healthLine(snapshot), primaryLine(snapshot, now: now)] + findingLines(snapshot, now: now) + [
            missing.isEmpty ? "Watching " + parts.joined(separator: ", ") + "." : Wording.sentence(missing),
            orderLine(snapshot, now: now),
        ]
    }

    /// Whether every system was tried once.
    public static func isWhole(_ snapshot: Snapshot) -> Bool { SourceHealth(snapshot).loading == 0 }

    /// Safe lines of that width at most; continuation lines stand under their sentence.
    public static func fitted(_ lines: [String], columns: Int?) -> [String] {
        lines.flatMap { fitted($0, columns: columns) }
    }

    static func healthLine(_ snapshot: Snapshot) -> String {
        let environment = snapshot.environment
        return "\(environment.title.isEmpty ? environment.name : environment.title) "
            + "(\(environment.name), \(environment.kind.rawValue)): \(Wording.health(snapshot))."
    }

    static func primaryLine(_ snapshot: Snapshot, now: Moment) -> String {
        if let primary = snapshot.primary {
            return "Primary: \(primary.name)\(place(primary.region)), timeline \(primary.timeline)."
        }
        guard let last = snapshot.lastKnownPrimary else { return "Primary: none known." }
        let reading = snapshot.databases.first { $0.name == last.name }?.reading
        let age = reading?.age(at: now).map { ", last heard of \(Wording.ageText($0)) ago" } ?? ""
        return "Primary: \(last.name) does not answer\(age)."
    }

    /// Causes with what they explain below them.
    static func findingLines(_ snapshot: Snapshot, now: Moment) -> [String] {
        if snapshot.findings.isEmpty { return ["Nothing needs attention."] }
        return FindingTree.rows(snapshot.findings).map { row in
            let finding = row.finding
            let subject = finding.subject.isEmpty ? "" : " \(finding.subject)"
            let age = Wording.ageText(now.since(finding.since))
            let lead = row.depth > 0 ? "  explained by it: " : "\(spoken(finding.severity)): "
            let body = Wording.sentences([finding.evidence, finding.advice])
            return "\(lead)\(finding.code.rawValue)\(subject), for \(age). \(body)"
        }
    }

    static func spoken(_ severity: Finding.Severity) -> String {
        switch severity {
        case .notice: "Notice"
        case .warning: "Warning"
        case .critical: "Critical"
        }
    }

    static func databaseLine(_ row: NodeRow, snapshot: Snapshot, now: Moment) -> String {
        let head = "Database \(row.name)\(place(row.region)): "
        guard let node = row.node else { return Wording.ended(head + trust(row.named.reading, snapshot, now)) }
        var facts = [Wording.role(node)]
        if node.role == .replica {
            if let bytes = row.lagBytes {
                facts.append(bytes == 0 ? "has everything" : "\(Quantity.bytes(bytes)) behind")
            }
            if let time = row.lagTime, time > .zero { facts.append(Quantity.duration(time)) }
            facts.append(row.linkText)
        } else if let rate = node.activity?.transactionsPerSecond {
            facts.append("\(Quantity.rate(rate)) transactions")
        }
        if let activity = node.activity {
            facts.append(Wording.counted(activity.connections, "connection"))
            if activity.blocked > 0 { facts.append("\(activity.blocked) blocked") }
        }
        return head + facts.joined(separator: ", ") + aside(row.named.reading, snapshot, now) + "."
    }

    static func queueLines(_ snapshot: Snapshot, now: Moment) -> [String] {
        guard let queues = snapshot.queues.value else {
            return [Wording.ended("Queues: \(trust(snapshot.queues, snapshot, now))")]
        }
        if queues.isEmpty { return ["Queues: none."] }
        return queues.map { queue in
            var facts = [
                "\(Quantity.grouped(queue.backlog)) waiting", "\(Quantity.grouped(queue.count(.active))) active",
            ]
            facts.append(queue.lag.map { "lag \(Quantity.duration($0))" } ?? "lag unknown")
            if queue.count(.failed) > 0 { facts.append("\(Quantity.grouped(queue.count(.failed))) failed") }
            if let workers = queue.workers { facts.append(Wording.counted(workers, "worker")) }
            if queue.stalled > 0 { facts.append("\(Quantity.grouped(queue.stalled)) stalled") }
            if queue.isPaused { facts.insert("paused", at: 0) }
            return "Queue \(queue.name): " + facts.joined(separator: ", ") + aside(snapshot.queues, snapshot, now) + "."
        }
    }

    static func redisLine(_ snapshot: Snapshot, now: Moment) -> String {
        guard let redis = snapshot.redis.value else {
            return Wording.ended("Redis: \(trust(snapshot.redis, snapshot, now))")
        }
        let limit = redis.maximumMemory > 0 ? " of \(Quantity.bytes(redis.maximumMemory))" : ""
        return "Redis: \(Quantity.bytes(redis.usedMemory))\(limit) used, \(redis.operationsPerSecond) operations/s, "
            + "answers in \(Quantity.duration(redis.latency))\(aside(snapshot.redis, snapshot, now))."
    }

    static func serviceLine(
        _ service: NamedReading<ServiceHealth>, snapshot: Snapshot, now: Moment
    ) -> String {
        let head = "Service \(service.name): "
        guard let health = service.reading.value else {
            return Wording.ended(head + trust(service.reading, snapshot, now))
        }
        var facts = [health.state.rawValue, "answers in \(Quantity.duration(health.latency))"]
        facts += health.dependencies.filter { $0.state != "ok" }.map {
            "\($0.name) \($0.state)" + ($0.error.isEmpty ? "" : " (\($0.error))")
        }
        return head + facts.joined(separator: ", ") + aside(service.reading, snapshot, now) + "."
    }

    static func orderLine(_ snapshot: Snapshot, now: Moment) -> String {
        guard let orders = snapshot.orders.value else {
            return Wording.ended("Orders: \(trust(snapshot.orders, snapshot, now))")
        }
        var facts = ["\(Quantity.grouped(orders.open)) open", "\(Quantity.grouped(orders.late)) late"]
        facts.append("\(Quantity.grouped(orders.placedToday)) placed today")
        facts.append("\(Quantity.grouped(orders.placedLastMinute)) in the last minute")
        if !orders.revenueToday.isEmpty {
            facts.append("revenue today \(Wording.money(orders.revenueToday, all: true))")
        }
        return "Orders: " + facts.joined(separator: ", ") + aside(snapshot.orders, snapshot, now) + "."
    }

    private static func place(_ region: String) -> String { region.isEmpty ? "" : " in \(region)" }

    /// Why there is no value.
    private static func trust<Value>(_ reading: Reading<Value>, _ snapshot: Snapshot, _ now: Moment) -> String {
        reading.failure.map { "unavailable: \(Wording.failure($0))" } ?? "not read yet"
    }

    /// What has to be known about a value that is not live.
    private static func aside<Value>(_ reading: Reading<Value>, _ snapshot: Snapshot, _ now: Moment) -> String {
        let age = reading.age(at: now).map(Wording.ageText) ?? ""
        switch reading.state(at: now, staleAfter: snapshot.thresholds.staleAfter) {
        case .live, .loading, .unavailable: return ""
        case .stale: return " (\(age) old)"
        case .failing(let failure): return " (\(age) old; now failing: \(Wording.failure(failure)))"
        }
    }

    /// A safe line, wrapped where a width is known; continuation lines stand under their sentence.
    private static func fitted(_ text: String, columns: Int?) -> [String] {
        let line = SafeText.line(text)
        guard let columns, columns > 16, line.columns > columns else { return [line] }
        let indent = String(line.prefix { $0 == " " })
        let parts = line.wrapped(to: columns - indent.count - 2)
        return parts.enumerated().map { indent + ($0.offset == 0 ? "" : "  ") + $0.element }
    }
}
