import PlatformModel

/// A database node with what its primary says of it: the row of the databases list, and a line of the schematic.
struct NodeRow: Sendable, Equatable {
    let named: NamedReading<DatabaseNode>
    /// The primary's view of this replica, when a primary answers.
    let link: ReplicaLink?
    let lag: ReplicaLag?
    /// Whether any primary answered when the row was made.
    let hasPrimary: Bool

    var node: DatabaseNode? { named.reading.value }
    var name: String { named.name }
    var region: String { node.flatMap { $0.region.isEmpty ? nil : $0.region } ?? named.region }
    var isPrimary: Bool { node?.role == .primary }

    var lagBytes: Int64? { lag?.bytes }
    var lagTime: Duration? { lag?.time }

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
        for link in primary?.replicas ?? [] { links[Snapshot.canonical(link.name)] = link }
        return snapshot.databases.map { named in
            NodeRow(
                named: named, link: named.reading.value?.role == .replica ? links[Snapshot.canonical(named.name)] : nil,
                lag: named.reading.value.map(snapshot.lag), hasPrimary: primary != nil)
        }
    }
}
