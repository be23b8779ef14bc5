import PlatformModel

/// A database node with what its primary says of it: the row of the databases list, and a line of the schematic.
struct NodeRow: Sendable, Equatable {
    let named: NamedReading<DatabaseNode>
    /// The primary's view of this replica, when a primary answers.
    let link: ReplicaLink?
    /// Whether any primary answered when the row was made.
    let hasPrimary: Bool

    var node: DatabaseNode? { named.reading.value }
    var name: String { named.name }
    var region: String { node.flatMap { $0.region.isEmpty ? nil : $0.region } ?? named.region }
    var isPrimary: Bool { node?.role == .primary }

    /// Bytes behind: from the primary where it answers, else from the replica's own word.
    var lagBytes: Int64? { isPrimary ? nil : link?.lagBytes ?? node?.replayLagBytes }
    var lagTime: Duration? {
        guard !isPrimary else { return nil }
        return lagBytes == 0 ? .zero : node?.replayLagTime ?? link?.replayLag
    }

    /// How the node fares against the limits.
    func tone(_ thresholds: Thresholds) -> Tone {
        if named.reading.isFailing { return .failed }
        guard let node else { return .unknown }
        if node.role == .primary { return .good }
        if let bytes = lagBytes, bytes >= thresholds.replicaLagCriticalBytes { return .critical }
        if node.receiver == nil { return .critical }
        if node.replayPaused || (lagBytes ?? 0) >= thresholds.replicaLagBytes { return .warning }
        if let time = lagTime, time >= thresholds.replicaLagTime { return .warning }
        return .standby
    }

    /// What the primary makes of it, or whether it streams by its own word.
    var linkText: String {
        guard let node else { return "-" }
        if node.role == .primary { return "-" }
        if let link { return link.syncState.isEmpty ? link.state : "\(link.state) \(link.syncState)" }
        return node.receiver.map(\.status) ?? "no source"
    }

    static func rows(of snapshot: Snapshot) -> [NodeRow] {
        let primary = snapshot.primary
        var links: [String: ReplicaLink] = [:]
        for link in primary?.replicas ?? [] { links[canonical(link.name)] = link }
        return snapshot.databases.map { named in
            NodeRow(
                named: named, link: named.reading.value?.role == .replica ? links[canonical(named.name)] : nil,
                hasPrimary: primary != nil)
        }
    }

    /// `application_name` and slot names cannot hold every character that a node's name may.
    private static func canonical(_ name: String) -> String {
        String(name.lowercased().map { $0 == "_" || $0 == "." ? "-" : $0 })
    }
}
