import PlatformModel
import PostgresClient

/// The slow half of a database reading: sessions, statistics, slots and archiver in one row.
///
/// Sources: `pg_stat_activity`, `pg_stat_database`, `pg_replication_slots`, `pg_stat_archiver`. Sessions of other
/// roles need `pg_monitor`. Blockers are asked for only where a session waits for a lock: `pg_blocking_pids` is dear.
struct DatabaseActivityRow: Sendable {
    var activity: DatabaseNode.Activity
    var slots: [ReplicationSlot]
    var archiver: DatabaseNode.Archiver?

    static let sql = """
        WITH clients AS MATERIALIZED (
               SELECT pid, usename, application_name, state, wait_event_type, wait_event, query,
                      extract(epoch FROM clock_timestamp() - query_start)::float8 AS query_age,
                      extract(epoch FROM clock_timestamp() - xact_start)::float8 AS xact_age
                 FROM pg_stat_activity
                WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()),
             notable AS (
               SELECT *, CASE WHEN wait_event_type = 'Lock' THEN pg_blocking_pids(pid) ELSE '{}' END AS blockers
                 FROM clients
                WHERE wait_event_type = 'Lock' OR (state = 'active' AND query_age > 1)
                   OR (state LIKE 'idle in transaction%' AND xact_age > 1)
                ORDER BY xact_age DESC NULLS LAST LIMIT 50)
        SELECT (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections,
               current_setting('max_connections')::int AS maximum_connections,
               (SELECT count(*)::int FROM clients WHERE state = 'active') AS active,
               (SELECT count(*)::int FROM clients WHERE state LIKE 'idle in transaction%') AS idle_in_transaction,
               (SELECT count(*)::int FROM clients WHERE wait_event_type = 'Lock') AS blocked,
               (SELECT max(query_age) FROM clients WHERE state = 'active') AS longest_query,
               (SELECT max(xact_age) FROM clients) AS longest_transaction,
               (SELECT sum(xact_commit + xact_rollback)::int8 FROM pg_stat_database) AS transactions,
               (SELECT sum(blks_hit)::float8 / nullif(sum(blks_hit) + sum(blks_read), 0) FROM pg_stat_database)
                   AS cache_hit_share,
               (SELECT sum(deadlocks)::int8 FROM pg_stat_database) AS deadlocks,
               pg_database_size(current_database()) AS database_bytes,
               (SELECT coalesce(json_agg(json_build_object(
                           'pid', pid, 'user', usename, 'application', application_name, 'state', state,
                           'wait', concat_ws(' ', wait_event_type, wait_event), 'age', coalesce(query_age, xact_age),
                           'blockers', blockers, 'query', left(query, 400))), '[]') FROM notable) AS sessions,
               (SELECT coalesce(json_agg(json_build_object(
                           'name', slot_name, 'active', active, 'status', wal_status,
                           'retained', CASE WHEN pg_is_in_recovery() THEN NULL
                               ELSE pg_current_wal_lsn() - restart_lsn END) ORDER BY slot_name), '[]')
                  FROM pg_replication_slots) AS slots,
               (SELECT json_build_object(
                           'archived', archived_count, 'failed', failed_count,
                           'archived_at', (extract(epoch FROM last_archived_time) * 1000000)::int8,
                           'failed_at', (extract(epoch FROM last_failed_time) * 1000000)::int8,
                           'last_archived', last_archived_wal, 'last_failed', last_failed_wal)
                  FROM pg_stat_archiver
                 WHERE current_setting('archive_mode') <> 'off'
                   AND (current_setting('archive_mode') = 'always' OR NOT pg_is_in_recovery())) AS archiver
        """

    static func decode(_ row: PostgresRow) throws -> DatabaseActivityRow {
        var activity = DatabaseNode.Activity()
        activity.connections = try row.decode("connections")
        activity.maximumConnections = try row.decode("maximum_connections")
        activity.active = try row.decode("active")
        activity.idleInTransaction = try row.decode("idle_in_transaction")
        activity.blocked = try row.decode("blocked")
        activity.longestQuery = try row.decode("longest_query", as: Double?.self).map { .seconds($0) }
        activity.longestTransaction = try row.decode("longest_transaction", as: Double?.self).map { .seconds($0) }
        activity.transactions = try row.decode("transactions", as: Int64?.self) ?? 0
        activity.cacheHitShare = try row.decode("cache_hit_share", as: Double?.self)
        activity.deadlocks = try row.decode("deadlocks", as: Int64?.self) ?? 0
        activity.databaseBytes = try row.decode("database_bytes", as: Int64?.self)
        activity.sessions = try sessions(row.decode("sessions", as: String.self))
        return DatabaseActivityRow(
            activity: activity, slots: try slots(row.decode("slots", as: String.self)),
            archiver: try row.decode("archiver", as: String?.self).map(archiver))
    }

    private static func sessions(_ text: String) throws -> [Session] {
        (try JSON.parse(text).array ?? []).map { row in
            Session(
                pid: row["pid"]?.int ?? 0, user: row["user"]?.text ?? "", application: row["application"]?.text ?? "",
                state: row["state"]?.text ?? "", wait: row["wait"]?.text ?? "",
                age: row["age"]?.double.map { .seconds($0) },
                blockedBy: (row["blockers"]?.array ?? []).compactMap(\.int), query: row["query"]?.text ?? "")
        }
    }

    private static func slots(_ text: String) throws -> [ReplicationSlot] {
        (try JSON.parse(text).array ?? []).map { row in
            ReplicationSlot(
                name: row["name"]?.text ?? "", isActive: row["active"]?.bool ?? false,
                walStatus: row["status"]?.text ?? "", retainedBytes: row["retained"]?.double.map { Int64($0) })
        }
    }

    private static func archiver(_ text: String) throws -> DatabaseNode.Archiver {
        let row = try JSON.parse(text)
        func time(_ key: String) -> Timestamp? {
            row[key]?.int.map { Timestamp(microseconds: Int64($0)) }
        }
        return DatabaseNode.Archiver(
            archivedCount: Int64(row["archived"]?.int ?? 0), failedCount: Int64(row["failed"]?.int ?? 0),
            lastArchivedAt: time("archived_at"), lastFailedAt: time("failed_at"),
            lastArchived: row["last_archived"]?.text ?? "", lastFailed: row["last_failed"]?.text ?? "")
    }
}
