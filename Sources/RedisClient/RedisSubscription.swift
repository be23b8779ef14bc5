import Reactor

/// What a subscription tells.
public enum RedisPush: Sendable, Hashable {
    /// Everything asked for is subscribed; again after each reconnect. What was published between an
    /// ``interrupted(_:)`` and this is lost: read the state anew.
    case subscribed
    case message(channel: String, payload: [UInt8])
    case patternMessage(pattern: String, channel: String, payload: [UInt8])
    /// The connection was lost or could not be made; the subscription goes on trying.
    case interrupted(RedisError)
    /// So many events were dropped because the reader is slower than the publishers.
    case overflowed(Int)

    /// The payload of a message as text.
    public var text: String? {
        switch self {
        case .message(_, let payload), .patternMessage(_, _, let payload): String(decoding: payload, as: UTF8.self)
        case .subscribed, .interrupted, .overflowed: nil
        }
    }
}

extension RedisClient {
    /// Subscribes on a connection of its own, reconnects with backoff and jitter, subscribes again and says so.
    ///
    /// - Parameters:
    ///   - channels: names; patterns are globs (PSUBSCRIBE).
    /// - Returns: events until the reader stops iterating or the client is closed or released. At most 10,000 wait
    ///   for a slow reader.
    public func subscribe(channels: [String], patterns: [String] = []) -> AsyncStream<RedisPush> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: RedisPush.self, bufferingPolicy: .bufferingNewest(10_000))
        guard !isClosed, !(channels.isEmpty && patterns.isEmpty) else {
            continuation.finish()
            return stream
        }
        let id = nextWaiter
        nextWaiter += 1
        let subscription = Subscription(
            configuration: configuration, target: target, loop: loop, channels: channels, patterns: patterns,
            continuation: continuation)
        subscriptions[id] = subscription
        continuation.onTermination = { [weak self, loop] _ in
            subscription.stop()
            Task(executorPreference: loop) { [weak self] in await self?.drop(id) }
        }
        subscription.start()
        return stream
    }

    private func drop(_ id: UInt64) { subscriptions[id] = nil }
}
