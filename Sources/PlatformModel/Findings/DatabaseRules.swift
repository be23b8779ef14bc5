extension FindingRules {
    static func databases(_ snapshot: Snapshot) -> [Candidate] {
        snapshot.databases.flatMap { named in
            guard let failure = named.reading.failure else {
                return named.reading.value.map { activity($0, snapshot) } ?? []
            }
            return [unread(named, failure, snapshot)]
        } + primaries(snapshot)
    }

    private static func primaries(_ snapshot: Snapshot) -> [Candidate] {
        let answering = snapshot.databases.filter { !$0.reading.isFailing }.compactMap(\.reading.value)
        let primaries = answering.filter { $0.role == .primary }.map(\.name)
        if primaries.count > 1 {
            return [
                candidate(
                    .twoPrimaries, .critical, at: snapshot.at,
                    "\(primaries.joined(separator: " and ")) both accept writes",
                    do: "stop the one with the older epoch before anything else writes to it")
            ]
        }
        // Before every node was asked once, silence means nothing.
        let asked = snapshot.databases.allSatisfy { $0.reading.readAt != nil || $0.reading.isFailing }
        guard primaries.isEmpty, asked, !answering.isEmpty, !snapshot.databases.contains(where: mayServe) else {
            return []
        }
        return [
            candidate(
                .noPrimary, .critical, at: snapshot.at,
                "\(answering.count) of \(snapshot.databases.count) nodes answer"
                    + " and none of them accepts writes",
                do: "find out why the primary is gone; promote a replica if it stays away")
        ]
    }

    /// A node that is up and refuses Galley, and that nobody has seen as a replica: it may well be the primary.
    private static func mayServe(_ named: NamedReading<DatabaseNode>) -> Bool {
        named.reading.failure?.isRefusal == true && named.reading.value?.role != .replica
    }

    /// A node that could not be read: which finding that is, how grave, and in which words.
    private static func unread(
        _ named: NamedReading<DatabaseNode>, _ failure: ReadFailure, _ snapshot: Snapshot
    ) -> Candidate {
        let role = named.reading.value?.role
        // Of a node that was never read nobody knows the role: without a primary elsewhere it may be that.
        let mayBePrimary = role == .primary || (role == nil && snapshot.primary == nil)
        let code: Finding.Code =
            failure.isUnreachable
            ? .databaseUnreachable : failure.kind == .full ? .connectionsNearLimit : .databaseUnreadable
        let name =
            switch role {
            case .primary: "the last known primary "
            case .replica: "the replica "
            case nil: "the server, whose role is not known yet, "
            }
        return candidate(
            code, mayBePrimary && !failure.isRefusal ? .critical : .warning, named.name, holds: patience(failure),
            at: named.reading.failingSince ?? snapshot.at, name + failure.predicate + ": " + reason(failure),
            do: failure.hint.isEmpty ? "see whether \(named.address) is up and reachable from here" : failure.hint)
    }

    private static func activity(_ node: DatabaseNode, _ snapshot: Snapshot) -> [Candidate] {
        let limits = snapshot.thresholds
        guard let activity = node.activity else { return [] }
        var found: [Candidate] = []
        if activity.maximumConnections > 0 {
            let share = Double(activity.connections) / Double(activity.maximumConnections)
            if share >= limits.connectionsShare {
                found.append(
                    candidate(
                        .connectionsNearLimit, share >= 0.97 ? .critical : .warning, node.name, holds: .seconds(3),
                        at: snapshot.at,
                        "\(activity.connections) of \(activity.maximumConnections) connections are in use",
                        do: "find who holds them: idle pools are the usual cause"))
            }
        }
        if activity.blocked > 0,
            let oldest = activity.sessions.filter({ !$0.blockedBy.isEmpty }).compactMap(\.age).max(),
            oldest > .seconds(5)
        {
            found.append(
                candidate(
                    .sessionsBlocked, .warning, node.name, holds: .seconds(2), at: snapshot.at,
                    "\(activity.blocked) sessions wait for locks, the longest for \(Quantity.duration(oldest))",
                    do: "open the node and follow the blockers to the session at the root"))
        }
        if let longest = activity.longestQuery, longest > limits.longestQuery {
            found.append(
                candidate(
                    .queryTooLong, .notice, node.name, at: snapshot.at,
                    "one statement has run for \(Quantity.duration(longest))",
                    do: "open the node to see the statement and who runs it"))
        }
        if let archiver = node.archiver, archiver.isFailing, node.role == .primary {
            found.append(
                candidate(
                    .archiverFailing, .critical, node.name, at: snapshot.at,
                    "archiving of \(archiver.lastFailed) fails, \(archiver.failedCount) failures so far",
                    do: "see the server's log for the archive command's words; the log fills the disk meanwhile"))
        }
        return found
    }
}
