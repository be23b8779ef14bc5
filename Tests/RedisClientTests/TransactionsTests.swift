import Reactor
import RedisClient
import TestSupport
import Testing

@Suite struct TransactionsTests {
    @Test func allOrNothing() async throws {
        let client = try await sharedClient()
        let replies = try await client.transaction(
            [RedisCommand("SET", "tx:a", "1"), RedisCommand("INCR", "tx:a"), RedisCommand("LPUSH", "tx:a", "x")],
            until: patience)
        #expect(replies?[0] == .simple("OK"))
        #expect(replies?[1] == .integer(2))
        // What fails while it runs does not undo the others, and is told in its place.
        guard case .error(let text)? = replies?[2] else { throw TestEnded() }
        #expect(text.hasPrefix("WRONGTYPE"))
        #expect(try await client.transaction([], until: patience)?.isEmpty == true)
    }

    @Test func aCommandThatCannotBeQueuedStopsAll() async throws {
        let client = try await sharedClient()
        _ = try await client.send("SET", "tx:b", "before")
        let error = try await error {
            try await client.transaction(
                [RedisCommand("SET", "tx:b", "after"), RedisCommand("GET")], until: patience)
        }
        // The cause, and not the EXECABORT that follows it.
        #expect(error.operation == "GET")
        #expect(try await client.send("GET", "tx:b").text == "before")
    }

    @Test func watchedKeysThatChange() async throws {
        let (client, other) = (try await sharedClient(), try await sharedClient())
        _ = try await client.send("SET", "tx:watched", "1")
        let plan: @Sendable ([RedisValue]) async throws(RedisError) -> [RedisCommand] = { read throws(RedisError) in
            #expect(read.map(\.text) == ["1"])
            _ = try await other.send("SET", "tx:watched", "2")
            return [RedisCommand("SET", "tx:watched", "3")]
        }
        let replies = try await client.transaction(
            watching: ["tx:watched"], reading: [RedisCommand("GET", "tx:watched")], until: patience, then: plan)
        #expect(replies == nil)
        #expect(try await client.send("GET", "tx:watched").text == "2")
    }

    @Test func watchedKeysThatDoNotChange() async throws {
        let client = try await sharedClient()
        _ = try await client.send("SET", "tx:still", "1")
        let set = RedisCommand("SET", "tx:still", "2")
        #expect(try await client.transaction(watching: ["tx:still"], [set], until: patience) == [.simple("OK")])
        let replies = try await client.transaction(
            watching: ["tx:still"], reading: [RedisCommand("GET", "tx:still")], until: patience
        ) { read throws(RedisError) in
            [RedisCommand("INCRBY", "tx:still", read[0].text ?? "")]
        }
        #expect(replies == [.integer(4)])
    }

    @Test func aPlanThatDoesNothingLeavesNoWatchBehind() async throws {
        let client = try await sharedClient()
        for _ in 0..<3 {
            let replies = try await client.transaction(watching: ["tx:none"], reading: [], until: patience) {
                _ throws(RedisError) in []
            }
            #expect(replies == [])
            _ = try await client.send("SET", "tx:none", "x")
            // The same spare connection: a watch left behind would make this nil.
            #expect(
                try await client.transaction(
                    watching: ["tx:other"], [RedisCommand("PING")], until: patience) == [.simple("PONG")])
        }
    }
}
