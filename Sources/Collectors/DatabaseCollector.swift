import PlatformModel
import PostgresClient
import Reactor

/// Reads one PostgreSQL server: replication every second, everything else every few seconds.
///
/// Two statements, whatever the server's role; each is one row, so that a console costs it little more than
/// one statement a second.
public actor DatabaseCollector: Collector {
    public nonisolated let name: String
    public nonisolated let interval = Duration.seconds(1)
    public nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    private let node: String
    private let region: String
    private let client: PostgresClient
    private let loop: EventLoop
    private let slowInterval = Duration.seconds(5)
    private let patience = Duration.milliseconds(1500)
    private var slow: DatabaseActivityRow?
    private var slowDue = Deadline.now
    private var rate = RateMeter()

    public init(node: String, region: String, client: PostgresClient, loop: EventLoop = .shared) {
        self.node = node
        self.region = region
        self.client = client
        self.loop = loop
        name = "database \(node)"
    }

    /// Role and positions alone: a session's first statements are dear to the server, which looks up every name.
    public func glance() async -> [Observation]? { await read(all: false) }

    public func read() async -> [Observation] { await read(all: true) }

    private func read(all: Bool) async -> [Observation] {
        let attempt = await Reader.attempt { try await self.readNode(all: all) }
        if case .failure = attempt.result { slowDue = .now }
        return [.database(name: node, attempt)]
    }

    private func readNode(all: Bool) async throws -> DatabaseNode {
        let deadline = Deadline.after(patience)
        let wantsSlow = all && slowDue.hasPassed
        var statements = [PostgresStatement(ReplicationRow.sql, isPrepared: true)]
        if wantsSlow { statements.append(PostgresStatement(DatabaseActivityRow.sql, isPrepared: true)) }
        let results = try await client.pipeline(statements, until: deadline)
        guard let first = try results.first?.get().first else { throw Self.empty }
        var value = try ReplicationRow.decode(first, name: node, region: region)
        if wantsSlow, let row = try results.last?.get().first {
            var read = try DatabaseActivityRow.decode(row)
            read.activity.transactionsPerSecond = rate.add(Double(read.activity.transactions), at: Moment.now())
            slow = read
            slowDue = .after(slowInterval)
        }
        if let slow {
            value.activity = slow.activity
            value.slots = slow.slots
            value.archiver = slow.archiver
        }
        return value
    }

    private static let empty = ReadFailure(code: "protocol", cause: "the server answered with no row")
}

/// Turns a counter into a rate; the first sample and a counter that went back give nothing.
struct RateMeter: Sendable {
    private var last: (value: Double, at: Moment)?

    mutating func add(_ value: Double, at now: Moment) -> Double? {
        defer { last = (value, now) }
        guard let last, value >= last.value else { return nil }
        let seconds = now.since(last.at).seconds
        return seconds > 0 ? (value - last.value) / seconds : nil
    }
}
