import PlatformModel
import PostgresClient
import Reactor

/// Reads what agents do from LangGraph's checkpoints: a small look for news every two seconds, and two
/// statements about the few threads that changed or may have.
///
/// The load does not grow with the store. A burst at the start fills the list; from then on at most three
/// statements go out in two seconds, each over a bounded number of rows.
public actor AgentsCollector: Collector {
    public nonisolated let name = "agents"
    public nonisolated let interval = Duration.seconds(2)
    public nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    private let client: PostgresClient
    private let schema: String
    private let abandonedAfter: Duration
    private let loop: EventLoop
    private let patience = Duration.milliseconds(1500)
    /// How long the first reading may go on asking before it tells what it has.
    private let firstPatience = Duration.milliseconds(600)
    private let sums = AgentGraphSums()

    /// Threads a detail statement asks for; rows of each.
    static let batch = 24
    private static let rowsPerThread = 40
    private static let writesPerThread = 120
    private static let blobLimit = 6000
    /// Threads that are remembered.
    private static let memory = 4000

    private var tables: AgentTables?
    private var tablesDue = Deadline.now
    private var tailPage: Int64 = 0
    private var isFirst = true
    private var watchedSince = Timestamp(microseconds: 0)
    private var hotPages: [Int64] = []
    private var walkedTo = ""
    private var walked = 0
    private var walkedAll = false
    private var threadsInAll = 0
    private var walkSize = 100
    private var flavour = AgentStoreFlavour.inline
    private var known: [String: Known] = [:]

    /// What is remembered of a thread.
    private struct Known {
        var seen: String
        var run: AgentRun?
        var rows: [AgentCheckpoint] = []
        var writes: [AgentWrite] = []
        /// When it is looked at again though nothing is known to have changed.
        var due: Deadline
        var looks = 0
    }

    /// - Parameters:
    ///   - client: best connected to a replica; it needs `SELECT` on two tables.
    ///   - schema: where the tables are; empty to find them.
    ///   - abandonedAfter: how long nothing may happen before a run counts as abandoned.
    public init(
        client: PostgresClient, schema: String = "", abandonedAfter: Duration = .seconds(120),
        loop: EventLoop = .shared
    ) {
        self.client = client
        self.schema = schema
        self.abandonedAfter = abandonedAfter
        self.loop = loop
    }

    public func read() async -> [Observation] {
        let attempt = await Reader.attempt { try await self.readAgents() }
        if case .failure = attempt.result { tablesDue = .now }
        return [.agents(attempt)]
    }

    private func readAgents() async throws -> AgentsOverview {
        let deadline = Deadline.after(patience)
        if tables == nil || tablesDue.hasPassed {
            tables = try await AgentTables.find(client, schema: schema, until: deadline)
            tablesDue = .after(.seconds(60))
        }
        guard let tables else { throw ReadFailure(code: "no-agents", cause: "no tables were found") }
        let enough = Deadline.after(isFirst ? firstPatience : .zero)
        if isFirst { watchedSince = Moment.now().wall + (.zero - sums.window) }
        repeat {
            try await discover(tables, until: deadline)
            try await look(tables, until: deadline)
        } while !enough.hasPassed && (!dueThreads(limit: 1).isEmpty || !walkedAll)
        isFirst = false
        forget()
        return overview(tables)
    }

    // MARK: What is new

    private func discover(_ tables: AgentTables, until deadline: Deadline) async throws {
        let since = TimeOrderedID.lowest(at: Moment.now().wall + (.zero - sums.window))
        if tailPage == 0 {
            // Unknown yet how long the table is: the first look only measures it, and begins the walk.
            tailPage = Int64(UInt32.max) - 1
        }
        let discovery = AgentDiscovery(
            tables: tables, since: since, tailPage: tailPage, hotPages: hotPages, after: walkedTo, walk: walkSize)
        let statement = discovery.statement
        let began = Moment.now()
        let rows = try await client.query(statement.sql, statement.parameters, until: deadline)
        let took = Moment.now().since(began)
        var walkedNow = 0
        for row in rows {
            guard let found = try AgentDiscovery.decode(row) else { continue }
            switch found.look {
            case .size: measured(found.page)
            case .recent:
                note(found)
                if found.page < tailPage { hot(found.page) }
            case .walk:
                walkedNow += 1
                walkedTo = max(walkedTo, found.thread)
                if found.newest >= since || found.hasQuestion { note(found) }
            }
        }
        walked += walkedNow
        if walkedNow < walkSize {
            walkedAll = true
            threadsInAll = walked
            (walked, walkedTo) = (0, "")
        }
        // A few milliseconds a look, whatever the machine: the walk's share adapts.
        if took > .milliseconds(8) { walkSize = max(20, walkSize / 2) }
        if took < .milliseconds(3) { walkSize = min(400, walkSize + 20) }
    }

    /// The last pages of the table as it is now; more of them at the start, to have a past.
    private func measured(_ pages: Int64) {
        tailPage = max(0, pages - (isFirst ? 1024 : 128))
    }

    private func hot(_ page: Int64) {
        let first = page - page % AgentDiscovery.hotSpan
        guard hotPages.first != first else { return }
        hotPages = Array(([first] + hotPages.filter { $0 != first }).prefix(AgentDiscovery.hotRanges))
    }

    private func note(_ found: AgentDiscovery.Found) {
        guard !found.newest.isEmpty else { return }
        if var one = known[found.thread] {
            guard found.newest > one.seen else { return }
            one.seen = found.newest
            one.due = .now
            one.looks = 0
            known[found.thread] = one
        } else {
            known[found.thread] = Known(seen: found.newest, due: .now)
        }
    }

    // MARK: What changed

    /// Those never looked at first, the newest of them first; then those that are due again.
    private func dueThreads(limit: Int) -> [String] {
        let due = known.filter { $0.value.due.hasPassed }.sorted {
            let (left, right) = ($0.value.run == nil, $1.value.run == nil)
            return left == right ? $0.value.seen > $1.value.seen : left
        }
        return due.prefix(limit).map(\.key)
    }

    private func look(_ tables: AgentTables, until deadline: Deadline) async throws {
        let threads = dueThreads(limit: Self.batch)
        guard !threads.isEmpty else { return }
        let first = AgentRows.checkpoints(tables, threads: threads, perThread: Self.rowsPerThread)
        let rows = Dictionary(
            grouping: try await client.query(first.sql, first.parameters, until: deadline).map(AgentRows.checkpoint),
            by: \.thread)
        let second = AgentRows.writes(
            tables, threads: rows.map { ($0.key, AgentThread.start($0.value)) }, perThread: Self.writesPerThread,
            blobLimit: Self.blobLimit)
        let writes = Dictionary(
            grouping: try await client.query(second.sql, second.parameters, until: deadline).map(AgentRows.write),
            by: \.thread)
        for thread in threads {
            guard let found = rows[thread], let made = AgentThread(found, writes[thread] ?? []) else {
                // Deleted meanwhile.
                known[thread] = nil
                continue
            }
            take(made, of: thread)
            hot(made.page)
        }
    }

    private func take(_ made: AgentThread, of thread: String) {
        guard var one = known[thread] else { return }
        let run = made.run(now: Moment.now().wall, abandonedAfter: abandonedAfter)
        flavour = made.flavour
        one.run = run
        one.looks += 1
        let pause: Duration? =
            switch run.state {
            // A question or an error is written without a new row.
            case .running: .seconds(2)
            case .failed: one.looks < 10 ? .seconds(5) : .seconds(60)
            case .waiting: .seconds(8)
            case .abandoned: .seconds(30)
            // Before paths nothing tells that more is to come: look once more, then believe it.
            case .done: made.flavour == .withoutPaths && one.looks < 3 ? .seconds(5) : nil
            }
        one.due = pause.map { Deadline.after($0) } ?? .never
        known[thread] = one
    }

    /// Ended runs leave when they leave the window, the oldest first when there are too many.
    private func forget() {
        let oldest = Moment.now().wall + (.zero - sums.window)
        known = known.filter { _, one in one.run.map { !$0.isOver || $0.updatedAt >= oldest } ?? true }
        guard known.count > Self.memory else { return }
        let kept = known.sorted {
            let (left, right) = ($0.value.run?.isOver ?? false, $1.value.run?.isOver ?? false)
            return left == right ? $0.value.seen > $1.value.seen : !left
        }.prefix(Self.memory)
        known = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) })
    }

    private func overview(_ tables: AgentTables) -> AgentsOverview {
        let now = Moment.now().wall
        let all = known.values.compactMap(\.run)
        let listed = all.sorted {
            $0.isOver == $1.isOver ? ($0.startedAt, $0.thread) > ($1.startedAt, $1.thread) : !$0.isOver
        }.prefix(AgentsOverview.runLimit).sorted { ($0.startedAt, $0.thread) > ($1.startedAt, $1.thread) }
        let coverage = walkedAll ? 1 : threadsInAll > 0 ? Double(walked) / Double(threadsInAll) : 0
        return AgentsOverview(
            runs: listed, graphs: sums.graphs(all, now: now, watchedSince: watchedSince), flavour: flavour,
            schema: tables.schema, window: sums.window, coverage: coverage)
    }
}
