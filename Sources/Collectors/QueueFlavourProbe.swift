import PlatformModel
import RedisClient

/// Tells by which software a queue was laid out: from the keys that only some of them have, and from the newest job.
struct QueueFlavourProbe: Sendable {
    let keys: QueueKeys

    var commands: [RedisCommand] {
        [
            RedisCommand("HMGET", keys.key("meta"), "version", "paused", "opts.maxLenEvents"),
            RedisCommand("EXISTS", keys.key("meta-paused")),
            RedisCommand("EXISTS", keys.key("events")),
            RedisCommand("EXISTS", keys.key("marker")),
            RedisCommand("EXISTS", keys.key("priority")),
            RedisCommand("EXISTS", keys.key("prioritized")),
            RedisCommand("EXISTS", keys.key("pc")),
            RedisCommand("EXISTS", keys.key("paused")),
            // Both ends of `wait`, where BullMQ up to 4 leaves markers.
            RedisCommand("LRANGE", keys.key("wait"), "0", "0"),
            RedisCommand("LRANGE", keys.key("wait"), "-1", "-1"),
            RedisCommand("GET", keys.key("id")),
        ]
    }

    static let commandCount = 11

    /// Asks the newest job, which is there or not, for the fields that a worker left in it.
    ///
    /// - Parameter replies: the answers to ``commands``.
    func jobCommand(_ replies: [RedisValue]) -> RedisCommand {
        let id = replies.last?.text.flatMap { Int64($0) } ?? 0
        return RedisCommand("HMGET", keys.job(String(id)), "atm", "ats", "attemptsMade")
    }

    /// - Parameters:
    ///   - replies: the answers to ``commands``, in order.
    ///   - job: the answer to ``jobCommand(_:)``.
    static func flavour(_ replies: [RedisValue], job: RedisValue = .null) -> QueueFlavour {
        guard replies.count == commandCount else { return .unknown }
        let meta = replies[0].array ?? []
        func exists(_ index: Int) -> Bool { replies[index].int == 1 }
        if let major = meta.first?.text.flatMap(major) {
            switch major {
            case ...3: return .bullMQ3
            case 4: return .bullMQ4
            case 5: return .bullMQ5
            default: return .bullMQ6
            }
        }
        let keepsLength = meta.last?.text != nil
        guard exists(2) || keepsLength else { return .classic }
        let ends = (replies[8].array ?? []).compactMap(\.text) + (replies[9].array ?? []).compactMap(\.text)
        let hasPrioritized = exists(5) || exists(6)
        if !exists(3) {
            if exists(4) { return .bullMQ3 }
            // 4 marks work with `0:0`; 3 only knows the marker of a delayed job, `0:<ms>`.
            if ends.contains("0:0") { return .bullMQ4 }
            if ends.contains(where: QueueCounts.isMarker) { return hasPrioritized ? .bullMQ4 : .bullMQ3 }
            let isOld = olderWorker(job) ?? !keepsLength
            if isOld { return hasPrioritized ? .bullMQ4 : .bullMQ3or4 }
        }
        // While paused there is no marker; up to 5 the jobs were moved from `wait` to `paused`, 6 leaves them.
        let isPaused = meta.dropFirst().first?.text != nil
        if isPaused, exists(7) { return .bullMQ5 }
        if isPaused, !ends.isEmpty { return .bullMQ6 }
        return .bullMQ5or6
    }

    /// Whether the newest job was worked on by a release before 5, which renamed the counters; nil when it was not
    /// worked on yet.
    private static func olderWorker(_ job: RedisValue) -> Bool? {
        let fields = job.array?.map { $0.text != nil } ?? []
        guard fields.count == 3 else { return nil }
        return fields[0] || fields[1] ? false : fields[2] ? true : nil
    }

    /// The 5 of `bullmq:5.12.0`.
    private static func major(_ version: String) -> Int? {
        version.split(separator: ":").last?.split(separator: ".").first.flatMap { Int($0) }
    }
}
