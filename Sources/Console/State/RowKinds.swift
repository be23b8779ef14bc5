import PlatformModel

extension Order: ListedRow {
    var identity: RowIdentity { .number(id) }
    var label: String { String(id) }
}

extension Queue: ListedRow {
    var identity: RowIdentity { .name(name) }
    var label: String { name }
}

extension Job: ListedRow {
    var identity: RowIdentity { .name(id) }
    var label: String { id }
}

extension NodeRow: ListedRow {
    var identity: RowIdentity { .name(name) }
    var label: String { name }
}

/// A finding with its place below its cause.
struct FindingRow: ListedRow, Equatable {
    let finding: Finding
    let depth: Int
    let isLast: Bool

    var identity: RowIdentity { .finding(finding.id) }
    var label: String {
        finding.subject.isEmpty ? finding.code.rawValue : "\(finding.code.rawValue) \(finding.subject)"
    }
}

struct ServiceRow: ListedRow, Equatable {
    let named: NamedReading<ServiceHealth>

    var identity: RowIdentity { .name(named.name) }
    var label: String { named.name }

    func tone(_ thresholds: Thresholds) -> Tone {
        if named.reading.isFailing { return .failed }
        guard let health = named.reading.value else { return .unknown }
        switch health.state {
        case .down: return .critical
        case .degraded: return .warning
        case .ok: return health.latency >= thresholds.serviceLatency ? .warning : .good
        }
    }

    /// The state in a word, for where the glyph stands.
    var word: String {
        if named.reading.isFailing { return "no answer" }
        return named.reading.value?.state.rawValue ?? "not read yet"
    }
}

/// A session of one database, with its place below the one that blocks it.
struct SessionRow: ListedRow, Equatable {
    let session: Session
    let depth: Int
    let isLast: Bool

    var identity: RowIdentity { .number(Int64(session.pid)) }
    var label: String { String(session.pid) }

    /// Blocked sessions stand below the session that blocks them, the longest first.
    static func rows(_ sessions: [Session]) -> [SessionRow] {
        let known = Set(sessions.map(\.pid))
        var below: [Int: [Session]] = [:]
        var roots: [Session] = []
        for session in sessions {
            if let blocker = session.blockedBy.first(where: known.contains), blocker != session.pid {
                below[blocker, default: []].append(session)
            } else {
                roots.append(session)
            }
        }
        var rows: [SessionRow] = []
        var seen: Set<Int> = []
        func add(_ session: Session, _ depth: Int, _ isLast: Bool) {
            guard seen.insert(session.pid).inserted else { return }
            rows.append(SessionRow(session: session, depth: depth, isLast: isLast))
            let blocked = (below[session.pid] ?? []).sorted { ($0.age ?? .zero) > ($1.age ?? .zero) }
            for (index, one) in blocked.enumerated() { add(one, depth + 1, index == blocked.count - 1) }
        }
        // Those that block somebody come first: they are what a person looks for.
        roots.sort {
            let (left, right) = (below[$0.pid] != nil, below[$1.pid] != nil)
            return left == right ? ($0.age ?? .zero) > ($1.age ?? .zero) : left
        }
        for root in roots { add(root, 0, false) }
        for session in sessions { add(session, 0, false) }
        return rows
    }
}

/// Something that the console told.
struct Notice: ListedRow, Equatable {
    let number: Int64
    let severity: Finding.Severity
    let text: String
    let at: Moment

    var identity: RowIdentity { .number(number) }
    var label: String { text }
}
