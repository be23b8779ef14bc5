import PlatformModel
import PostgresClient

/// A row of `checkpoints`, without the state in it.
struct AgentCheckpoint: Sendable, Hashable {
    let thread: String
    /// Empty for the graph itself, `node:task` for a subgraph, nested with `|`.
    let namespace: String
    let id: String
    let parent: String
    let source: String
    let step: Int
    /// The nodes of the step where the metadata tells them (0.2 to 0.5).
    let writers: [String]
    /// Nodes that the row itself says come next (0.6 and later); of the newest row only.
    let triggered: [String]
    /// LangGraph's version of the row's format; 0 where it was not asked for.
    let version: Int
    /// What the platform stored beside; of the newest row only.
    let graph: String
    let order: String
    let queue: String
    let job: String
    /// The page that the row is in.
    let page: Int64
}

/// A row of `checkpoint_writes`: what a task wrote on top of a checkpoint.
struct AgentWrite: Sendable, Hashable {
    let thread: String
    let namespace: String
    let checkpoint: String
    let task: String
    let index: Int
    let channel: String
    let type: String
    let path: String
    /// The beginning of the value, where it was asked for.
    let blob: [UInt8]?

    /// The value as plain data; nil for what is not shown: pickled, encrypted, unknown.
    var value: JSON? {
        guard let blob else { return nil }
        switch type {
        case "msgpack": return MessagePack.read(blob)
        case "json": return try? JSON.parse(blob)
        case "null": return .null
        default: return nil
        }
    }
}

/// The two statements that read some threads: their checkpoints, then what was written on top of them.
enum AgentRows {
    /// What a platform may call the keys in its metadata, the likeliest first.
    static let graphKeys = ["graph", "graph_id", "graph_name", "agent", "agent_name", "assistant_id"]
    static let orderKeys = ["order_id", "orderId", "order"]
    static let queueKeys = ["queue"]
    static let jobKeys = ["job_id", "jobId", "job"]

    /// - Parameters:
    ///   - perThread: the newest so many rows of each thread.
    ///   - withSubgraphs: rows of subgraphs too.
    static func checkpoints(
        _ tables: AgentTables, threads: [String], perThread: Int, withSubgraphs: Bool = false
    ) -> PostgresStatement {
        func first(_ keys: [String]) -> String {
            "CASE WHEN rank = 1 THEN left(coalesce(\(keys.map { "metadata->>'\($0)'" }.joined(separator: ", ")), ''), 200) END"
        }
        return PostgresStatement(
            """
            SELECT t.thread_id, c.checkpoint_ns, c.checkpoint_id, coalesce(c.parent_checkpoint_id, '') AS parent,
                   coalesce(metadata->>'source', '') AS source, coalesce(metadata->>'step', '') AS step,
                   CASE WHEN jsonb_typeof(metadata->'writes') = 'object'
                        THEN ARRAY(SELECT left(k, 100) FROM jsonb_object_keys(metadata->'writes') AS k LIMIT 20) END
                       AS writers,
                   CASE WHEN rank = 1 AND jsonb_typeof(checkpoint->'channel_values') = 'object'
                        THEN ARRAY(SELECT left(k, 100) FROM jsonb_object_keys(checkpoint->'channel_values') AS k
                                    WHERE k LIKE 'branch:to:%' LIMIT 20) END AS triggered,
                   CASE WHEN rank = 1 THEN coalesce(checkpoint->>'v', '0') END AS version,
                   \(first(graphKeys)) AS graph, \(first(orderKeys)) AS order_id, \(first(queueKeys)) AS queue,
                   \(first(jobKeys)) AS job, (c.place::text::point)[0]::int8 AS page
              FROM unnest($1::text[]) AS t(thread_id)
             CROSS JOIN LATERAL (
                   SELECT *, ctid AS place, row_number() OVER (ORDER BY checkpoint_id DESC) AS rank
                     FROM \(tables.checkpoints)
                    WHERE thread_id = t.thread_id \(withSubgraphs ? "" : "AND checkpoint_ns = ''")
                    ORDER BY checkpoint_id DESC LIMIT $2) AS c
            """, [.textArray(threads), .int(perThread)])
    }

    static func checkpoint(_ row: PostgresRow) throws -> AgentCheckpoint {
        AgentCheckpoint(
            thread: try row.decode("thread_id"), namespace: try row.decode("checkpoint_ns"),
            id: try row.decode("checkpoint_id"), parent: try row.decode("parent"), source: try row.decode("source"),
            step: Int(try row.decode("step", as: String.self)) ?? 0,
            writers: try row.decode("writers", as: [String]?.self) ?? [],
            triggered: (try row.decode("triggered", as: [String]?.self) ?? []).map {
                String($0.dropFirst("branch:to:".count))
            },
            version: Int(try row.decode("version", as: String?.self) ?? "") ?? 0,
            graph: try row.decode("graph", as: String?.self) ?? "",
            order: try row.decode("order_id", as: String?.self) ?? "",
            queue: try row.decode("queue", as: String?.self) ?? "", job: try row.decode("job", as: String?.self) ?? "",
            page: try row.decode("page"))
    }

    /// - Parameters:
    ///   - threads: each with the checkpoint from which on its writes are wanted.
    ///   - blobLimit: bytes of a value at most; only values that tell something are read.
    static func writes(
        _ tables: AgentTables, threads: [(thread: String, start: String)], perThread: Int, blobLimit: Int
    ) -> PostgresStatement {
        PostgresStatement(
            """
            SELECT t.thread_id, w.checkpoint_ns, w.checkpoint_id, w.task_id, w.idx, w.channel,
                   coalesce(w.type, '') AS type, \(tables.hasPaths ? "w.task_path" : "''::text") AS task_path,
                   CASE WHEN w.idx < 0 OR w.channel IN ('__pregel_tasks', '__interrupt__', '__error__', '__resume__')
                             OR octet_length(w.blob) < 65536 AND position('\\x746f6f6c5f63616c6c'::bytea IN w.blob) > 0
                        THEN substring(w.blob FROM 1 FOR $3) END AS blob
              FROM unnest($1::text[], $2::text[]) AS t(thread_id, start)
             CROSS JOIN LATERAL (
                   SELECT * FROM \(tables.writes)
                    WHERE thread_id = t.thread_id AND checkpoint_id >= t.start
                    ORDER BY checkpoint_id DESC LIMIT $4) AS w
            """,
            [
                .textArray(threads.map(\.thread)), .textArray(threads.map(\.start)), .int(blobLimit), .int(perThread),
            ])
    }

    static func write(_ row: PostgresRow) throws -> AgentWrite {
        AgentWrite(
            thread: try row.decode("thread_id"), namespace: try row.decode("checkpoint_ns"),
            checkpoint: try row.decode("checkpoint_id"), task: try row.decode("task_id"), index: try row.decode("idx"),
            channel: try row.decode("channel"), type: try row.decode("type"), path: try row.decode("task_path"),
            blob: try row.decode("blob", as: [UInt8]?.self))
    }
}
