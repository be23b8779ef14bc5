import PlatformModel
import Reactor
import RedisClient

/// Reads the Redis servers themselves: `INFO` and the round trip of a `PING`. A cluster's primaries are told as one.
public struct RedisCollector: Collector {
    public let name = "redis"
    public let interval = Duration.seconds(1)
    private let redis: RedisDeployment
    private let patience = Duration.milliseconds(1500)

    public init(redis: RedisDeployment) { self.redis = redis }

    public init(client: RedisClient) { redis = .server(client) }

    public func read() async -> [Observation] {
        let attempt = await Reader.attempt {
            let deadline = Deadline.after(patience)
            do {
                var servers: [RedisServer] = []
                for node in try await redis.primaries(until: deadline) {
                    servers.append(try await server(node, until: deadline))
                }
                return Self.together(servers)
            } catch {
                throw ReadFailure(error, in: redis)
            }
        }
        if redis.isCluster, case .failure = attempt.result { await relearn() }
        return [.redis(attempt)]
    }

    /// After a loss the others may know who has the lost node's slots now.
    private func relearn() async {
        if case .cluster(let cluster) = redis { _ = try? await cluster.primaries(again: true, until: .after(patience)) }
    }

    private func server(_ node: RedisClient, until deadline: Deadline) async throws -> RedisServer {
        let start = Moment.now()
        _ = try await node.send(RedisCommand("PING"), until: deadline)
        let latency = Moment.now().since(start)
        let info = try await node.send(RedisCommand("INFO"), until: deadline).text ?? ""
        // It would answer for its own slots, and the queues of the other nodes would not be missed by anybody.
        if !redis.isCluster, info.split(whereSeparator: \.isNewline).contains("cluster_enabled:1") {
            throw ReadFailure(
                code: "cluster-node", cause: "it is one node of a cluster, with the queues of its own slots alone",
                hint: "set cluster = true for this Redis in the configuration")
        }
        return Self.server(info, latency: latency)
    }

    /// Sums of what adds up; of the rest what is worst, as of the memory the fullest node's.
    static func together(_ servers: [RedisServer]) -> RedisServer {
        guard var all = servers.first else { return server("", latency: .zero) }
        guard servers.count > 1 else { return all }
        if servers.allSatisfy({ $0.maximumMemory > 0 }), let fullest = servers.max(by: { share($0) < share($1) }) {
            (all.usedMemory, all.maximumMemory) = (fullest.usedMemory, fullest.maximumMemory)
        } else {
            all.usedMemory = servers.reduce(0) { $0 + $1.usedMemory }
            all.maximumMemory = 0
        }
        for other in servers.dropFirst() {
            all.uptime = min(all.uptime, other.uptime)
            all.connectedClients += other.connectedClients
            all.operationsPerSecond += other.operationsPerSecond
            all.keys += other.keys
            all.appendOnly = all.appendOnly && other.appendOnly
            all.lastSaveOK = all.lastSaveOK && other.lastSaveOK
            all.latency = max(all.latency, other.latency)
        }
        all.role = "cluster of \(servers.count)"
        return all
    }

    private static func share(_ server: RedisServer) -> Double {
        Double(server.usedMemory) / Double(server.maximumMemory)
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
