import PlatformModel
import Reactor
import RedisClient

/// Reads the Redis server itself: `INFO` and the round trip of a `PING`.
public struct RedisCollector: Collector {
    public let name = "redis"
    public let interval = Duration.seconds(1)
    private let client: RedisClient
    private let patience = Duration.milliseconds(1500)

    public init(client: RedisClient) { self.client = client }

    public func read() async -> [Observation] {
        let attempt = await Reader.attempt {
            let deadline = Deadline.after(patience)
            let start = Moment.now()
            _ = try await client.send(RedisCommand("PING"), until: deadline)
            let latency = Moment.now().since(start)
            let info = try await client.send(RedisCommand("INFO"), until: deadline)
            return Self.server(info.text ?? "", latency: latency)
        }
        return [.redis(attempt)]
    }

    static func server(_ info: String, latency: Duration) -> RedisServer {
        var fields: [Substring: Substring] = [:]
        for line in info.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            fields[line[..<colon]] = line[line.index(after: colon)...]
        }
        func number(_ key: Substring) -> Int64 { fields[key].flatMap { Int64($0) } ?? 0 }
        // db0:keys=12,expires=3,avg_ttl=0
        let keys = fields.filter { $0.key.hasPrefix("db") }.values
            .compactMap { $0.split(separator: ",").first?.split(separator: "=").last.flatMap { Int64($0) } }
        return RedisServer(
            version: String(fields["redis_version"] ?? ""), role: String(fields["role"] ?? ""),
            uptime: .seconds(number("uptime_in_seconds")), usedMemory: number("used_memory"),
            maximumMemory: number("maxmemory"), connectedClients: Int(number("connected_clients")),
            operationsPerSecond: Int(number("instantaneous_ops_per_sec")), keys: keys.reduce(0, +),
            appendOnly: number("aof_enabled") == 1,
            lastSaveOK: fields["aof_last_write_status"] != "err" && fields["rdb_last_bgsave_status"] != "err",
            latency: latency)
    }
}
