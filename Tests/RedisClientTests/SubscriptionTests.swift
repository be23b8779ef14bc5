import Reactor
import RedisClient
import TestSupport
import Testing

@Suite struct SubscriptionTests {
    @Test func messagesAndPatterns() async throws {
        let client = try await sharedClient()
        var events = await client.subscribe(channels: ["sub:a", "sub:b"], patterns: ["sub:p:*"]).makeAsyncIterator()
        #expect(await events.next() == .subscribed)
        _ = try await client.send("PUBLISH", "sub:a", "one")
        _ = try await client.send("PUBLISH", "sub:p:x", "two")
        _ = try await client.send(
            RedisCommand(arguments: [Array("PUBLISH".utf8), Array("sub:b".utf8), [0, 255]]), until: patience)
        #expect(await events.next() == .message(channel: "sub:a", payload: Array("one".utf8)))
        let pattern = await events.next()
        #expect(pattern == .patternMessage(pattern: "sub:p:*", channel: "sub:p:x", payload: Array("two".utf8)))
        #expect(pattern?.text == "two")
        #expect(await events.next() == .message(channel: "sub:b", payload: [0, 255]))
    }

    @Test func aKilledConnectionSubscribesAgainAndSaysSo() async throws {
        let server = try await ScratchRedis.start()
        defer { server.stop() }
        let client = RedisClient(server.configuration, name: "subscription")
        var events = await client.subscribe(channels: ["sub:killed"]).makeAsyncIterator()
        #expect(await events.next() == .subscribed)
        #expect(try await client.send("CLIENT", "KILL", "TYPE", "pubsub") == .integer(1))
        guard case .interrupted(let error)? = await events.next() else { throw TestEnded() }
        #expect(error.kind == .serverClosed)
        #expect(await events.next() == .subscribed)
        #expect(try await client.send("PUBLISH", "sub:killed", "after") == .integer(1))
        #expect(await events.next()?.text == "after")
    }

    @Test func anEndedReaderEndsTheSubscription() async throws {
        let server = try await ScratchRedis.start()
        defer { server.stop() }
        let client = RedisClient(server.configuration, name: "subscription")
        do {
            var events = await client.subscribe(channels: ["sub:end"]).makeAsyncIterator()
            #expect(await events.next() == .subscribed)
            #expect(try await client.send("PUBSUB", "NUMSUB", "sub:end").array?.last?.int == 1)
        }
        try await eventually { try await client.send("PUBSUB", "NUMSUB", "sub:end").array?.last?.int == 0 }
    }

    @Test func closingTheClientEndsTheStream() async throws {
        let client = try await sharedClient()
        var events = await client.subscribe(channels: ["sub:close"]).makeAsyncIterator()
        #expect(await events.next() == .subscribed)
        await client.close()
        #expect(await events.next() == nil)
        var late = await client.subscribe(channels: ["sub:close"]).makeAsyncIterator()
        #expect(await late.next() == nil)
    }

    @Test func aServerThatIsNotThereIsAnEventAndNotTheEnd() async throws {
        let server = try await ScratchRedis.start()
        defer { server.stop() }
        server.kill()
        let client = RedisClient(server.configuration, name: "subscription")
        var events = await client.subscribe(channels: ["sub:later"]).makeAsyncIterator()
        guard case .interrupted(let error)? = await events.next() else { throw TestEnded() }
        #expect(error.kind == .connectionRefused)
        try await server.launch()
        while case .interrupted? = await events.next() {}
        #expect(try await client.send("PUBLISH", "sub:later", "x") == .integer(1))
        await client.close()
    }

    @Test func aSlowReaderLosesTheOldestAndIsTold() async throws {
        let client = try await sharedClient()
        let stream = await client.subscribe(channels: ["sub:many"])
        var events = stream.makeAsyncIterator()
        #expect(await events.next() == .subscribed)
        let publish = (0..<12_000).map { RedisCommand("PUBLISH", "sub:many", "\($0)") }
        _ = try await client.pipeline(publish, until: patience)
        var accounted = 0
        var isDrained = false
        while let event = await events.next() {
            if case .overflowed(let count) = event { accounted += count }
            if case .message = event { accounted += 1 }
            if event.text == "11999" {
                // With room in the buffer again, what was dropped last is told before this one.
                _ = try await client.send("PUBLISH", "sub:many", "end")
            }
            isDrained = event.text == "end"
            if isDrained { break }
        }
        #expect(isDrained)
        #expect(accounted == 12_001)
    }
}
