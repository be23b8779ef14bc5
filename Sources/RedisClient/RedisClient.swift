import Reactor

/// One Redis server: a connection that is made when it is first needed and made again when it was lost.
///
/// Everything runs on the event loop, which is the actor's executor: a caller that runs there pays no hop. Requests
/// of several tasks share the connection in order; what blocks the server's side (XREAD BLOCK, BLPOP) or needs the
/// connection alone (WATCH) gets a further connection of its own, kept for the next such use.
///
/// While the server cannot be reached, requests fail at once with the last error until a pause that doubles from
/// 0.2 to 5 s, with jitter, has passed; the next request then tries again.
public actor RedisClient {
    public nonisolated let configuration: RedisConfiguration
    /// What errors call the server: `queues`.
    public nonisolated let name: String
    public nonisolated let loop: EventLoop
    public nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
    /// `name (host:port)`.
    public nonisolated let target: String

    var connection: RedisConnection?
    /// Who waits for the connection that is being made.
    var waiting: [UInt64: CheckedContinuation<Result<RedisConnection, RedisError>, Never>] = [:]
    var isConnecting = false
    var nextWaiter: UInt64 = 0
    var backoff = Backoff()
    /// The failure that requests meet until the instant.
    var failure: (error: RedisError, until: Deadline)?
    var isClosed = false
    /// Connections for exclusive use, not in use.
    var spare: [RedisConnection] = []
    var exclusive: [ObjectIdentifier: RedisConnection] = [:]
    var subscriptions: [UInt64: Subscription] = [:]

    /// - Parameters:
    ///   - name: what errors and people call this server.
    ///   - loop: where everything runs.
    public init(_ configuration: RedisConfiguration, name: String, loop: EventLoop = .shared) {
        self.configuration = configuration
        self.name = name
        self.loop = loop
        target = "\(name) (\(configuration.endpoint))"
    }

    deinit {
        let left = spare + exclusive.values + (connection.map { [$0] } ?? [])
        let subscriptions = subscriptions.values
        for subscription in subscriptions { subscription.stop() }
        guard !left.isEmpty else { return }
        let error = RedisError(.closed, operation: "close", target: target, cause: "the client was released")
        Task(executorPreference: loop) { for connection in left { await connection.lose(error) } }
    }

    /// What the client is doing.
    public enum State: Sendable, Hashable {
        /// No connection, and nothing was asked for yet or the server closed an idle one.
        case idle
        case connecting
        case connected
        /// Unreachable: requests fail with this error until then.
        case backingOff(RedisError, until: Deadline)
        case closed
    }

    public var state: State {
        if isClosed { return .closed }
        if connection != nil { return .connected }
        if isConnecting { return .connecting }
        if let failure, !failure.until.hasPassed { return .backingOff(failure.error, until: failure.until) }
        return .idle
    }

    /// Sends one command and suspends until its reply.
    ///
    /// Commands that would change what the shared connection is (AUTH, SELECT, MULTI, SUBSCRIBE, MONITOR and the
    /// like) are refused as `unsupported`; blocking ones (BLPOP, XREAD with BLOCK) get a connection of their own.
    ///
    /// - Parameter deadline: for connecting and the reply together.
    /// - Returns: any reply but an error.
    /// - Throws: the error reply, or what went wrong on the way. A cancelled task gets `cancelled` at once.
    public func send(_ command: RedisCommand, until deadline: Deadline) async throws(RedisError) -> RedisValue {
        try check(command)
        var bytes: [UInt8] = []
        command.encode(into: &bytes)
        let replies: [RedisValue]
        if command.blocks {
            let encoded = bytes
            let title = command.title
            replies = try await withExclusive(until: deadline, operation: title) { connection in
                await connection.request(encoded, replies: 1, operation: title, until: deadline)
            }
        } else {
            replies = try await perform(bytes, replies: 1, operation: command.title, until: deadline)
        }
        return try value(replies[0], of: command)
    }

    /// Sends several commands in one go; each has its own reply or error.
    ///
    /// - Throws: what made all of them fail: no connection, the deadline, cancellation, a loss on the way.
    public func pipeline(
        _ commands: [RedisCommand], until deadline: Deadline
    ) async throws(RedisError) -> [Result<RedisValue, RedisError>] {
        guard !commands.isEmpty else { return [] }
        var bytes: [UInt8] = []
        for command in commands {
            try check(command)
            command.encode(into: &bytes)
        }
        let operation = "pipeline of \(commands.count)"
        let replies = try await perform(bytes, replies: commands.count, operation: operation, until: deadline)
        var results: [Result<RedisValue, RedisError>] = []
        results.reserveCapacity(replies.count)
        for (index, reply) in replies.enumerated() {
            if case .error(let text) = reply {
                results.append(.failure(error(text, commands[index].title)))
            } else {
                results.append(.success(reply))
            }
        }
        return results
    }

    /// Ends every connection, fails what waits with `closed` and ends the subscriptions. Idempotent.
    public func close() async {
        isClosed = true
        let error = RedisError(.closed, operation: "close", target: target, cause: "the client was closed")
        let all = spare + exclusive.values + (connection.map { [$0] } ?? [])
        connection = nil
        spare = []
        for subscription in subscriptions.values { subscription.stop() }
        subscriptions = [:]
        finishConnecting(.failure(error))
        for connection in all { await connection.lose(error) }
    }

    // MARK: Shared by the extensions

    func value(_ reply: RedisValue, of command: RedisCommand) throws(RedisError) -> RedisValue {
        if case .error(let text) = reply { throw error(text, command.title) }
        return reply
    }

    func error(_ text: String, _ operation: String) -> RedisError {
        .reply(text, operation: operation, target: target, secret: configuration.password)
    }

    private func check(_ command: RedisCommand) throws(RedisError) {
        if let reason = command.reasonToRefuse {
            throw RedisError(.unsupported, operation: command.title, target: target, cause: reason)
        }
    }

    /// Sends over the shared connection; a request of which nothing was sent moves to the next connection.
    func perform(
        _ bytes: [UInt8], replies: Int, operation: String, until deadline: Deadline
    ) async throws(RedisError) -> [RedisValue] {
        var attempt = 0
        while true {
            let connection = try await connected(until: deadline, operation: operation)
            switch await connection.request(bytes, replies: replies, operation: operation, until: deadline) {
            case .replies(let values): return values
            case .failed(let error): throw error
            case .unsent(let error):
                forget(connection)
                attempt += 1
                if attempt == 3 || isClosed { throw error.during(operation, mayHaveExecuted: false) }
            }
        }
    }
}
