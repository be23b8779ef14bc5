import PlatformModel

/// What changed, in sentences, for somebody who listens: the news of the linear mode.
///
/// It remembers what was told rather than what happened, and compares the newest snapshot with that. So it says nothing
/// while nothing changes, what came and went before there was time to tell it is not told, and however much happens the
/// sentences never queue up. A value; it reads no clock.
public struct PlainNarrator: Sendable {
    /// How much may be said.
    public struct Pace: Sendable, Hashable {
        /// How fast a voice reads; after each sentence it is given the time for that. Nil where nobody listens but a
        /// file: then all is told at once.
        public var charactersPerSecond: Int?
        /// The shortest time between two summaries of the orders.
        public var orders: Duration
        /// How long something must not answer before that is told, when no finding says so sooner.
        public var patience: Duration

        public init(
            charactersPerSecond: Int?, orders: Duration = .seconds(60), patience: Duration = .milliseconds(1500)
        ) {
            self.charactersPerSecond = charactersPerSecond
            self.orders = orders
            self.patience = patience
        }

        /// A screen reader at an unhurried setting.
        public static let speech = Pace(charactersPerSecond: 20)
        public static let file = Pace(charactersPerSecond: nil)
    }

    private static let linger = Duration.seconds(4)
    /// A reader that failed asks again after ten times its interval at most.
    private static let shadow = Duration.seconds(20)
    /// More news than this at once is told as a number.
    private static let burst = 8

    private let pace: Pace
    var told: PlainTold
    private var primaryGoneSince: Moment?
    /// Findings that a loss has told already, and when they were last seen to be about it: they linger for a moment
    /// after what they are about is back.
    private var covered: [Finding.ID: Moment] = [:]
    /// When Redis, and when any database, last did not answer: their readers come back later than they do.
    private var shadows: [String: Moment] = [:]
    private var quietUntil: Moment?

    /// - Parameter snapshot: what was told already, by a status.
    public init(_ snapshot: Snapshot, pace: Pace) {
        self.pace = pace
        told = PlainTold(snapshot)
    }

    /// The sentences that may be said now; the rest is told by later calls, if it is still true then.
    public mutating func tell(_ snapshot: Snapshot) -> [String] {
        primaryGoneSince = snapshot.primary == nil ? primaryGoneSince ?? snapshot.at : nil
        if snapshot.redis.isFailing { shadows["queues"] = snapshot.at }
        if snapshot.databases.contains(where: \.reading.isFailing) { shadows["orders"] = snapshot.at }
        for finding in snapshot.findings where isCovered(finding, snapshot) { covered[finding.id] = snapshot.at }
        let present = Set(snapshot.findings.map(\.id))
        covered = covered.filter { present.contains($0.key) && snapshot.at.since($0.value) < Self.linger }
        if let quietUntil, snapshot.at.ticks < quietUntil.ticks { return [] }
        let changes = changes(to: snapshot)
        guard let first = changes.first else { return [] }
        guard let speed = pace.charactersPerSecond else {
            return changes.map { say($0, snapshot) }.filter { !$0.isEmpty }
        }
        let sentence: String
        if changes.count > Self.burst, !first.isUrgent {
            sentence = summary(changes)
            for change in changes { told.take(change, snapshot) }
        } else {
            sentence = say(first, snapshot)
        }
        let time = Duration.milliseconds(1000 * sentence.count / max(1, speed))
        quietUntil = Moment(
            wall: snapshot.at.wall + time,
            ticks: snapshot.at.ticks + UInt64(time / .nanoseconds(1)))
        return [sentence]
    }

    private mutating func say(_ change: PlainChange, _ snapshot: Snapshot) -> String {
        defer { told.take(change, snapshot) }
        return change.sentence(snapshot, told)
    }

    private func summary(_ changes: [PlainChange]) -> String {
        let raised = changes.reduce(0) { $0 + $1.raisedCount }
        let over = changes.reduce(0) { $0 + $1.overCount }
        var parts: [String] = []
        if raised > 0 { parts.append(Wording.counted(raised, "new finding")) }
        if over > 0 { parts.append("\(over) over") }
        let rest = changes.count { $0.raisedCount + $0.overCount == 0 }
        if rest > 0 { parts.append(Wording.counted(rest, "other change")) }
        return parts.joined(separator: ", ") + ". Say findings to hear what needs attention."
    }

    // MARK: What differs from what was told, the most urgent first

    private func changes(to snapshot: Snapshot) -> [PlainChange] {
        let lost = PlainSource.failing(snapshot).filter { isLost($0, snapshot) && !isShadowed($0.subject, snapshot) }
        var changes = primaryChanges(snapshot, lost)
        let withPrimary = changes.contains { if case .primaryGone = $0 { true } else { false } }
        for source in lost where told.lost[source.name] == nil {
            // The loss of the primary says it already.
            if withPrimary, source.subject == told.primary { continue }
            changes.append(.lost(source))
        }
        changes += findingChanges(snapshot)
        let names = Set(PlainSource.failing(snapshot).map(\.name))
        for (name, since) in told.lost.sorted(by: { $0.key < $1.key }) where !names.contains(name) {
            changes.append(.back(name, since: since))
        }
        if changes.isEmpty, snapshot.health != told.health { changes.append(.health) }
        if let orders = snapshot.orders.value, !snapshot.orders.isFailing,
            snapshot.at.since(told.ordersAt) >= pace.orders, orders.counts != told.orders?.counts
        {
            changes.append(.orders(orders))
        }
        return changes.enumerated().sorted {
            ($0.element.urgency, $1.offset) > ($1.element.urgency, $0.offset)
        }.map(\.element)
    }

    /// Whether another loss explains that it does not answer, and was told.
    private func isShadowed(_ subject: String, _ snapshot: Snapshot) -> Bool {
        shadows[subject].map { snapshot.at.since($0) < Self.shadow } ?? false
    }

    private func isCovered(_ finding: Finding, _ snapshot: Snapshot) -> Bool {
        if finding.code == .noPrimary { return true }
        guard PlainSource.codes.contains(finding.code) else { return false }
        return isShadowed(finding.subject, snapshot)
            || PlainSource.failing(snapshot).contains { $0.isMeant(by: finding) }
    }

    private func isLost(_ source: PlainSource, _ snapshot: Snapshot) -> Bool {
        if snapshot.findings.contains(where: source.isMeant) { return true }
        guard let since = source.failingSince else { return false }
        return snapshot.at.since(since) >= pace.patience
    }

    private func primaryChanges(_ snapshot: Snapshot, _ lost: [PlainSource]) -> [PlainChange] {
        if let primary = snapshot.primary {
            return primary.name == told.primary ? [] : [.primary(primary)]
        }
        guard let name = told.primary, let since = primaryGoneSince else { return [] }
        let source = lost.first { $0.subject == name }
        let isSure = source != nil || snapshot.findings.contains { $0.code == .noPrimary }
        guard isSure || snapshot.at.since(since) >= pace.patience else { return [] }
        return [.primaryGone(name, source)]
    }

    private func findingChanges(_ snapshot: Snapshot) -> [PlainChange] {
        var changes: [PlainChange] = []
        var symptoms: [Finding.ID: [Finding]] = [:]
        for finding in FindingTree.rows(snapshot.findings).map(\.finding) {
            if let old = told.findings[finding.id] {
                if old.severity != finding.severity { changes.append(.changed(finding, from: old.severity)) }
            } else if covered[finding.id] == nil {
                if let cause = finding.cause {
                    symptoms[cause, default: []].append(finding)
                } else {
                    changes.append(.raised(finding))
                }
            }
        }
        // What one cause explains is told in one breath.
        for (cause, findings) in symptoms.sorted(by: {
            ($0.key.code.rawValue, $0.key.subject) < ($1.key.code.rawValue, $1.key.subject)
        }) {
            if findings.count > 2 {
                changes.append(.symptoms(findings, cause))
            } else {
                changes += findings.map { .raised($0) }
            }
        }
        let present = Set(snapshot.findings.map(\.id))
        let over = FindingTree.rows(Array(told.findings.values)).map(\.finding).filter { !present.contains($0.id) }
        if over.count > 2 { changes.append(.manyOver(over)) } else { changes += over.map { .over($0) } }
        return changes
    }
}

/// What the listener knows.
struct PlainTold: Sendable {
    var lost: [String: Moment] = [:]
    var primary: String?
    /// The primary before that, while there is none.
    var lastPrimary: String?
    var findings: [Finding.ID: Finding] = [:]
    var health: Health
    var orders: OrdersOverview?
    var ordersAt: Moment

    init(_ snapshot: Snapshot) {
        health = snapshot.health
        primary = snapshot.primary?.name
        lastPrimary = snapshot.lastKnownPrimary?.name
        orders = snapshot.orders.value
        ordersAt = snapshot.at
        for source in PlainSource.failing(snapshot) { lost[source.name] = source.failingSince ?? snapshot.at }
        for finding in snapshot.findings where !isSaidByLoss(finding, snapshot) { findings[finding.id] = finding }
    }

    private func isSaidByLoss(_ finding: Finding, _ snapshot: Snapshot) -> Bool {
        finding.code == .noPrimary || PlainSource.failing(snapshot).contains { $0.isMeant(by: finding) }
    }

    mutating func take(_ change: PlainChange, _ snapshot: Snapshot) {
        health = snapshot.health
        switch change {
        case .lost(let source): lost[source.name] = source.failingSince ?? snapshot.at
        case .back(let name, _): lost[name] = nil
        case .primaryGone(let name, let source):
            primary = nil
            lastPrimary = name
            if let source { lost[source.name] = source.failingSince ?? snapshot.at }
        case .primary(let node): (primary, lastPrimary) = (node.name, node.name)
        case .raised(let finding), .changed(let finding, _): findings[finding.id] = finding
        case .symptoms(let list, _): for finding in list { findings[finding.id] = finding }
        case .over(let finding): findings[finding.id] = nil
        case .manyOver(let list): for finding in list { findings[finding.id] = nil }
        case .health: break
        case .orders(let overview):
            orders = overview
            ordersAt = snapshot.at
        }
    }
}
