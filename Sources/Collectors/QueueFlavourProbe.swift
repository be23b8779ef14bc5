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
        ]
    }

    /// - Parameter replies: the answers to ``commands``, in order.
    static func flavour(_ replies: [RedisValue]) -> QueueFlavour {
        guard replies.count == 8 else { return .unknown }
        let meta = replies[0].array ?? []
        let version = meta.first?.text
        let hasEvents = replies[2].int == 1 || meta.last?.text != nil
        let isPaused = meta.dropFirst().first?.text != nil
        if let major = version.flatMap(Self.major) {
            switch major {
            case ...3: return .bullMQ3
            case 4: return .bullMQ4
            case 5: return .bullMQ5
            default: return .bullMQ6
            }
        }
        guard hasEvents else { return .classic }
        if replies[3].int == 1 {
            // While paused, 5 has renamed `wait` to `paused` and 6 has not.
            return isPaused && replies[7].int == 1 ? .bullMQ5 : .bullMQ5or6
        }
        if replies[4].int == 1 { return .bullMQ3 }
        if replies[5].int == 1 || replies[6].int == 1 { return .bullMQ5or6 }
        return .bullMQ5or6
    }

    /// The 5 of `bullmq:5.12.0`.
    private static func major(_ version: String) -> Int? {
        version.split(separator: ":").last?.split(separator: ".").first.flatMap { Int($0) }
    }
}
