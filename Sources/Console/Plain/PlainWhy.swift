import PlatformModel

/// Why something needs attention: what was seen, what causes it, what it causes, and what to do.
public enum PlainWhy {
    /// The findings that a name means: a code (`QueueLagHigh`, `queue lag high`), a thing, or both.
    public static func findings(_ name: String, in snapshot: Snapshot) -> [Finding] {
        let wanted = folded(name)
        return FindingTree.rows(snapshot.findings).map(\.finding).filter { finding in
            let code = folded(finding.code.rawValue)
            return [code, finding.subject.lowercased(), code + folded(finding.subject)].contains(wanted)
                || folded(finding.subject) == wanted
        }
    }

    /// Whether the platform has something of that name, with or without its kind before it.
    public static func knows(_ name: String, in snapshot: Snapshot) -> Bool {
        let wanted = folded(name)
        return names(in: snapshot).contains { folded($0) == wanted }
            || Finding.Code.allCases.contains { folded($0.rawValue) == wanted }
    }

    /// Everything that can be asked about.
    public static func names(in snapshot: Snapshot) -> [String] {
        snapshot.databases.map(\.name) + (snapshot.queues.value ?? []).map(\.name) + snapshot.services.map(\.name)
            + ["redis", "queues", "orders"]
    }

    /// The answer in sentences; nil when nothing of that name is known.
    public static func lines(_ name: String, in snapshot: Snapshot, now: Moment) -> [String]? {
        let found = findings(name, in: snapshot)
        if found.isEmpty {
            guard knows(name, in: snapshot) else { return nil }
            return ["Nothing is wrong with \(name)."] + state(of: name, in: snapshot, now: now)
        }
        return found.flatMap { lines($0, in: snapshot, now: now) } + state(of: name, in: snapshot, now: now)
    }

    private static func lines(_ finding: Finding, in snapshot: Snapshot, now: Moment) -> [String] {
        let age = Wording.ageText(now.since(finding.since))
        let severity = PlainRenderer.spoken(finding.severity)
        let subject = finding.subject.isEmpty ? "" : " \(finding.subject)"
        var lines = ["\(severity): \(finding.code.rawValue)\(subject), for \(age)."]
        if !finding.evidence.isEmpty { lines.append("Seen: \(Wording.ended(finding.evidence))") }
        let causes = causes(of: finding, in: snapshot)
        for (depth, cause) in causes.enumerated() {
            lines.append("\(depth == 0 ? "Caused by" : "which is caused by"): \(PlainChange.name(cause)).")
        }
        let effects = snapshot.findings.filter { $0.cause == finding.id }
        if !effects.isEmpty { lines.append("Explains: " + effects.map(PlainChange.name).joined(separator: "; ") + ".") }
        if let root = causes.last, !root.advice.isEmpty {
            lines.append("Do first: \(Wording.ended(root.advice))")
        }
        if !finding.advice.isEmpty {
            lines.append("\(causes.isEmpty ? "Do" : "Then"): \(Wording.ended(finding.advice))")
        }
        return lines
    }

    /// From the nearest cause to the last; a ring ends where it began.
    private static func causes(of finding: Finding, in snapshot: Snapshot) -> [Finding] {
        var chain: [Finding] = []
        var id = finding.cause
        while let next = id, next != finding.id, !chain.contains(where: { $0.id == next }),
            let cause = snapshot.findings.first(where: { $0.id == next })
        {
            chain.append(cause)
            id = cause.cause
        }
        return chain
    }

    private static func state(of name: String, in snapshot: Snapshot, now: Moment) -> [String] {
        let wanted = folded(name)
        if let row = NodeRow.rows(of: snapshot).first(where: { folded($0.name) == wanted }) {
            return [PlainRenderer.databaseLine(row, snapshot: snapshot, now: now)]
        }
        if let service = snapshot.services.first(where: { folded($0.name) == wanted }) {
            return [PlainRenderer.serviceLine(service, snapshot: snapshot, now: now)]
        }
        let queues = (snapshot.queues.value ?? []).filter { folded($0.name) == wanted }
        if !queues.isEmpty {
            var one = snapshot
            if let at = snapshot.queues.readAt { one.queues.succeed(queues, at: at, took: snapshot.queues.duration) }
            return PlainRenderer.queueLines(one, now: now)
        }
        return wanted == "redis" ? [PlainRenderer.redisLine(snapshot, now: now)] : []
    }

    /// Small letters and digits: how a name is typed or spoken makes no difference.
    private static func folded(_ text: String) -> String {
        String(text.lowercased().filter { $0.isLetter || $0.isNumber })
    }
}
