/// Turns candidates of single instants into findings with a beginning, without flapping.
///
/// A candidate is told once it has held for its time; a finding goes once it has been absent for a while.
public struct FindingTracker: Sendable {
    private struct Tracked: Sendable {
        var finding: Finding
        var told: Bool
        var seen: Moment
    }

    private var tracked: [Finding.ID: Tracked] = [:]
    /// How long a finding stays after it was last seen.
    private let linger: Duration

    public init(linger: Duration = .milliseconds(1500)) { self.linger = linger }

    /// The findings that hold now, causes first, then by severity and age.
    public mutating func update(_ candidates: [FindingRules.Candidate], at now: Moment) -> [Finding] {
        for candidate in candidates {
            var finding = candidate.finding
            if let old = tracked[finding.id] { finding.since = old.finding.since }
            let told = tracked[finding.id]?.told ?? false || now.since(finding.since) >= candidate.holds
            tracked[finding.id] = Tracked(finding: finding, told: told, seen: now)
        }
        tracked = tracked.filter { now.since($0.value.seen) <= ($0.value.told ? linger : .zero) }
        return ranked(tracked.values.filter(\.told).map(\.finding))
    }

    private func ranked(_ findings: [Finding]) -> [Finding] {
        let ids = Set(findings.map(\.id))
        return findings.map { finding in
            var finding = finding
            if let cause = finding.cause, !ids.contains(cause) { finding.cause = nil }
            return finding
        }.sorted { left, right in
            if (left.cause == nil) != (right.cause == nil) { return left.cause == nil }
            if left.severity != right.severity { return left.severity > right.severity }
            if left.since.ticks != right.since.ticks { return left.since.ticks < right.since.ticks }
            return (left.code.rawValue, left.subject) < (right.code.rawValue, right.subject)
        }
    }
}
