import PlatformModel
import PostgresClient
import Reactor

/// Where LangGraph's checkpoint tables are, and which generation of them: found by looking, not by configuration.
struct AgentTables: Sendable, Hashable {
    let schema: String
    /// Writes tell which node they are of (0.3 and later).
    let hasPaths: Bool
    /// Somebody made an index that begins with the checkpoint's id: new runs need no search then.
    let hasTimeIndex: Bool
    /// Whether a range of pages can be read by itself (PostgreSQL 14).
    let readsPages: Bool
    let mayRead: Bool

    /// One row a schema that has the tables; the fullest first, should there be several.
    static let sql = """
        SELECT n.nspname AS schema,
               EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = w.oid AND a.attname = 'task_path'
                          AND NOT a.attisdropped) AS has_paths,
               EXISTS (SELECT FROM pg_index AS i JOIN pg_attribute AS a ON a.attrelid = c.oid
                          AND a.attnum = i.indkey[0]
                        WHERE i.indrelid = c.oid AND i.indisvalid AND i.indpred IS NULL
                          AND a.attname = 'checkpoint_id') AS has_time_index,
               current_setting('server_version_num')::int >= 140000 AS reads_pages,
               has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')
                   AND has_table_privilege(w.oid, 'SELECT') AS may_read
          FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
          JOIN pg_class AS w ON w.relnamespace = n.oid AND w.relname = 'checkpoint_writes' AND w.relkind IN ('r', 'p')
         WHERE c.relname = 'checkpoints' AND c.relkind IN ('r', 'p')
         ORDER BY c.reltuples DESC, n.nspname
        """

    static func decode(_ row: PostgresRow) throws -> AgentTables {
        AgentTables(
            schema: try row.decode("schema"), hasPaths: try row.decode("has_paths"),
            hasTimeIndex: try row.decode("has_time_index"), readsPages: try row.decode("reads_pages"),
            mayRead: try row.decode("may_read"))
    }

    var checkpoints: String { OrdersOverviewRow.quoted(schema) + ".checkpoints" }
    var writes: String { OrdersOverviewRow.quoted(schema) + ".checkpoint_writes" }

    /// Finds the tables; the wanted schema, or with an empty one the first that can be read.
    static func find(
        _ client: PostgresClient, schema: String, until deadline: Deadline
    ) async throws -> AgentTables {
        let all = try await client.query(sql, until: deadline).map { try decode($0) }
        let there = schema.isEmpty ? all : all.filter { $0.schema == schema }
        guard let first = there.first(where: \.mayRead) ?? there.first else {
            throw ReadFailure(
                code: "no-agents",
                cause: schema.isEmpty
                    ? "the database has no tables of LangGraph's checkpointer"
                    : "the schema \(schema) has no tables of LangGraph's checkpointer",
                hint: "they appear when the platform's agents have started once")
        }
        guard first.mayRead else {
            let role = client.configuration.user
            throw ReadFailure(
                code: "sqlstate-42501", cause: "\(role) may not read \(first.schema).checkpoints",
                hint: "GRANT USAGE ON SCHEMA \(first.schema) TO \(role); GRANT SELECT ON \(first.schema).checkpoints, "
                    + "\(first.schema).checkpoint_writes TO \(role)")
        }
        return first
    }
}
