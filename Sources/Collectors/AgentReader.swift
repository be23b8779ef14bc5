import PlatformModel
import PostgresClient
import Reactor

/// Reads one thread of an agent in full, for details: its newest run with every step that the rows tell.
public struct AgentReader: Sendable {
    private let client: PostgresClient
    private let schema: String
    private let abandonedAfter: Duration

    private static let rows = 300
    private static let writes = 1500
    private static let blobLimit = 32 << 10

    /// - Parameter schema: where the tables are; empty to find them.
    public init(client: PostgresClient, schema: String = "", abandonedAfter: Duration = .seconds(120)) {
        self.client = client
        self.schema = schema
        self.abandonedAfter = abandonedAfter
    }

    /// nil when there is no thread of that name.
    public func details(thread: String, until deadline: Deadline) async throws(ReadFailure) -> AgentRunDetails? {
        do {
            let tables = try await AgentTables.find(client, schema: schema, until: deadline)
            let first = AgentRows.checkpoints(
                tables, threads: [thread], perThread: Self.rows, withSubgraphs: true)
            var rows = try await client.query(first.sql, first.parameters, until: deadline).map(AgentRows.checkpoint)
            // The newest row of all may be a subgraph's; what is told of a run stands in its own newest row.
            let second = AgentRows.checkpoints(tables, threads: [thread], perThread: 1)
            let own = try await client.query(second.sql, second.parameters, until: deadline).map(AgentRows.checkpoint)
            rows = rows.filter { row in !own.contains { $0.id == row.id && row.namespace.isEmpty } } + own
            let start = AgentThread.start(rows)
            let third = AgentRows.writes(
                tables, threads: [(thread, start)], perThread: Self.writes, blobLimit: Self.blobLimit)
            let writes = try await client.query(third.sql, third.parameters, until: deadline).map(AgentRows.write)
            guard let made = AgentThread(rows, writes) else { return nil }
            let run = made.run(now: Moment.now().wall, abandonedAfter: abandonedAfter)
            return AgentRunDetails(run: run, steps: made.steps(run), isCut: made.isCut)
        } catch {
            throw ReadFailure(error)
        }
    }
}
