import PlatformModel
import Reactor
import RedisClient

/// Reads every queue of Bull and BullMQ in a few round trips, and finds new ones by itself.
public actor QueuesCollector: Collector {
    public nonisolated let name = "queues"
    public nonisolated let interval = Duration.milliseconds(500)
    public nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    private let client: RedisClient
    private let prefix: String
    private let configured: [String]
    private let loop: EventLoop
    private let patience = Duration.milliseconds(1500)
    private let discoverEvery = Duration.seconds(15)
    private let workersEvery = Duration.seconds(3)

    private var queues: [QueueKeys] = []
    private var histories: [QueueKeys: QueueHistory] = [:]
    private var discoverDue = Deadline.now
    private var workers: [QueueKeys: Int]?
    private var workersDue = Deadline.now
    private var worksWithoutClientList = false

    /// - Parameters:
    ///   - prefix: Bull's key prefix, `bull` unless the platform chose another.
    ///   - queues: the names to read; empty to discover them.
    public init(client: RedisClient, prefix: String = "bull", queues: [String] = [], loop: EventLoop = .shared) {
        self.client = client
        self.prefix = prefix
        configured = queues
        self.loop = loop
    }

    public func read() async -> [Observation] {
        let attempt = await Reader.attempt { try await self.readQueues() }
        if case .failure = attempt.result {
            discoverDue = .now
            workersDue = .now
        }
        return [.queues(attempt)]
    }

    private func readQueues() async throws -> [Queue] {
        let deadline = Deadline.after(patience)
        if discoverDue.hasPassed { try await discover(until: deadline) }
        if workersDue.hasPassed { await countWorkers(until: deadline) }
        // Without a queue nothing else would ask the server, and a dead one would look like one without work.
        if queues.isEmpty { _ = try await client.send(RedisCommand("PING"), until: deadline) }
        let now = Moment.now()
        let milliseconds = now.wall.microseconds / 1000
        let counters = queues.map { QueueCounts(keys: $0, flavour: histories[$0]?.flavour ?? .unknown) }
        let replies = try await values(counters.flatMap { $0.commands(nowMilliseconds: milliseconds) }, deadline)
        let answers = counters.enumerated().map { index, counter in
            counter.answer(Array(replies[index * QueueCounts.commandCount..<(index + 1) * QueueCounts.commandCount]))
        }
        let since = try await waitingSince(counters, answers, deadline)
        let unlocked = try await withoutLock(counters, answers, deadline)
        var read: [Queue] = []
        for (index, counter) in counters.enumerated() {
            guard let answer = answers[index] else { continue }
            let keys = counter.keys
            read.append(
                histories[keys, default: QueueHistory()].queue(
                    name: keys.name, answer: answer, oldest: since[index], unlocked: unlocked[index],
                    workers: workers.map { $0[keys] ?? 0 }, at: now))
        }
        return read
    }

    // MARK: Discovery

    private func discover(until deadline: Deadline) async throws {
        var found = Set(configured.map { QueueKeys(prefix: prefix, name: $0) })
        if configured.isEmpty {
            for suffix in ["meta", "id"] {
                let matches = await client.scan(match: "\(prefix):*:\(suffix)", count: 1000, until: deadline)
                for try await key in matches {
                    if let keys = QueueKeys.parse(key, prefix: prefix, suffix: suffix) { found.insert(keys) }
                }
            }
        }
        queues = found.sorted { $0.name < $1.name }
        histories = histories.filter { found.contains($0.key) }
        let probes = queues.map(QueueFlavourProbe.init)
        let replies = try await values(probes.flatMap(\.commands), deadline)
        let count = QueueFlavourProbe.commandCount
        for (index, keys) in queues.enumerated() {
            let flavour = QueueFlavourProbe.flavour(Array(replies[index * count..<(index + 1) * count]))
            histories[keys, default: QueueHistory()].flavour = flavour
        }
        // A new platform makes its queues with its first jobs.
        discoverDue = .after(queues.isEmpty ? .seconds(2) : discoverEvery)
    }

    // MARK: Workers

    private func countWorkers(until deadline: Deadline) async {
        workersDue = .after(workersEvery)
        guard !worksWithoutClientList else { return }
        do {
            let list = try await client.send(RedisCommand("CLIENT", "LIST"), until: deadline)
            workers = QueueWorkers.count(in: list.text ?? "", queues: queues)
        } catch {
            // A provider may refuse the command: then workers are simply not told.
            workers = nil
            worksWithoutClientList = ["no-permission", "unknown-command", "reply-error"].contains(error.code)
        }
    }

    // MARK: Second looks

    /// The oldest of the next jobs of each queue, as ms since 1970.
    private func waitingSince(
        _ counters: [QueueCounts], _ answers: [QueueCounts.Answer?], _ deadline: Deadline
    ) async throws -> [Int64?] {
        let plans = zip(counters, answers).map { counter, answer in (answer?.next ?? []).map(counter.ageCommand) }
        let replies = try await values(plans.flatMap(\.self), deadline)
        var offset = 0
        return plans.map { plan in
            defer { offset += plan.count }
            return replies[offset..<offset + plan.count].compactMap(QueueCounts.waitingSince).min()
        }
    }

    /// The active jobs of each queue whose worker's lock is gone.
    private func withoutLock(
        _ counters: [QueueCounts], _ answers: [QueueCounts.Answer?], _ deadline: Deadline
    ) async throws -> [Set<String>] {
        let plans = zip(counters, answers).map { counter, answer in
            (answer?.active ?? []).map { ($0, RedisCommand("EXISTS", counter.keys.key("\($0):lock"))) }
        }
        let replies = try await values(plans.flatMap { $0.map(\.1) }, deadline)
        var offset = 0
        return plans.map { plan in
            defer { offset += plan.count }
            return Set(zip(plan, replies[offset..<offset + plan.count]).compactMap { $1.int == 0 ? $0.0 : nil })
        }
    }

    /// One round trip; a command that fails (a key of another type) counts as absent.
    private func values(_ commands: [RedisCommand], _ deadline: Deadline) async throws -> [RedisValue] {
        guard !commands.isEmpty else { return [] }
        return try await client.pipeline(commands, until: deadline).map { (try? $0.get()) ?? .null }
    }
}
