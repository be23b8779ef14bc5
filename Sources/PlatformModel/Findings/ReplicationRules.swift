extension FindingRules {
    static func replication(_ snapshot: Snapshot) -> [Candidate] {
        let primary = snapshot.primary
        var found: [Candidate] = []
        for named in snapshot.databases {
            guard let node = named.reading.value, node.role == .replica, !named.reading.isFailing else { continue }
            found += replica(node, primary: primary, snapshot)
        }
        if let primary {
            found += slots(primary, snapshot)
            if primary.waitingForReplicas > 0 {
                found.append(
                    candidate(
                        .commitsWaiting, .critical, primary.name, holds: .seconds(2), at: snapshot.at,
                        "\(primary.waitingForReplicas) commits wait for a replica's confirmation"
                            + " (\(primary.synchronousStandbyNames))",
                        do: "bring replicas back, or shorten synchronous_standby_names knowing what it gives up"))
            }
        }
        return found
    }

    private static func replica(_ node: DatabaseNode, primary: DatabaseNode?, _ snapshot: Snapshot) -> [Candidate] {
        let limits = snapshot.thresholds
        let link = primary?.replicas.first { $0.name == node.name }
        var found: [Candidate] = []
        if node.receiver == nil || (primary != nil && link == nil) {
            found.append(
                candidate(
                    .replicaNotStreaming, .warning, node.name, holds: .seconds(1), at: snapshot.at,
                    node.receiver == nil
                        ? "it receives nothing from anywhere" : "the primary sends nothing to it",
                    do: "see its log, its connection to the primary and its slot"))
        }
        if node.replayPaused {
            found.append(
                candidate(
                    .replayPaused, .warning, node.name, at: snapshot.at, "replay is paused on it",
                    do: "resume with pg_wal_replay_resume() unless somebody paused it on purpose"))
        }
        let position = primary?.position
        let behind = position.flatMap { p in node.replayed.map { p.ahead(of: $0) } } ?? node.replayLagBytes ?? 0
        let late = link?.replayLag ?? node.replayLagTime ?? .zero
        if behind > limits.replicaLagBytes || (late > limits.replicaLagTime && behind > 0) {
            found.append(
                candidate(
                    .replicaLagging, behind > limits.replicaLagCriticalBytes ? .critical : .warning, node.name,
                    holds: .seconds(2), at: snapshot.at,
                    "\(Quantity.bytes(behind)) behind" + (late > .zero ? ", \(Quantity.duration(late))" : ""),
                    do: "see whether it receives (network) or replays (disk, a long query) too slowly"))
        }
        return found
    }

    private static func slots(_ primary: DatabaseNode, _ snapshot: Snapshot) -> [Candidate] {
        primary.slots.compactMap { slot in
            let lost = slot.walStatus == "lost" || slot.walStatus == "unreserved"
            let retained = slot.retainedBytes ?? 0
            guard lost || (!slot.isActive && retained > snapshot.thresholds.slotRetained) else { return nil }
            return candidate(
                .slotRetainsLog, .warning, slot.name, at: snapshot.at,
                lost
                    ? "the log that it needs is gone (\(slot.walStatus))"
                    : "nobody reads it and it keeps \(Quantity.bytes(retained)) of log",
                do: lost ? "the replica must be built anew" : "bring the replica back or drop the slot")
        }
    }
}
