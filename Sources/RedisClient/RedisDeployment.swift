import Reactor

/// A Redis as its reader sees it: one server, or a cluster that finds the node of each key.
public enum RedisDeployment: Sendable {
    case server(RedisClient)
    case cluster(RedisCluster)

    /// What the configuration says it is; nothing connects before it is first used.
    ///
    /// - Parameter configuration: of the server, or of any node of the cluster.
    public init(_ configuration: RedisConfiguration, isCluster: Bool, name: String, loop: EventLoop = .shared) {
        self =
            isCluster
            ? .cluster(RedisCluster(configuration, name: name, loop: loop))
            : .server(RedisClient(configuration, name: name, loop: loop))
    }

    public var isCluster: Bool {
        if case .cluster = self { true } else { false }
    }

    /// Sends one command and suspends until its reply; in a cluster to the node of its first key.
    ///
    /// - Throws: as ``RedisClient/send(_:until:)`` does.
    public func send(_ command: RedisCommand, until deadline: Deadline) async throws(RedisError) -> RedisValue {
        switch self {
        case .server(let client): try await client.send(command, until: deadline)
        case .cluster(let cluster): try await cluster.send(command, until: deadline)
        }
    }

    /// Sends several commands in one go, in a cluster in one go a node; each has its own reply or error.
    ///
    /// - Throws: what made all of them fail. A cluster's node that cannot be reached fails its commands only.
    public func pipeline(
        _ commands: [RedisCommand], until deadline: Deadline
    ) async throws(RedisError) -> [Result<RedisValue, RedisError>] {
        switch self {
        case .server(let client): try await client.pipeline(commands, until: deadline)
        case .cluster(let cluster): try await cluster.pipeline(commands, until: deadline)
        }
    }

    /// The servers that each must be asked what concerns all keys: SCAN, INFO, CLIENT LIST.
    public func primaries(until deadline: Deadline) async throws(RedisError) -> [RedisClient] {
        switch self {
        case .server(let client): [client]
        case .cluster(let cluster): try await cluster.primaries(until: deadline)
        }
    }

    /// Closes every connection. Idempotent.
    public func close() async {
        switch self {
        case .server(let client): await client.close()
        case .cluster(let cluster): await cluster.close()
        }
    }
}
