import PlatformModel

/// What the linear mode answers to a command: one fact a sentence, the most important first, no columns.
public enum PlainAnswers {
    /// Everything that needs attention.
    public static func findings(_ snapshot: Snapshot, now: Moment) -> [String] {
        PlainRenderer.findingLines(snapshot, now: now)
    }

    public static func queues(_ snapshot: Snapshot, now: Moment) -> [String] {
        PlainRenderer.queueLines(snapshot, now: now)
    }

    public static func databases(_ snapshot: Snapshot, now: Moment) -> [String] {
        if snapshot.databases.isEmpty { return ["This environment has no database."] }
        return [PlainRenderer.primaryLine(snapshot, now: now)]
            + NodeRow.rows(of: snapshot).map { PlainRenderer.databaseLine($0, snapshot: snapshot, now: now) }
    }

    public static func services(_ snapshot: Snapshot, now: Moment) -> [String] {
        if snapshot.services.isEmpty { return ["This environment has no service."] }
        return snapshot.services.map { PlainRenderer.serviceLine($0, snapshot: snapshot, now: now) }
    }

    // MARK: Orders

    public static func orders(_ page: OrderPage, now: Timestamp) -> [String] {
        if page.orders.isEmpty { return ["No order matches."] }
        let first =
            switch page.query.sort {
            case .newest: "the newest first"
            case .changed: "the last changed first"
            case .due: "the most overdue first"
            }
        var lines = [
            Wording.counted(page.orders.count, "order") + (page.orders.count > 1 ? ", \(first)." : ".")
        ]
        lines += page.orders.map { "Order \(summary($0, now: now))" }
        if page.next != nil { lines.append("There are more: add --limit with a number, up to 200.") }
        return lines
    }

    public static func order(_ details: OrderDetails, now: Timestamp) -> [String] {
        let order = details.order
        var lines = ["Order \(summary(order, now: now))"]
        lines.append(
            "Kitchen code \(order.kitchenCode)\(order.region.isEmpty ? "" : " in \(order.region)"), "
                + "supplier code \(order.supplierCode), version \(order.version), placed by \(order.placedBy).")
        if !order.note.isEmpty { lines.append(Wording.ended("Note: \(order.note)")) }
        for line in details.lines {
            var facts = ["\(line.quantity) of \(line.item)"]
            if !line.pack.isEmpty { facts.append(line.pack) }
            facts.append("received \(line.received)")
            facts.append("\(line.price) each")
            facts.append("\(line.total) together")
            if !line.allergens.isEmpty { facts.append("contains " + line.allergens.joined(separator: " and ")) }
            lines.append("Line \(line.number): " + facts.joined(separator: ", ") + ".")
        }
        for event in details.events {
            let move = event.to.map { to in (event.from.map { "from \($0.word) " } ?? "") + "to \(to.word)" }
            let facts = [move, "by \(event.actor)", event.note.isEmpty ? nil : event.note].compactMap(\.self)
            let age = Wording.ageText(now - event.at)
            lines.append(Wording.ended("\(age) ago: " + facts.joined(separator: ", ")))
        }
        return lines
    }

    private static func summary(_ order: Order, now: Timestamp) -> String {
        let facts = [
            "\(order.id)", order.status.word, "\(order.kitchen) from \(order.supplier)", order.total.description,
            Wording.counted(order.lineCount, "line"), "placed \(Wording.ageText(now - order.placedAt)) ago",
            due(order, now: now),
        ]
        return facts.filter { !$0.isEmpty }.joined(separator: ", ") + "."
    }

    private static func due(_ order: Order, now: Timestamp) -> String {
        guard order.status.isOpen, let due = order.dueAt else { return "" }
        return due < now ? "late for \(Wording.ageText(now - due))" : "due in \(Wording.ageText(due - now))"
    }

    // MARK: Jobs

    public static func jobs(_ page: JobPage, now: Timestamp) -> [String] {
        let state = page.state.rawValue.replacing("-", with: " for ")
        var lines = ["Queue \(page.queue): \(Wording.counted(page.total, "job")) \(state)."]
        for job in page.jobs {
            var facts = [job.name.isEmpty ? "without a name" : job.name]
            if let created = job.createdAt { facts.append("created \(Wording.ageText(now - created)) ago") }
            if job.attempts > 0 { facts.append("attempt \(job.attempts) of \(max(job.attempts, job.maximumAttempts))") }
            if let due = job.dueAt, due > now { facts.append("due in \(Wording.ageText(due - now))") }
            if !job.failedReason.isEmpty { facts.append("failed: \(job.failedReason.prefix(120))") }
            lines.append(Wording.ended("Job \(job.id): " + facts.joined(separator: ", ")))
        }
        if page.total > page.jobs.count { lines.append("There are more: add --limit with a number, up to 200.") }
        return lines
    }
}
