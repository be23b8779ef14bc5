/// What is wrong in a snapshot, as candidates; ``FindingTracker`` decides which of them hold long enough to be told.
public enum FindingRules {
    /// A diagnosis of one instant.
    public struct Candidate: Sendable, Equatable {
        public let finding: Finding
        /// How long it must hold before it is told, so that one late answer raises nothing.
        public let holds: Duration
    }

    /// Every candidate of a snapshot, causes linked; a pure function of the snapshot.
    public static func evaluate(_ snapshot: Snapshot) -> [Candidate] {
        var candidates =
            databases(snapshot) + replication(snapshot) + redis(snapshot) + queues(snapshot) + orders(snapshot)
            + services(snapshot) + agents(snapshot)
        let causes = CauseLinks(candidates.map(\.finding.id), snapshot)
        for index in candidates.indices {
            var finding = candidates[index].finding
            finding.cause = causes.cause(of: finding.id)
            candidates[index] = Candidate(finding: finding, holds: candidates[index].holds)
        }
        return candidates
    }

    static func candidate(
        _ code: Finding.Code, _ severity: Finding.Severity, _ subject: String = "", holds: Duration = .zero,
        at: Moment, _ evidence: String, do advice: String
    ) -> Candidate {
        Candidate(
            finding: Finding(code, severity, subject: subject, evidence: evidence, advice: advice, since: at),
            holds: holds)
    }

    /// A refused connection is certain at once; a late answer may be a passing load.
    static func patience(_ failure: ReadFailure) -> Duration {
        failure.code == "timed-out" ? .milliseconds(1500) : .zero
    }

    static func reason(_ failure: ReadFailure) -> String {
        failure.cause.isEmpty ? failure.code : failure.cause
    }
}
