import Reactor

/// The task behind one `subscribe`.
final class Subscription: Sendable {
    private let configuration: RedisConfiguration
    private let target: String
    private let loop: EventLoop
    private let channels: [String]
    private let patterns: [String]
    private let continuation: AsyncStream<RedisPush>.Continuation
    private let task = Locked<Task<Void, Never>?>(nil)
    private let stopped = Locked(false)
    /// Events dropped and not yet told.
    private let lost = Locked(0)

    /// A connection that says nothing for this long is asked whether it lives, and has as long to answer.
    private static let quiet = Duration.seconds(15)

    init(
        configuration: RedisConfiguration, target: String, loop: EventLoop, channels: [String], patterns: [String],
        continuation: AsyncStream<RedisPush>.Continuation
    ) {
        self.configuration = configuration
        self.target = target
        self.loop = loop
        self.channels = channels
        self.patterns = patterns
        self.continuation = continuation
    }

    func start() {
        let started = Task(executorPreference: loop) { await self.run() }
        task.withLock { $0 = started }
        if stopped.withLock({ $0 }) { started.cancel() }
    }

    /// Ends the stream and the task; from any thread, more than once.
    func stop() {
        stopped.withLock { $0 = true }
        task.withLock { $0 }?.cancel()
        continuation.finish()
    }

    private func run() async {
        var backoff = Backoff()
        while !Task.isCancelled {
            let error: RedisError
            do throws(RedisError) {
                error = try await serve { backoff.reset() }
            } catch let failure {
                error = failure
            }
            guard !Task.isCancelled else { break }
            tell(.interrupted(error))
            await loop.sleep(until: .after(backoff.next()))
        }
        continuation.finish()
    }

    /// One connection's life: returns why it was lost.
    private func serve(connected: () -> Void) async throws(RedisError) -> RedisError {
        let connection = try await RedisConnection.open(
            configuration, target: target, loop: loop, exclusive: true, until: .never)
        connected()
        let (ending, signal) = (Locked<RedisError?>(nil), AsyncSignal(loop: loop))
        let remaining = Locked(channels.count + patterns.count)
        await connection.whenLost { error in
            ending.withLock { $0 = error }
            signal.fire()
        }
        await connection.startPushing { [self, target, configuration] reply in
            if let problem = receive(reply, remaining) {
                let error =
                    problem.isEmpty
                    ? RedisError(.protocolViolation, operation: "SUBSCRIBE", target: target, cause: "not a push")
                    : RedisError.reply(problem, operation: "SUBSCRIBE", target: target, secret: configuration.password)
                Task(executorPreference: loop) { await connection.lose(error) }
            }
        }
        var bytes: [UInt8] = []
        if !channels.isEmpty { RedisCommand(["SUBSCRIBE"] + channels).encode(into: &bytes) }
        if !patterns.isEmpty { RedisCommand(["PSUBSCRIBE"] + patterns).encode(into: &bytes) }
        await connection.post(bytes)
        var ping: [UInt8] = []
        RedisCommand("PING").encode(into: &ping)
        var before = await connection.receivedBytes
        var asked = true
        while ending.withLock({ $0 }) == nil {
            _ = await signal.wait(until: .after(Self.quiet))
            if Task.isCancelled {
                await connection.lose(closed())
                break
            }
            let now = await connection.receivedBytes
            if now != before {
                (before, asked) = (now, false)
            } else if asked {
                await connection.lose(
                    RedisError(.timedOut, operation: "SUBSCRIBE", target: target, cause: "the server is silent"))
            } else {
                await connection.post(ping)
                asked = true
            }
        }
        return ending.withLock { $0 } ?? closed()
    }

    private func closed() -> RedisError {
        RedisError(.closed, operation: "SUBSCRIBE", target: target, cause: "the subscription ended")
    }

    /// Takes one push; returns an error reply's text, or an empty one for what is no push at all.
    private func receive(_ reply: RedisValue, _ remaining: Locked<Int>) -> String? {
        if case .error(let text) = reply { return text }
        if reply == .simple("PONG") { return nil }
        guard let parts = reply.array, let kind = parts.first?.text else { return "" }
        switch (kind, parts.count) {
        case ("message", 3):
            guard let channel = parts[1].text, let payload = parts[2].bytes else { return "" }
            tell(.message(channel: channel, payload: payload))
        case ("pmessage", 4):
            guard let pattern = parts[1].text, let channel = parts[2].text, let payload = parts[3].bytes else {
                return ""
            }
            tell(.patternMessage(pattern: pattern, channel: channel, payload: payload))
        case ("subscribe", 3), ("psubscribe", 3):
            let isComplete = remaining.withLock { count in
                count -= 1
                return count == 0
            }
            if isComplete { tell(.subscribed) }
        case ("pong", 2), ("unsubscribe", 3), ("punsubscribe", 3): break
        default: return ""
        }
        return nil
    }

    private func tell(_ push: RedisPush) {
        let missed = lost.withLock { count in
            defer { count = 0 }
            return count
        }
        var dropped = 0
        if missed > 0, case .dropped(let old) = continuation.yield(.overflowed(missed)) { dropped += Self.weight(old) }
        if case .dropped(let old) = continuation.yield(push) { dropped += Self.weight(old) }
        if dropped > 0 {
            let more = dropped
            lost.withLock { $0 += more }
        }
    }

    /// A dropped notice of dropped events stands for all of them.
    private static func weight(_ push: RedisPush) -> Int {
        if case .overflowed(let count) = push { count } else { 1 }
    }
}
