/// How far a replica is behind its primary.
public struct ReplicaLag: Sendable, Hashable {
    /// Nil for a primary, and where neither side has told a position.
    public let bytes: Int64?
    /// Zero when nothing is missing; nil when nobody can tell.
    public let time: Duration?
}

extension Snapshot {
    /// By the primary's word where it answers: a replica that is cut off has replayed all that it was sent, and by its
    /// own word alone it would be up to date.
    public func lag(of node: DatabaseNode) -> ReplicaLag {
        guard node.role == .replica else { return ReplicaLag(bytes: nil, time: nil) }
        let link = primary?.replicas.first { Self.canonical($0.name) == Self.canonical(node.name) }
        let behind = primary?.position.flatMap { position in node.replayed.map { position.ahead(of: $0) } }
        guard let bytes = link?.lagBytes ?? behind ?? node.replayLagBytes else {
            return ReplicaLag(bytes: nil, time: nil)
        }
        if bytes == 0 { return ReplicaLag(bytes: 0, time: .zero) }
        if node.receiver == nil { return ReplicaLag(bytes: bytes, time: node.sinceLastReplay) }
        let own = node.replayLagTime.flatMap { $0 > .zero ? $0 : nil }
        return ReplicaLag(bytes: bytes, time: own ?? link?.replayLag ?? node.replayLagTime)
    }

    /// `application_name` and slot names cannot hold every character that a node's name may.
    public static func canonical(_ name: String) -> String {
        String(name.lowercased().map { $0 == "_" || $0 == "." ? "-" : $0 })
    }
}

extension DatabaseNode {
    /// How long ago the newest commit was made that it has replayed, by its own clock.
    var sinceLastReplay: Duration? {
        guard let clock, let lastReplayedAt else { return nil }
        return max(.zero, clock - lastReplayedAt)
    }
}
