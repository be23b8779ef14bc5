import Reactor
import RedisClient
import TestSupport
import Testing

@Suite struct StreamsTests {
    @Test func readsWhatIsThere() async throws {
        let client = try await sharedClient()
        for number in 1...3 {
            _ = try await client.send("XADD", "st:a", "\(number)-0", "event", "added", "n", "\(number)")
        }
        _ = try await client.send("XADD", "st:b", "7-1", "event", "x", "event", "y")
        let batches = try await client.read(
            streams: [("st:a", "1-0"), ("st:b", "0"), ("st:none", "0")], until: patience)
        #expect(batches.map(\.key) == ["st:a", "st:b"])
        #expect(batches[0].entries.map(\.id) == ["2-0", "3-0"])
        #expect(batches[0].entries[1]["n"] == "3")
        #expect(batches[1].entries[0].fields.map(\.text) == ["x", "y"])
        #expect(batches[1].entries[0].milliseconds == 7)
        let first = try await client.read(streams: [("st:a", "0")], count: 1, until: patience)
        #expect(first[0].entries.map(\.id) == ["1-0"])
        #expect(try await client.read(streams: [("st:a", "3-0")], until: patience).isEmpty)
        let range = try await client.send("XREVRANGE", "st:a", "+", "-")
        #expect(RedisStreamEntry.list(range)?.map(\.id) == ["3-0", "2-0", "1-0"])
    }

    @Test func waitsForTheNextEntryWithoutDelayingOthers() async throws {
        let client = try await sharedClient()
        async let waiting = client.read(streams: [("st:wait", "$")], block: nil, until: patience)
        try await blocked(client, "st:wait")
        let id = try await client.send("XADD", "st:wait", "*", "k", "v").text
        let batches = try await waiting
        #expect(batches.first?.entries.first?.id == id)
    }

    @Test func aWaitInVainGivesNothing() async throws {
        let client = try await sharedClient()
        let batches = try await client.read(streams: [("st:vain", "$")], block: .milliseconds(20))
        #expect(batches.isEmpty)
    }

    @Test func cancellingEndsTheWaitOnTheServerToo() async throws {
        let server = try await ScratchRedis.start()
        defer { server.stop() }
        let client = RedisClient(server.configuration, name: "streams")
        let task = Task {
            try await client.read(streams: [("st:cancel", "$")], block: nil)
        }
        try await blocked(client, "st:cancel")
        task.cancel()
        let error = try await error { try await task.value }
        #expect(error.kind == .cancelled)
        try await eventually { try await info(client, "blocked_clients") == 0 }
    }

    /// Waits until some client is blocked in XREAD.
    private func blocked(_ client: RedisClient, _ key: String) async throws {
        try await eventually {
            let lines = try await client.send("CLIENT", "LIST").text?.split(separator: "\n") ?? []
            return lines.contains { $0.contains("cmd=xread") && $0.contains("flags=b") }
        }
    }
}
