import PlatformModel
import PostgresClient

/// The quick half of a database reading: role, positions, receiver and links in one row.
///
/// Sources: `pg_stat_replication`, `pg_stat_wal_receiver`, the recovery functions, `pg_control_*`. Works on both
/// roles: `CASE` keeps the functions that one role refuses from being called there.
enum ReplicationRow {
    static let sql = """
        SELECT pg_is_in_recovery() AS in_recovery,
               pg_has_role('pg_read_all_stats', 'USAGE') AS sees_statistics, current_user::text AS role,
               current_setting('server_version') AS version,
               (SELECT system_identifier::text FROM pg_control_system()) AS system_identifier,
               CASE WHEN pg_is_in_recovery() THEN (SELECT timeline_id FROM pg_control_checkpoint())
                    ELSE ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int END AS timeline,
               pg_postmaster_start_time() AS started_at,
               clock_timestamp() AS clock,
               CASE WHEN pg_is_in_recovery()
                    THEN greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())
                    ELSE pg_current_wal_lsn() END AS position,
               CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() END AS replayed,
               CASE WHEN pg_is_in_recovery() THEN pg_last_xact_replay_timestamp() END AS last_replayed_at,
               CASE WHEN pg_is_in_recovery() THEN pg_get_wal_replay_pause_state() <> 'not paused' ELSE false END
                   AS replay_paused,
               r.status AS receiver_status, r.sender_host AS sender_host, r.sender_port AS sender_port,
               r.slot_name AS receiver_slot, r.received_tli AS receiver_timeline,
               extract(epoch FROM clock_timestamp() - r.last_msg_receipt_time)::float8 AS receiver_silence,
               current_setting('synchronous_standby_names') AS synchronous_standby_names,
               (SELECT count(*)::int FROM pg_stat_activity WHERE wait_event = 'SyncRep') AS waiting_for_replicas,
               (SELECT coalesce(json_agg(json_build_object(
                           'name', application_name, 'state', state, 'sync', sync_state,
                           'sent', sent_lsn - '0/0'::pg_lsn, 'written', write_lsn - '0/0'::pg_lsn,
                           'flushed', flush_lsn - '0/0'::pg_lsn, 'replayed', replay_lsn - '0/0'::pg_lsn,
                           'lag', extract(epoch FROM replay_lag)) ORDER BY application_name), '[]')
                  FROM pg_stat_replication WHERE application_name <> 'pg_basebackup') AS links
          FROM (SELECT 1) AS one LEFT JOIN pg_stat_wal_receiver AS r ON true
        """

    static func decode(_ row: PostgresRow, name: String, region: String) throws -> DatabaseNode {
        // Without it the views have their rows and none of the columns: nothing would seem to stream.
        guard try row.decode("sees_statistics", as: Bool.self) else {
            throw ReadFailure(
                code: "sqlstate-42501", cause: "the role sees nobody's statistics but its own",
                hint: "have a superuser run: GRANT pg_monitor TO "
                    + OrdersOverviewRow.quoted(try row.decode("role", as: String.self)))
        }
        let inRecovery = try row.decode("in_recovery", as: Bool.self)
        var node = DatabaseNode(name: name, region: region, role: inRecovery ? .replica : .primary)
        node.version = Self.shortVersion(try row.decode("version", as: String.self))
        node.systemIdentifier = try row.decode("system_identifier")
        node.timeline = try row.decode("timeline")
        node.startedAt = try row.decode("started_at", as: PostgresTimestamp?.self).map(Timestamp.init)
        node.clock = try row.decode("clock", as: PostgresTimestamp?.self).map(Timestamp.init)
        node.position = try row.decode("position", as: PostgresLSN?.self).map(LogPosition.init)
        node.replayed = try row.decode("replayed", as: PostgresLSN?.self).map(LogPosition.init)
        node.lastReplayedAt = try row.decode("last_replayed_at", as: PostgresTimestamp?.self).map(Timestamp.init)
        node.replayPaused = try row.decode("replay_paused")
        node.synchronousStandbyNames = try row.decode("synchronous_standby_names")
        node.waitingForReplicas = try row.decode("waiting_for_replicas")
        if let status = try row.decode("receiver_status", as: String?.self) {
            let timeline = try row.decode("receiver_timeline", as: Int?.self) ?? 0
            node.receiver = DatabaseNode.Receiver(
                status: status, senderHost: try row.decode("sender_host", as: String?.self) ?? "",
                senderPort: try row.decode("sender_port", as: Int?.self) ?? 0,
                slot: try row.decode("receiver_slot", as: String?.self) ?? "", timeline: timeline,
                silence: try row.decode("receiver_silence", as: Double?.self).map { .seconds($0) })
            // The control file of a replica names the timeline of its last restart point, which may be an older one.
            node.timeline = max(node.timeline, timeline)
        }
        node.replicas = try links(row.decode("links", as: String.self), primary: node.position)
        return node
    }

    private static func links(_ text: String, primary: LogPosition?) throws -> [ReplicaLink] {
        let rows = try JSON.parse(text).array ?? []
        return rows.map { row in
            func position(_ key: String) -> LogPosition? {
                row[key]?.double.map { LogPosition(bytes: UInt64(max(0, $0))) }
            }
            let replayed = position("replayed")
            return ReplicaLink(
                name: row["name"]?.text ?? "", state: row["state"]?.text ?? "", syncState: row["sync"]?.text ?? "",
                sent: position("sent"), written: position("written"), flushed: position("flushed"),
                replayed: replayed, replayLag: row["lag"]?.double.map { .seconds($0) },
                lagBytes: replayed.flatMap { r in primary.map { $0.ahead(of: r) } })
        }
    }

    /// `15.18` of `15.18 (Debian 15.18-0+deb12u1)`.
    private static func shortVersion(_ text: String) -> String {
        String(text.prefix { $0 != " " })
    }
}

extension Timestamp {
    init(_ timestamp: PostgresTimestamp) { self.init(microseconds: timestamp.microseconds) }
}

extension LogPosition {
    init(_ position: PostgresLSN) { self.init(bytes: position.rawValue) }
}
