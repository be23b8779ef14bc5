import PlatformModel
import Reactor
import RedisClient

/// Reads the jobs of one queue in one state, next first, for lists and details.
public struct JobReader: Sendable {
    private let redis: RedisDeployment
    private let prefix: String

    /// What one page may hold: its jobs are asked for one by one.
    private static let most = 1000

    public init(redis: RedisDeployment, prefix: String = "bull") {
        self.redis = redis
        self.prefix = prefix
    }

    public init(client: RedisClient, prefix: String = "bull") { self.init(redis: .server(client), prefix: prefix) }

    /// - Parameter limit: jobs at most, 1 to 1,000; the total tells how many there are.
    /// - Throws: ``ReadFailure``.
    public func jobs(queue: String, state: JobState, limit: Int, until deadline: Deadline) async throws(ReadFailure)
        -> JobPage
    {
        do {
            let keys = QueueKeys(prefix: prefix, name: queue)
            let limit = max(1, min(limit, Self.most))
            let found = try await identifiers(keys, state, limit, deadline)
            let lengths = try await replies(found.ids.flatMap { JobFields.lengthCommands(keys.job($0)) }, deadline)
            var budget = JobFields.pageLimit
            let plans = found.ids.enumerated().map { index, id in
                let own = lengths[index * JobFields.all.count..<(index + 1) * JobFields.all.count]
                return JobFields.Plan(job: keys.job(id), lengths: own.map { $0.int ?? 0 }, budget: &budget)
            }
            let commands = plans.map(\.command)
            var values = try await replies(commands.compactMap(\.self), deadline).makeIterator()
            let jobs = zip(found.ids, zip(plans, commands)).compactMap { id, asked -> Job? in
                let fields = JobFields(asked.0, asked.1 == nil ? .null : values.next() ?? .null)
                return Self.job(id: id, state: state, due: found.dues[id], fields)
            }
            return JobPage(queue: queue, state: state, jobs: jobs, total: found.total)
        } catch {
            throw ReadFailure(error, in: redis)
        }
    }

    /// One round trip; a job that is no hash counts as gone.
    private func replies(_ commands: [RedisCommand], _ deadline: Deadline) async throws(RedisError) -> [RedisValue] {
        guard !commands.isEmpty else { return [] }
        var values: [RedisValue] = []
        for reply in try await redis.pipeline(commands, until: deadline) {
            do throws(RedisError) {
                values.append(try reply.get())
            } catch  where error.kind == .wrongType {
                values.append(.null)
            }
        }
        return values
    }

    private func identifiers(
        _ keys: QueueKeys, _ state: JobState, _ limit: Int, _ deadline: Deadline
    ) async throws(RedisError) -> (ids: [String], dues: [String: Timestamp], total: Int64) {
        let last = "\(limit - 1)"
        // Lists are taken from the tail; finished sets are scored by their end, newest first.
        let commands: [RedisCommand] =
            switch state {
            case .waiting:
                [
                    RedisCommand("LRANGE", keys.key("wait"), "\(-limit)", "-1"), RedisCommand("LLEN", keys.key("wait")),
                    RedisCommand("LRANGE", keys.key("paused"), "\(-limit)", "-1"),
                    RedisCommand("LLEN", keys.key("paused")), RedisCommand("LRANGE", keys.key("wait"), "0", "0"),
                ]
            case .active:
                [RedisCommand("LRANGE", keys.key("active"), "0", last), RedisCommand("LLEN", keys.key("active"))]
            case .delayed:
                [
                    RedisCommand("ZRANGE", keys.key("delayed"), "0", last, "WITHSCORES"),
                    RedisCommand("ZCARD", keys.key("delayed")),
                ]
            case .prioritized, .waitingChildren:
                [
                    RedisCommand("ZRANGE", keys.key(state.rawValue), "0", last),
                    RedisCommand("ZCARD", keys.key(state.rawValue)),
                ]
            case .completed, .failed:
                [
                    RedisCommand("ZREVRANGE", keys.key(state.rawValue), "0", last),
                    RedisCommand("ZCARD", keys.key(state.rawValue)),
                ]
            }
        var replies: [RedisValue] = []
        for reply in try await redis.pipeline(commands, until: deadline) { replies.append(try reply.get()) }
        func count(_ index: Int) -> Int64 { max(0, min(replies[index].int ?? 0, 1 << 53)) }
        func ids(_ index: Int) -> [String] {
            (replies[index].array ?? []).compactMap(\.text).filter { !QueueCounts.isMarker($0) }
        }
        if state == .delayed {
            let pairs = replies[0].pairs ?? []
            let dues = pairs.map { ($0.name, Self.due($0.value.double ?? 0)) }
            let unique = Dictionary(dues, uniquingKeysWith: { first, _ in first })
            return (pairs.map(\.name), unique, count(1))
        }
        guard state == .waiting else { return (ids(0), [:], count(1)) }
        let waiting = ids(0).reversed() + ids(2).reversed()
        let ends = [replies[0].array?.last, replies[4].array?.first].compactMap { $0?.text }
        let markers = Set(ends.filter(QueueCounts.isMarker)).isEmpty ? 0 : 1
        let total = count(1) + count(3) - Int64(markers)
        return (Array(waiting.prefix(limit)), [:], max(0, total))
    }

    /// The score is the due time in ms times 4,096, plus a counter; a job's own `delay` ages with retries.
    private static func due(_ score: Double) -> Timestamp {
        // A score may be anything, infinities included.
        Timestamp(milliseconds: Int64(max(0, min(score / 4096, 8.64e15))))
    }

    /// nil for a job that was removed between the round trips.
    private static func job(id: String, state: JobState, due: Timestamp?, _ fields: JobFields) -> Job? {
        guard !fields.isEmpty else { return nil }
        let options = fields["opts"].flatMap { try? JSON.parse($0) } ?? .null
        return Job(
            id: id, name: fields["name"] ?? "", state: state, createdAt: fields.time("timestamp"),
            processedAt: fields.time("processedOn"), finishedAt: fields.time("finishedOn"), dueAt: due,
            attempts: (fields["atm"] ?? fields["attemptsMade"]).flatMap { Int($0) } ?? 0,
            maximumAttempts: options["attempts"]?.int ?? 1,
            priority: fields["priority"].flatMap { Int($0) } ?? options["priority"]?.int ?? 0,
            failedReason: reason(fields["failedReason"] ?? ""), data: fields["data"] ?? "",
            worker: fields["pb"] ?? "")
    }

    /// Some clients store the reason as a JSON string, others as raw text.
    private static func reason(_ stored: String) -> String {
        stored.hasPrefix("\"") ? (try? JSON.parse(stored))?.text ?? stored : stored
    }
}
