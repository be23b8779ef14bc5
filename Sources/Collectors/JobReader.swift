import PlatformModel
import Reactor
import RedisClient

/// Reads the jobs of one queue in one state, next first, for lists and details.
public struct JobReader: Sendable {
    private let client: RedisClient
    private let prefix: String

    /// What a screen can use of a job's data, in bytes.
    private static let dataLimit = 64 << 10

    public init(client: RedisClient, prefix: String = "bull") {
        self.client = client
        self.prefix = prefix
    }

    /// - Parameter limit: jobs at most; the total tells how many there are.
    /// - Throws: ``ReadFailure``.
    public func jobs(queue: String, state: JobState, limit: Int, until deadline: Deadline) async throws(ReadFailure)
        -> JobPage
    {
        do {
            let keys = QueueKeys(prefix: prefix, name: queue)
            let (ids, dues, total) = try await identifiers(keys, state, limit, deadline)
            let fields = [
                "name", "timestamp", "processedOn", "finishedOn", "opts", "atm", "attemptsMade", "priority",
                "failedReason", "data", "pb",
            ]
            let commands = ids.map { RedisCommand(["HMGET", keys.job($0)] + fields) }
            let replies = commands.isEmpty ? [] : try await client.pipeline(commands, until: deadline)
            let jobs = zip(ids, replies).compactMap { id, reply in
                (try? reply.get().array).flatMap { Self.job(id: id, state: state, due: dues[id], $0.map(\.text)) }
            }
            return JobPage(queue: queue, state: state, jobs: jobs, total: total)
        } catch {
            throw ReadFailure(error)
        }
    }

    private func identifiers(
        _ keys: QueueKeys, _ state: JobState, _ limit: Int, _ deadline: Deadline
    ) async throws -> (ids: [String], dues: [String: Timestamp], total: Int64) {
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
        let replies = try await client.pipeline(commands, until: deadline).map { try $0.get() }
        func ids(_ index: Int) -> [String] {
            (replies[index].array ?? []).compactMap(\.text).filter { !QueueCounts.isMarker($0) }
        }
        if state == .delayed {
            let pairs = replies[0].pairs ?? []
            // The score is the due time in ms times 4,096, plus a counter; a job's own `delay` ages with retries.
            let dues = pairs.map { ($0.name, Timestamp(milliseconds: Int64(($0.value.double ?? 0) / 4096))) }
            let unique = Dictionary(dues, uniquingKeysWith: { first, _ in first })
            return (pairs.map(\.name), unique, replies[1].int ?? 0)
        }
        guard state == .waiting else { return (ids(0), [:], replies[1].int ?? 0) }
        let waiting = ids(0).reversed() + ids(2).reversed()
        let ends = [replies[0].array?.last, replies[4].array?.first].compactMap { $0?.text }
        let markers = Set(ends.filter(QueueCounts.isMarker)).isEmpty ? 0 : 1
        let total = (replies[1].int ?? 0) + (replies[3].int ?? 0) - Int64(markers)
        return (Array(waiting.prefix(limit)), [:], max(0, total))
    }

    /// nil for a job that was removed between the two round trips.
    private static func job(id: String, state: JobState, due: Timestamp?, _ fields: [String?]) -> Job? {
        guard fields.count == 11, fields.contains(where: { $0 != nil }) else { return nil }
        func time(_ index: Int) -> Timestamp? {
            fields[index].flatMap { Int64($0) }.map { Timestamp(milliseconds: $0) }
        }
        let options = fields[4].flatMap { try? JSON.parse($0) } ?? .null
        return Job(
            id: id, name: fields[0] ?? "", state: state, createdAt: time(1), processedAt: time(2), finishedAt: time(3),
            dueAt: due, attempts: (fields[5] ?? fields[6]).flatMap { Int($0) } ?? 0,
            maximumAttempts: options["attempts"]?.int ?? 1,
            priority: fields[7].flatMap { Int($0) } ?? options["priority"]?.int ?? 0,
            failedReason: reason(fields[8] ?? ""), data: String((fields[9] ?? "").prefix(dataLimit)),
            worker: fields[10] ?? "")
    }

    /// Some clients store the reason as a JSON string, others as raw text.
    private static func reason(_ stored: String) -> String {
        stored.hasPrefix("\"") ? (try? JSON.parse(stored))?.text ?? stored : stored
    }
}
