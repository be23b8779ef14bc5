import Reactor
import RedisClient
import TestSupport
import Testing

@Suite struct CommandsTests {
    @Test func repliesOfAllKinds() async throws {
        let client = try await sharedClient()
        #expect(try await client.send("PING") == .simple("PONG"))
        #expect(try await client.send("SET", "kinds:a", "42") == .simple("OK"))
        #expect(try await client.send("INCR", "kinds:a") == .integer(43))
        #expect(try await client.send("GET", "kinds:a") == .bulk(Array("43".utf8)))
        #expect(try await client.send("GET", "kinds:a").int == 43)
        #expect(try await client.send("GET", "kinds:none") == .null)
        #expect(try await client.send("LRANGE", "kinds:none", "0", "-1") == .array([]))
        _ = try await client.send("RPUSH", "kinds:list", "x", "y")
        #expect(try await client.send("LRANGE", "kinds:list", "0", "-1").array?.map(\.text) == ["x", "y"])
        _ = try await client.send("ZADD", "kinds:z", "1.5", "m")
        #expect(try await client.send("ZSCORE", "kinds:z", "m").double == 1.5)
        _ = try await client.send("HSET", "kinds:h", "f", "1", "g", "2")
        let pairs = try #require(try await client.send("HGETALL", "kinds:h").pairs)
        #expect(pairs.map(\.name) == ["f", "g"])
        // An error inside an array stays a value.
        let nested = RedisScript("return {1, redis.error_reply('ODD thing'), {false, 'x'}}")
        let value = try await client.evaluate(nested, keys: [], until: patience)
        #expect(value == .array([.integer(1), .error("ODD thing"), .array([.null, .bulk([0x78])])]))
    }

    @Test func anyBytesComeBack() async throws {
        let client = try await sharedClient()
        let bytes = [UInt8](0...255) + Array("\r\n$5\r\n".utf8)
        _ = try await client.send(RedisCommand(arguments: [Array("SET".utf8), bytes, bytes]), until: patience)
        let reply = try await client.send(RedisCommand(arguments: [Array("GET".utf8), bytes]), until: patience)
        #expect(reply.bytes == bytes)
        #expect(try await client.send(RedisCommand("SET", "bytes:empty", ""), until: patience) == .simple("OK"))
        #expect(try await client.send("GET", "bytes:empty") == .bulk([]))
    }

    @Test func largerThanAnyBuffer() async throws {
        let client = try await sharedClient()
        let bytes = (0..<(8 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let set = RedisCommand(arguments: [Array("SET".utf8), Array("large".utf8), bytes])
        let get = RedisCommand("GET", "large")
        // Sending and receiving at the same time: neither side may wait for the other.
        let replies = try await client.pipeline([set, get, get, set, get], until: patience)
        #expect(try replies[1].get().bytes == bytes)
        #expect(try replies[4].get().bytes == bytes)
        _ = try await client.send("DEL", "large")
    }

    @Test func tenThousandInOnePipeline() async throws {
        let client = try await sharedClient()
        let commands = (0..<10_000).map { number in
            number.isMultiple(of: 1000)
                ? RedisCommand("LPUSH", "pipe:0") : RedisCommand("SET", "pipe:\(number)", "\(number)")
        }
        _ = try await client.pipeline(commands, until: patience)
        let replies = try await client.pipeline((0..<10_000).map { RedisCommand("GET", "pipe:\($0)") }, until: patience)
        #expect(replies.count == 10_000)
        for (number, reply) in replies.enumerated() {
            let expected = number.isMultiple(of: 1000) ? nil : "\(number)"
            #expect(try reply.get().text == expected)
        }
    }

    @Test func aPipelineTellsEachCommandsError() async throws {
        let client = try await sharedClient()
        let replies = try await client.pipeline(
            [RedisCommand("SET", "each", "x"), RedisCommand("INCR", "each"), RedisCommand("GET", "each")],
            until: patience)
        #expect(try replies[0].get() == .simple("OK"))
        #expect(throws: RedisError.self) { try replies[1].get() }
        if case .failure(let error) = replies[1] { #expect(error.operation == "INCR") }
        #expect(try replies[2].get().text == "x")
        #expect(try await client.pipeline([], until: patience).isEmpty)
    }

    @Test func manyTasksGetTheirOwnReplies() async throws {
        let client = try await sharedClient()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                group.addTask {
                    for round in 0..<20 {
                        let text = "\(number)-\(round)"
                        let reply = try await client.send(RedisCommand("ECHO", text), until: patience)
                        #expect(reply.text == text)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await client.send("CLIENT", "LIST").text?.isEmpty == false)
    }

    @Test func errorRepliesAreTypedAndSayWhatToDo() async throws {
        let client = try await sharedClient()
        _ = try await client.send("SET", "typed", "x")
        let type = try await error { try await client.send("LPUSH", "typed", "y") }
        #expect(type.code == "wrong-type")
        #expect(type.operation == "LPUSH")
        #expect(type.target.contains("shared (127.0.0.1:"))
        #expect(!type.hint.isEmpty && !type.mayHaveExecuted)
        let unknown = try await error {
            try await client.send("NOSUCH", "scratch-secret")
        }
        #expect(unknown.kind == .unknownCommand)
        #expect(!"\(unknown)".contains("scratch-secret"))
        let plain = try await error { try await client.send("INCR", "typed") }
        #expect(plain.kind == .replyError)
    }

    @Test(arguments: [
        ["SUBSCRIBE", "a"], ["MULTI"], ["SELECT", "1"], ["AUTH", "x"], ["MONITOR"], ["client", "reply", "off"], [],
        [""],
    ])
    func whatWouldTakeTheConnectionAwayIsRefused(words: [String]) async throws {
        let client = try await sharedClient()
        let refused = try await error {
            try await client.send(RedisCommand(words), until: patience)
        }
        #expect(refused.kind == .unsupported)
        #expect(try await client.send("PING") == .simple("PONG"))
    }

    @Test func aBlockingCommandDelaysNobody() async throws {
        let client = try await sharedClient()
        async let popped = client.send(RedisCommand("BLPOP", "blocking:list", "0"), until: patience)
        // Were they on one connection, the push would wait for the pop and the pop for the push.
        try await eventually {
            try await info(client, "blocked_clients") != 0
        }
        _ = try await client.send("RPUSH", "blocking:list", "x")
        #expect(try await popped.array?.last?.text == "x")
    }

    @Test func scanFindsEveryKeyOnce() async throws {
        let client = try await sharedClient()
        let keys = Set((0..<2500).map { "scan:\($0)" })
        _ = try await client.pipeline(keys.map { RedisCommand("SET", $0, "") }, until: patience)
        _ = try await client.send("LPUSH", "scan:list", "x")
        var found: Set<String> = []
        for try await key in await client.scan(match: "scan:*", count: 100, until: patience) { found.insert(key) }
        #expect(found == keys.union(["scan:list"]))
        var lists: [String] = []
        for try await key in await client.scan(match: "scan:*", type: "list", until: patience) { lists.append(key) }
        #expect(lists == ["scan:list"])
    }
}
