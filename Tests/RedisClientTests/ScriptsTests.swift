import Reactor
import RedisClient
import TestSupport
import Testing

/// On a server of its own: SCRIPT FLUSH is for all.
@Suite struct ScriptsTests {
    @Test func aFlushedScriptIsSentAgain() async throws {
        let server = try await ScratchRedis.start()
        defer { server.stop() }
        let client = RedisClient(server.configuration, name: "scripts")
        let script = RedisScript("return {KEYS[1], ARGV[1], ARGV[2]}")
        for flush in [false, true, false] {
            if flush { _ = try await client.send("SCRIPT", "FLUSH") }
            let reply = try await client.evaluate(script, keys: ["k"], arguments: ["a", "b"], until: patience)
            #expect(reply.array?.map(\.text) == ["k", "a", "b"])
        }
        let statistics = try await client.send("INFO", "commandstats").text ?? ""
        // The first time and after the flush by text, else by hash.
        #expect(statistics.contains("cmdstat_eval:calls=2,"))
        #expect(statistics.contains("cmdstat_evalsha:calls=3,"))
        #expect(try await client.send("SCRIPT", "EXISTS", script.hash).array == [.integer(1)])
    }

    @Test func argumentsOfAnyBytes() async throws {
        let client = try await sharedClient()
        let bytes = [UInt8](0...255)
        let script = RedisScript("return ARGV[1]")
        #expect(try await client.evaluate(script, keys: [], arguments: [bytes], until: patience).bytes == bytes)
    }

    @Test func aFailingScriptIsNotRunTwice() async throws {
        let client = try await sharedClient()
        let script = RedisScript("redis.call('INCR', KEYS[1]); return redis.error_reply('NOTNOW please')")
        for round in 1...2 {
            let error = try await error {
                try await client.evaluate(script, keys: ["script:runs"], until: patience)
            }
            #expect(error.cause == "NOTNOW please")
            #expect(try await client.send("GET", "script:runs").int == Int64(round))
        }
    }
}
