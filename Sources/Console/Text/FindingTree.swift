import PlatformModel

/// Findings as a tree: what explains stands above what it explains, the worst and oldest first.
enum FindingTree {
    struct Row: Sendable, Hashable {
        let finding: Finding
        let depth: Int
        /// Whether it is the last one below its cause.
        let isLast: Bool
    }

    static func rows(_ findings: [Finding]) -> [Row] {
        let known = Set(findings.map(\.id))
        var below: [Finding.ID: [Finding]] = [:]
        var roots: [Finding] = []
        for finding in findings {
            if let cause = finding.cause, known.contains(cause), cause != finding.id {
                below[cause, default: []].append(finding)
            } else {
                roots.append(finding)
            }
        }
        var rows: [Row] = []
        var seen: Set<Finding.ID> = []
        func add(_ finding: Finding, depth: Int, isLast: Bool) {
            guard seen.insert(finding.id).inserted else { return }
            rows.append(Row(finding: finding, depth: depth, isLast: isLast))
            let children = (below[finding.id] ?? []).sorted(by: isBefore)
            for (index, child) in children.enumerated() {
                add(child, depth: depth + 1, isLast: index == children.count - 1)
            }
        }
        for root in roots.sorted(by: isBefore) { add(root, depth: 0, isLast: false) }
        // A ring of causes has no root: its members are shown all the same.
        for finding in findings.sorted(by: isBefore) { add(finding, depth: 0, isLast: false) }
        return rows
    }

    private static func isBefore(_ left: Finding, _ right: Finding) -> Bool {
        if left.severity != right.severity { return left.severity > right.severity }
        if left.since.ticks != right.since.ticks { return left.since.ticks < right.since.ticks }
        return (left.code.rawValue, left.subject) < (right.code.rawValue, right.subject)
    }
}
