import PlatformModel
import RedisClient

/// One queue's numbers: the commands that ask for them and what their answers mean.
struct QueueCounts: Sendable {
    let keys: QueueKeys
    let flavour: QueueFlavour

    /// How many of the next jobs are looked at for the oldest one.
    static let sample = 50
    /// Of how many active jobs the locks are looked at.
    static let activeSample = 200

    func commands(nowMilliseconds now: Int64) -> [RedisCommand] {
        [
            RedisCommand("HGET", keys.key("meta"), "paused"),
            RedisCommand("EXISTS", keys.key("meta-paused")),
            RedisCommand("LLEN", keys.key("wait")),
            RedisCommand("LLEN", keys.key("paused")),
            RedisCommand("LLEN", keys.key("active")),
            RedisCommand("ZCARD", keys.key("delayed")),
            RedisCommand("ZCARD", keys.key("prioritized")),
            RedisCommand("ZCARD", keys.key("completed")),
            RedisCommand("ZCARD", keys.key("failed")),
            RedisCommand("ZCARD", keys.key("waiting-children")),
            RedisCommand("GET", keys.key("id")),
            RedisCommand("LRANGE", keys.key("wait"), "\(-Self.sample)", "-1"),
            RedisCommand("LRANGE", keys.key("paused"), "\(-Self.sample)", "-1"),
            RedisCommand("ZRANGE", keys.key("prioritized"), "0", "\(Self.sample - 1)"),
            // The score of a delayed job is its due time in ms times 4,096, plus a counter.
            RedisCommand("ZCOUNT", keys.key("delayed"), "-inf", "\(now &* 4096)"),
            RedisCommand("ZCOUNT", keys.key("failed"), "\(now - 60_000)", "+inf"),
            RedisCommand("LRANGE", keys.key("active"), "0", "\(Self.activeSample - 1)"),
            // The head of `wait`, where BullMQ up to 4 may have left a marker that is no job.
            RedisCommand("LRANGE", keys.key("wait"), "0", "0"),
        ]
    }

    static let commandCount = 18

    struct Answer: Sendable {
        var isPaused: Bool
        var counts: [JobState: Int64]
        var added: Int64?
        var overdue: Int64
        var failedLastMinute: Int64
        /// Ids among which the oldest waiting job is looked for.
        var next: [String]
        var active: [String]
    }

    func answer(_ replies: [RedisValue]) -> Answer? {
        guard replies.count == Self.commandCount else { return nil }
        // No count is larger; what a server claims beyond it must not overflow a sum.
        func number(_ index: Int) -> Int64 { max(0, min(replies[index].int ?? 0, 1 << 53)) }
        func texts(_ index: Int) -> [String] { (replies[index].array ?? []).compactMap(\.text) }
        let waitingTail = texts(11)
        var waiting = number(2) + number(3)
        let markers = Set((waitingTail.suffix(1) + texts(17)).filter(Self.isMarker))
        if number(2) > 0, !markers.isEmpty { waiting -= 1 }
        let classicPriority = flavour == .classic || flavour == .bullMQ3
        return Answer(
            isPaused: replies[0].text != nil || number(1) == 1,
            counts: [
                .waiting: max(0, waiting), .prioritized: classicPriority ? 0 : number(6), .active: number(4),
                .delayed: number(5), .completed: number(7), .failed: number(8), .waitingChildren: number(9),
            ],
            added: replies[10].text.flatMap { Int64($0) }.map { max(0, min($0, 1 << 53)) }, overdue: number(14),
            failedLastMinute: number(15),
            next: (waitingTail + texts(12) + texts(13)).filter { !Self.isMarker($0) }, active: texts(16))
    }

    static func isMarker(_ id: String) -> Bool { id.hasPrefix("0:") }

}
