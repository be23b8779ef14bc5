import PlatformModel
import PostgresClient

/// Finds threads with something new in a store that has no index on time, in one small statement.
///
/// Three looks: at the last pages of the table, where new rows go; at pages where new rows were seen last, for
/// a store that fills the gaps of deleted ones; and at the next threads in the order of the primary key, which
/// passes every thread in time and finds old runs that still wait. With an index on the id one look does.
struct AgentDiscovery: Sendable {
    var tables: AgentTables
    /// Ids of this one and later are new enough to be of interest.
    var since: String
    /// The first of the last pages to look at.
    var tailPage: Int64
    /// First pages of short ranges.
    var hotPages: [Int64]
    /// The walk over all threads goes on after this one.
    var after: String
    var walk: Int

    /// Pages in a hot range.
    static let hotSpan: Int64 = 8
    static let hotRanges = 3
    /// Threads that one look gives at most, newest first.
    static let limit = 400

    struct Found: Sendable, Hashable {
        enum Look: String, Sendable { case size, recent, walk }
        let look: Look
        let thread: String
        /// The newest checkpoint that was seen of it.
        let newest: String
        /// It has an unanswered question, or one that was just answered.
        let hasQuestion: Bool
        /// The page of that checkpoint, or the pages of the table.
        let page: Int64
    }

    var statement: PostgresStatement {
        let table = tables.checkpoints
        var parameters: [PostgresValue] = [.text(since), .text(after), .int(walk)]
        var parts = [
            """
            SELECT 'size' AS look, '' AS thread_id, '' AS newest, false AS question,
                   pg_relation_size('\(table.replacing("'", with: "''"))'::regclass)
                       / current_setting('block_size')::int8 AS page
            """
        ]
        if tables.hasTimeIndex {
            parts.append(
                Self.recent(
                    "(SELECT thread_id, checkpoint_id, ctid FROM \(table) WHERE checkpoint_id >= $1"
                        + " ORDER BY checkpoint_id DESC LIMIT 2000)"))
        } else if tables.readsPages {
            var ranges = [(tailPage, Int64(UInt32.max))]
            ranges += hotPages.prefix(Self.hotRanges).map { ($0, $0 + Self.hotSpan) }
            for (first, end) in ranges {
                parameters += [.text("(\(first),0)"), .text("(\(end),0)")]
                let count = parameters.count
                parts.append(
                    Self.recent(
                        "(SELECT thread_id, checkpoint_id, ctid FROM \(table) WHERE ctid >= $\(count - 1)::tid"
                            + " AND ctid < $\(count)::tid AND checkpoint_id >= $1)"))
            }
        }
        parts.append(walkPart)
        return PostgresStatement(parts.map { "(\($0))" }.joined(separator: "\nUNION ALL\n"), parameters)
    }

    private static func recent(_ rows: String) -> String {
        """
        SELECT 'recent', thread_id, max(checkpoint_id), false, max((ctid::text::point)[0])::int8
          FROM \(rows) AS r GROUP BY thread_id ORDER BY max(checkpoint_id) DESC LIMIT \(limit)
        """
    }

    /// A loose index scan: each step goes down the primary key to the next thread, then to its newest checkpoint.
    private var walkPart: String {
        """
        WITH RECURSIVE threads AS (
            (SELECT thread_id FROM \(tables.checkpoints) WHERE thread_id > $2 ORDER BY thread_id LIMIT 1)
            UNION ALL
            SELECT (SELECT c.thread_id FROM \(tables.checkpoints) AS c WHERE c.thread_id > threads.thread_id
                     ORDER BY c.thread_id LIMIT 1)
              FROM threads WHERE threads.thread_id IS NOT NULL)
        SELECT 'walk', t.thread_id, coalesce(n.checkpoint_id, ''),
               EXISTS (SELECT FROM \(tables.writes) AS w WHERE w.thread_id = t.thread_id AND w.checkpoint_ns = ''
                          AND w.checkpoint_id = n.checkpoint_id AND w.channel = '__interrupt__'), 0::int8
          FROM (SELECT thread_id FROM threads WHERE thread_id IS NOT NULL LIMIT $3) AS t
          LEFT JOIN LATERAL (SELECT c.checkpoint_id FROM \(tables.checkpoints) AS c
                              WHERE c.thread_id = t.thread_id AND c.checkpoint_ns = ''
                              ORDER BY c.checkpoint_id DESC LIMIT 1) AS n ON true
        """
    }

    static func decode(_ row: PostgresRow) throws -> Found? {
        guard let look = Found.Look(rawValue: try row.decode("look")) else { return nil }
        return Found(
            look: look, thread: try row.decode("thread_id"), newest: try row.decode("newest"),
            hasQuestion: try row.decode("question"), page: try row.decode("page"))
    }
}
