import PlatformModel

/// One piece of news, and the sentence that tells it.
enum PlainChange: Sendable {
    case lost(PlainSource)
    case back(String, since: Moment)
    case primaryGone(String, PlainSource?)
    case primary(DatabaseNode)
    case raised(Finding)
    case changed(Finding, from: Finding.Severity)
    /// Several that one cause explains.
    case symptoms([Finding], Finding.ID)
    case over(Finding)
    case manyOver([Finding])
    case health
    case orders(OrdersOverview)

    /// What is told first.
    var urgency: Int {
        switch self {
        case .primaryGone: 9
        case .primary: 8
        case .lost: 7
        case .raised(let finding), .changed(let finding, _): 4 + finding.severity.rawValue
        case .symptoms(let findings, _): 3 + (findings.map(\.severity.rawValue).max() ?? 0)
        case .back: 3
        case .over, .manyOver: 2
        case .health: 1
        case .orders: 0
        }
    }

    /// Told by itself, however much else there is to tell.
    var isUrgent: Bool { urgency >= 6 }

    /// How many findings it tells of that are new, and that are over.
    var raisedCount: Int {
        switch self {
        case .raised: 1
        case .symptoms(let findings, _): findings.count
        default: 0
        }
    }

    var overCount: Int {
        switch self {
        case .over: 1
        case .manyOver(let findings): findings.count
        default: 0
        }
    }

    func sentence(_ snapshot: Snapshot, _ told: PlainTold) -> String {
        switch self {
        case .lost(let source):
            let severity = snapshot.findings.first(where: source.isMeant)?.severity ?? .warning
            let lead = source.isRead ? "lost" : "cannot read"
            return "\(PlainRenderer.spoken(severity)): \(lead) \(source.name). \(Self.reason(source))"
        case .back(let name, let since):
            let age = Wording.ageText(snapshot.at.since(since))
            return Wording.sentence("\(name) \(name.hasPrefix("the ") ? "answer" : "answers") again, after \(age)")
        case .primaryGone(let name, let source):
            guard let source else { return "Critical: \(name) is no longer the primary, and no other database is." }
            return "Critical: lost the primary \(name); nothing takes writes. \(Self.reason(source))"
        case .primary(let node):
            let timeline = "timeline \(node.timeline)"
            guard let before = told.lastPrimary else { return "The primary is \(node.name), \(timeline)." }
            if before == node.name { return "\(node.name) is primary again, \(timeline)." }
            return "\(node.name) is the primary now, \(timeline); before it was \(before)."
        case .raised(let finding):
            return "\(PlainRenderer.spoken(finding.severity)): \(Self.name(finding)). \(Self.body(finding))"
        case .changed(let finding, let old):
            let lead = finding.severity > old ? "Worse, now" : "Better, now"
            let word = PlainRenderer.spoken(finding.severity).lowercased()
            return "\(lead) \(word): \(Self.name(finding)). \(Self.body(finding))"
        case .symptoms(let findings, let cause):
            let worst = findings.map(\.severity).max() ?? .notice
            let name = Self.words(cause.code) + (cause.subject.isEmpty ? "" : ", \(cause.subject)")
            return "\(PlainRenderer.spoken(worst)): \(findings.count) more explained by \(name): "
                + findings.map(Self.name).joined(separator: "; ") + "."
        case .manyOver(let findings):
            return "\(findings.count) over: " + findings.map(Self.name).joined(separator: "; ") + "."
        case .over(let finding):
            let age = Wording.ageText(snapshot.at.since(finding.since))
            return "Over: \(Self.name(finding)), after \(age)."
        case .health: return "The platform is \(Wording.health(snapshot))."
        case .orders(let overview): return Self.orders(overview, told, snapshot)
        }
    }

    /// `queue lag high, suppliers`: what is spoken is spelt as words.
    static func name(_ finding: Finding) -> String {
        let words = words(finding.code)
        return finding.subject.isEmpty ? words : "\(words), \(finding.subject)"
    }

    static func words(_ code: Finding.Code) -> String {
        code.rawValue.reduce(into: "") { text, letter in
            if letter.isUppercase, !text.isEmpty { text.append(" ") }
            text += letter.lowercased()
        }
    }

    private static func body(_ finding: Finding) -> String {
        let cause = finding.cause.map { cause in
            "explained by \(words(cause.code))" + (cause.subject.isEmpty ? "" : ", \(cause.subject)")
        }
        return Wording.sentences([finding.evidence, cause ?? finding.advice])
    }

    private static func reason(_ source: PlainSource) -> String {
        source.failure.map { Wording.sentences([$0.cause, $0.hint]) } ?? ""
    }

    /// What became more and what less, the largest first.
    private static func orders(_ now: OrdersOverview, _ told: PlainTold, _ snapshot: Snapshot) -> String {
        let before = told.orders ?? OrdersOverview()
        let age = Wording.ageText(snapshot.at.since(told.ordersAt))
        var parts: [String] = []
        let placed = now.placedToday - before.placedToday
        if placed > 0 { parts.append("\(Quantity.grouped(placed)) placed") }
        let moves = OrderStatus.allCases.map { ($0, (now.counts[$0] ?? 0) - (before.counts[$0] ?? 0)) }
            .filter { $0.1 != 0 }.sorted { ($0.1.magnitude, $1.0.word) > ($1.1.magnitude, $0.0.word) }
        for (status, change) in moves.prefix(4) {
            parts.append("\(Quantity.grouped(Int64(change.magnitude))) \(change > 0 ? "more" : "fewer") \(status.word)")
        }
        let late = now.late - before.late
        if late != 0 {
            let change = "\(Quantity.grouped(Int64(late.magnitude))) \(late > 0 ? "more" : "fewer")"
            parts.append("\(Quantity.grouped(now.late)) late, \(change) than before")
        }
        return "Orders in the last \(age): " + parts.joined(separator: ", ") + "."
    }
}
