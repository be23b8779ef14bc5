import PlatformModel
import Reactor
import RedisClient

/// Reads every queue of Bull and BullMQ in a few round trips, and finds new ones by itself.
///
/// What it costs the server is bounded: no command looks at more than a few hundred entries, ages and locks are
/// looked at every few seconds only, and of very many queues each reading brings some, in turn.
public actor QueuesCollector: Collector {
    public nonisolated let name = "queues"
    public nonisolated let interval = Duration.milliseconds(500)
    public nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    private let redis: RedisDeployment
    private let configured: [QueueKeys]
    private let loop: EventLoop
    private let patience = Duration.milliseconds(1500)

    private var discovery: QueueDiscovery
    private var histories: [QueueKeys: QueueHistory] = [:]
    private var newest: [QueueKeys: Queue] = [:]
    private var turn = 0
    private var flavoursDue = Deadline.now
    private var locksDue = Deadline.now
    private var workers: [QueueKeys: Int]?
    private var workersDue = Deadline.now
    private var worksWithoutClientList = false

    private static let flavoursEvery = Duration.seconds(15)
    private static let locksEvery = Duration.milliseconds(2500)
    private static let workersEvery = Duration.seconds(3)
    /// Queues of one reading, once all of them were read: 2,000 commands or so.
    private static let mostAtOnce = 100

    /// - Parameters:
    ///   - prefix: Bull's key prefix, `bull` unless the platform chose another; with its hash tag.
    ///   - queues: the names to read; empty to discover them.
    public init(redis: RedisDeployment, prefix: String = "bull", queues: [String] = [], loop: EventLoop = .shared) {
        self.redis = redis
        configured = queues.map { QueueKeys(prefix: prefix, name: $0) }
        discovery = QueueDiscovery(prefix: prefix)
        self.loop = loop
    }

    public init(client: RedisClient, prefix: String = "bull", queues: [String] = [], loop: EventLoop = .shared) {
        self.init(redis: .server(client), prefix: prefix, queues: queues, loop: loop)
    }

    public func read() async -> [Observation] {
        let attempt = await Reader.attempt { try await self.readQueues() }
        if case .failure = attempt.result {
            discovery.restart()
            flavoursDue = .now
            workersDue = .now
        }
        return [.queues(attempt)]
    }

    private func readQueues() async throws -> [Queue] {
        let deadline = Deadline.after(patience)
        let queues = try await knownQueues(until: deadline)
        // Without a queue nothing else would ask the server, and a dead one would look like one without work.
        if queues.isEmpty { _ = try await redis.send(RedisCommand("PING"), until: deadline) }
        if flavoursDue.hasPassed || queues.contains(where: { histories[$0] == nil }) {
            try await probe(queues, until: deadline)
        }
        if workersDue.hasPassed { await countWorkers(of: queues, until: deadline) }
        let now = Moment.now()
        let answers = try await counts(of: chosen(queues), at: now, until: deadline)
        try await readAges(answers, at: now, until: deadline)
        let unlocked = locksDue.hasPassed ? try await withoutLock(answers, until: deadline) : nil
        for (keys, answer) in answers {
            newest[keys] = histories[keys, default: QueueHistory()].queue(
                name: keys.name, answer: answer, unlocked: unlocked.map { $0[keys] ?? [] },
                workers: workers.map { $0[keys] ?? 0 }, at: now)
        }
        return queues.compactMap { newest[$0] }
    }

    // MARK: Which queues

    private func knownQueues(until deadline: Deadline) async throws -> [QueueKeys] {
        var found = Set(configured)
        if configured.isEmpty {
            // A copy, because another call may not see it half-way.
            var discovery = discovery
            try await discovery.proceed(redis, until: deadline)
            self.discovery = discovery
            found = discovery.queues
        }
        histories = histories.filter { found.contains($0.key) }
        newest = newest.filter { found.contains($0.key) }
        return found.sorted { $0.name < $1.name }
    }

    /// All that were never read; else all, or of very many the next ones in turn.
    private func chosen(_ queues: [QueueKeys]) -> [QueueKeys] {
        let unread = queues.filter { newest[$0] == nil }
        if !unread.isEmpty, queues.count > Self.mostAtOnce { return unread }
        guard queues.count > Self.mostAtOnce else { return queues }
        defer { turn = (turn + Self.mostAtOnce) % queues.count }
        return (0..<Self.mostAtOnce).map { queues[(turn + $0) % queues.count] }
    }

    private func probe(_ queues: [QueueKeys], until deadline: Deadline) async throws {
        let probes = queues.map(QueueFlavourProbe.init)
        let replies = try await values(probes.flatMap(\.commands), deadline)
        let count = QueueFlavourProbe.commandCount
        let own = probes.indices.map { Array(replies[$0 * count..<($0 + 1) * count]) }
        let newest = try await values(zip(probes, own).map { $0.jobCommand($1) }, deadline)
        for (index, keys) in queues.enumerated() {
            let flavour = QueueFlavourProbe.flavour(own[index], job: newest[index])
            histories[keys, default: QueueHistory()].flavour = flavour
        }
        flavoursDue = .after(Self.flavoursEvery)
    }

    // MARK: Workers

    private func countWorkers(of queues: [QueueKeys], until deadline: Deadline) async {
        workersDue = .after(Self.workersEvery)
        guard !worksWithoutClientList else { return }
        do {
            var most: [QueueKeys: Int] = [:]
            // A worker of a cluster is connected to several of its nodes: it is one all the same.
            for node in try await redis.primaries(until: deadline) {
                let list = try await node.send(RedisCommand("CLIENT", "LIST"), until: deadline).text ?? ""
                most.merge(QueueWorkers.count(in: list, queues: queues)) { max($0, $1) }
            }
            workers = most
        } catch {
            // A provider may refuse the command: then workers are simply not told.
            workers = nil
            worksWithoutClientList = ["no-permission", "unknown-command", "reply-error"].contains(error.code)
        }
    }

    // MARK: Looks

    private typealias Answers = [(keys: QueueKeys, answer: QueueCounts.Answer)]

    private func counts(of queues: [QueueKeys], at now: Moment, until deadline: Deadline) async throws -> Answers {
        let milliseconds = now.wall.microseconds / 1000
        let counters = queues.map { QueueCounts(keys: $0, flavour: histories[$0]?.flavour ?? .unknown) }
        let replies = try await values(counters.flatMap { $0.commands(nowMilliseconds: milliseconds) }, deadline)
        let count = QueueCounts.commandCount
        return counters.enumerated().compactMap { index, counter in
            counter.answer(Array(replies[index * count..<(index + 1) * count])).map { (counter.keys, $0) }
        }
    }

    /// Asks for the ages that are not known yet: of a queue that stands still, those of new jobs only.
    private func readAges(_ answers: Answers, at now: Moment, until deadline: Deadline) async throws {
        let jobs = answers.flatMap { keys, answer in
            histories[keys, default: QueueHistory()].withoutAge(among: answer.next, at: now).map { (keys, $0) }
        }
        let replies = try await values(
            jobs.flatMap { keys, id in
                [JobAge.command(keys.job(id)), JobAge.optionsLengthCommand(keys.job(id))]
            }, deadline)
        let short = jobs.indices.filter { 1...Int64(JobAge.optionsLimit) ~= replies[$0 * 2 + 1].int ?? 0 }
        let options = try await values(short.map { JobAge.optionsCommand(jobs[$0].0.job(jobs[$0].1)) }, deadline)
        let optionsOf = Dictionary(uniqueKeysWithValues: zip(short, options))
        for (index, (keys, id)) in jobs.enumerated() {
            let since = JobAge.waitingSince(replies[index * 2], options: optionsOf[index]?.text)
            histories[keys]?.note(age: since, of: id, at: now)
        }
    }

    /// The active jobs of each queue whose worker's lock is gone.
    private func withoutLock(_ answers: Answers, until deadline: Deadline) async throws -> [QueueKeys: Set<String>] {
        let jobs = answers.flatMap { keys, answer in answer.active.map { (keys, $0) } }
        let replies = try await values(
            jobs.map { keys, id in RedisCommand("EXISTS", keys.key("\(id):lock")) }, deadline)
        var unlocked: [QueueKeys: Set<String>] = [:]
        for ((keys, id), reply) in zip(jobs, replies) where reply.int == 0 { unlocked[keys, default: []].insert(id) }
        locksDue = .after(Self.locksEvery)
        return unlocked
    }

    /// One round trip. A key of another type counts as absent; any other refusal is the reading's failure, because
    /// a queue that may not be read must not look like an empty one.
    private func values(_ commands: [RedisCommand], _ deadline: Deadline) async throws -> [RedisValue] {
        guard !commands.isEmpty else { return [] }
        return try await redis.pipeline(commands, until: deadline).map { reply in
            switch reply {
            case .success(let value): return value
            case .failure(let error) where error.kind == .wrongType: return .null
            case .failure(let error): throw ReadFailure(error, in: redis)
            }
        }
    }
}
