import Reactor

/// A Redis cluster: one ``RedisClient`` a node, and which slot is where.
///
/// Redirections are followed: a command that was redirected did not run. A server without cluster support, or a
/// provider's proxy that hides it, is used as the single node that it seems to be.
public actor RedisCluster {
    public nonisolated let name: String
    public nonisolated let loop: EventLoop
    public nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
    private let configuration: RedisConfiguration
    private var clients: [Endpoint: RedisClient] = [:]
    private var map = SlotMap()
    /// A node of the map did not answer: a failover may have moved its slots, so they are asked for again.
    private var isDoubtful = false
    private var isSingle = false
    private var isClosed = false

    /// How often one command is sent on to another node.
    private static let mostHops = 5

    /// - Parameter configuration: of any node; user, password and TLS are the same for all.
    public init(_ configuration: RedisConfiguration, name: String, loop: EventLoop = .shared) {
        self.configuration = configuration
        self.name = name
        self.loop = loop
    }

    /// Sends a command to the node that has its first key.
    ///
    /// - Parameters:
    ///   - key: the key to choose the node by, for commands whose first key is not where it usually is.
    ///   - deadline: over all nodes that are asked.
    public func send(
        _ command: RedisCommand, key: String? = nil, until deadline: Deadline
    ) async throws(RedisError) -> RedisValue {
        try await follow(slot: slot(of: command, key: key), until: deadline) {
            client, asking async throws(RedisError) in
            guard asking else { return try await client.send(command, until: deadline) }
            let replies = try await client.pipeline([RedisCommand("ASKING"), command], until: deadline)
            return try replies[1].get()
        }
    }

    /// Runs a script on the node of its first key; all keys must share a hash tag.
    public func evaluate(
        _ script: RedisScript, keys: [String], arguments: [String] = [], until deadline: Deadline
    ) async throws(RedisError) -> RedisValue {
        try await evaluate(script, keys: keys, arguments: arguments.map { Array($0.utf8) }, until: deadline)
    }

    /// The same with arguments of any bytes.
    @_disfavoredOverload
    public func evaluate(
        _ script: RedisScript, keys: [String], arguments: [[UInt8]], until deadline: Deadline
    ) async throws(RedisError) -> RedisValue {
        do throws(RedisError) {
            return try await send(script.byHash(keys, arguments), until: deadline)
        } catch  where error.kind == .noScript {
            return try await send(script.command(keys: keys, arguments: arguments), until: deadline)
        }
    }

    /// Sends several commands, those of one node in one go. There is no order between nodes.
    ///
    /// A node that cannot be reached fails its commands only; the next call asks the others who has its slots now.
    public func pipeline(
        _ commands: [RedisCommand], until deadline: Deadline
    ) async throws(RedisError) -> [Result<RedisValue, RedisError>] {
        var groups: [ObjectIdentifier: (client: RedisClient, indices: [Int])] = [:]
        for (index, command) in commands.enumerated() {
            let client = try await client(ofSlot: slot(of: command, key: nil), until: deadline)
            groups[ObjectIdentifier(client), default: (client, [])].indices.append(index)
        }
        var results = [Result<RedisValue, RedisError>?](repeating: nil, count: commands.count)
        await withTaskGroup(of: [(Int, Result<RedisValue, RedisError>)].self) { group in
            for (client, indices) in groups.values {
                group.addTask(executorPreference: loop) {
                    do throws(RedisError) {
                        let replies = try await client.pipeline(indices.map { commands[$0] }, until: deadline)
                        return Array(zip(indices, replies))
                    } catch {
                        return indices.map { ($0, .failure(error)) }
                    }
                }
            }
            for await part in group {
                for (index, result) in part { results[index] = result }
            }
        }
        doubt(results)
        var answers: [Result<RedisValue, RedisError>] = []
        for (index, result) in results.enumerated() {
            guard case .failure(let error)? = result, error.isRedirection else {
                answers.append(result ?? .failure(failure(.protocolViolation, "pipeline", "a reply is missing")))
                continue
            }
            note(error, askedAt: nil)
            do throws(RedisError) {
                answers.append(.success(try await send(commands[index], until: deadline)))
            } catch {
                answers.append(.failure(error))
            }
        }
        return answers
    }

    /// The primaries, for what each of them must be asked: SCAN, INFO.
    ///
    /// - Parameter again: asks the nodes even when it is known which slots are where, because one was lost.
    public func primaries(again: Bool = false, until deadline: Deadline) async throws(RedisError) -> [RedisClient] {
        try await learn(until: deadline, again: again)
        return isSingle ? [client(at: seed)] : map.endpoints.map { client(at: $0) }
    }

    /// The client of the node that has the key, for transactions and reads of streams.
    public func client(forKey key: String, until deadline: Deadline) async throws(RedisError) -> RedisClient {
        try await client(ofSlot: RedisSlot.of(key), until: deadline)
    }

    /// Closes every node's client. Idempotent.
    public func close() async {
        isClosed = true
        for client in clients.values { await client.close() }
    }

    // MARK: Redirections

    private func follow(
        slot: Int?, until deadline: Deadline,
        _ attempt: (RedisClient, Bool) async throws(RedisError) -> RedisValue
    ) async throws(RedisError) -> RedisValue {
        var client = try await client(ofSlot: slot, until: deadline)
        var (asking, hops) = (false, 0)
        var backoff = Backoff(first: .milliseconds(20), limit: .milliseconds(500))
        while true {
            do throws(RedisError) {
                return try await attempt(client, asking)
            } catch {
                hops += 1
                let mayGoOn = hops <= Self.mostHops && !deadline.hasPassed && !isClosed
                if let redirection = error.redirection, mayGoOn {
                    note(error, askedAt: Endpoint(client))
                    asking = error.kind == .ask
                    client = self.client(at: Endpoint(redirection, askedAt: Endpoint(client)))
                } else if error.kind == .tryAgain, !deadline.hasPassed, await loop.sleep(until: .after(backoff.next()))
                {
                    continue
                } else if error.isUnreachable, !error.mayHaveExecuted, mayGoOn, !isSingle {
                    // A failover may have moved the slot; what the others say now decides.
                    try? await learn(until: deadline, again: true)
                    let other = try await self.client(ofSlot: slot, until: deadline)
                    guard other !== client else { throw error }
                    (client, asking) = (other, false)
                } else {
                    throw error
                }
            }
        }
    }

    private func doubt(_ results: [Result<RedisValue, RedisError>?]) {
        let isLost = results.contains { result in
            if case .failure(let error)? = result { error.isUnreachable } else { false }
        }
        if isLost { isDoubtful = true }
    }

    private func note(_ error: RedisError, askedAt asked: Endpoint?) {
        guard error.kind == .moved, let redirection = error.redirection else { return }
        map.set(redirection.slot, Endpoint(redirection, askedAt: asked ?? seed))
    }

    // MARK: Nodes

    private var seed: Endpoint { Endpoint(host: configuration.host, port: configuration.port) }

    private func slot(of command: RedisCommand, key: String?) -> Int? {
        if let key { return RedisSlot.of(key) }
        return command.firstKey.map { RedisSlot.of($0) }
    }

    private func client(ofSlot slot: Int?, until deadline: Deadline) async throws(RedisError) -> RedisClient {
        try await learn(until: deadline, again: false)
        if let slot { return client(at: map[slot] ?? seed) }
        return client(at: map.endpoints.first ?? seed)
    }

    private func client(at endpoint: Endpoint) -> RedisClient {
        if let client = clients[endpoint] { return client }
        var configuration = configuration
        configuration.host = endpoint.host
        configuration.port = endpoint.port
        let client = RedisClient(configuration, name: name, loop: loop)
        clients[endpoint] = client
        return client
    }

    /// Asks the nodes in turn which slots are where, until one answers.
    private func learn(until deadline: Deadline, again: Bool) async throws(RedisError) {
        if isClosed { throw failure(.closed, "CLUSTER SLOTS", "the client was closed") }
        guard again || isDoubtful || (map.isEmpty && !isSingle) else { return }
        var last: RedisError?
        let endpoints = map.endpoints + [seed]
        for (index, endpoint) in endpoints.enumerated() {
            // Each has its share of the time: one that hangs leaves enough for the others.
            let share = min(deadline, .after(deadline.remaining / (endpoints.count - index)))
            do throws(RedisError) {
                let reply = try await client(at: endpoint).send(RedisCommand("CLUSTER", "SLOTS"), until: share)
                guard let learned = SlotMap(reply, askedAt: endpoint) else {
                    throw failure(.protocolViolation, "CLUSTER SLOTS", "the reply has another shape")
                }
                if learned.isEmpty { throw failure(.clusterDown, "CLUSTER SLOTS", "no slot is served") }
                map = learned
                isDoubtful = false
                return
            } catch {
                // A single server, or a proxy in front of a cluster; should it be one after all, it redirects.
                let isRefused = error.kind == .unknownCommand || error.kind == .noPermission
                if isRefused || error.cause.contains("cluster support disabled") {
                    isSingle = true
                    return
                }
                last = error
            }
        }
        if let last { throw last }
    }

    private func failure(_ kind: RedisError.Kind, _ operation: String, _ cause: String) -> RedisError {
        RedisError(kind, operation: operation, target: "\(name) (\(configuration.endpoint))", cause: cause)
    }
}

extension RedisError {
    fileprivate var isRedirection: Bool { redirection != nil || kind == .tryAgain }

    fileprivate var isUnreachable: Bool {
        switch kind {
        case .connectionRefused, .unreachable, .serverClosed, .timedOut, .nameNotResolved: true
        default: false
        }
    }
}
