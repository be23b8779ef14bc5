import PlatformModel
import RedisClient

/// Tells by which software a queue was laid out: one round trip, from the keys that only some of them have.
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
        ]
    }

    static let commandCount = 10

    /// - Parameter replies: the answers to ``commands``, in order.
    static func flavour(_ replies: [RedisValue]) -> QueueFlavour {
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
        let hasEvents = exists(2) || meta.last?.text != nil
        guard hasEvents else { return .classic }
        let ends = (replies[8].array ?? []).compactMap(\.text) + (replies[9].array ?? []).compactMap(\.text)
        let hasPrioritized = exists(5) || exists(6)
        if !exists(3) {
            if exists(4) { return .bullMQ3 }
            // 4 marks work with `0:0`; 3 only knows the marker of a delayed job, `0:<ms>`.
            if ends.contains("0:0") { return .bullMQ4 }
            if ends.contains(where: QueueCounts.isMarker) { return hasPrioritized ? .bullMQ4 : .bullMQ3 }
        }
        // While paused there is no marker; up to 5 the jobs were moved from `wait` to `paused`, 6 leaves them.
        let isPaused = meta.dropFirst().first?.text != nil
        if isPaused, exists(7) { return .bullMQ5 }
        if isPaused, !ends.isEmpty { return .bullMQ6 }
        return .bullMQ5or6
    }

    /// The 5 of `bullmq:5.12.0`.
    private static func major(_ version: String) -> Int? {
        version.split(separator: ":").last?.split(separator: ".").first.flatMap { Int($0) }
    }
}
