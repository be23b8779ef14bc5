import Glibc
import Reactor
import RedisClient
import TestSupport
import Testing

/// Servers that lie, break off or say nothing: an error each time, and no more than the limits of memory.
@Suite struct LiarTests {
    private func client(of server: ScriptedServer, limits: RedisLimits = RedisLimits()) -> RedisClient {
        RedisClient(RedisConfiguration(port: server.port, clientName: nil, limits: limits), name: "liar")
    }

    /// What a client says to a server that answers every request with `answer` and then stays silent.
    private func error(to answer: String, limits: RedisLimits = RedisLimits(), closes: Bool = false) async throws
        -> RedisError
    {
        let server = ScriptedServer { connection, _ in
            _ = connection.read()
            connection.write(answer)
            if !closes { connection.hang() }
        }
        defer { server.stop() }
        let client = client(of: server, limits: limits)
        let error = try await RedisClientTests.error {
            try await client.send("GET", "a")
        }
        await client.close()
        return error
    }

    @Test(arguments: [
        "%1\r\n+a\r\n+b\r\n", "HTTP/1.1 400 Bad Request\r\n\r\n", "\u{0}\u{1}\u{2}", "$abc\r\n", "*x\r\n",
        ":12x\r\n", "$-2\r\n", "*-7\r\n", "$3\r\nabcdef\r\n", "_\r\n", "#t\r\n", "*2147483648\r\n",
        "$99999999999999999999999\r\n", "\r\n", "$" + String(repeating: "1", count: 100),
        String(repeating: "*1\r\n", count: 50) + "+deep\r\n",
    ])
    func garbageIsAProtocolError(answer: String) async throws {
        let error = try await error(to: answer)
        #expect(error.kind == .protocolViolation)
        #expect(error.mayHaveExecuted)
    }

    @Test(arguments: [
        "$999999999999\r\nx", "$9223372036854775807\r\nx", "*2147483647\r\n+a\r\n", "*2000000\r\n",
        "*1000\r\n" + String(repeating: "*1000000\r\n", count: 5), "+" + String(repeating: "x", count: 1 << 20),
    ])
    func liesAboutLengthsAreNotBelieved(answer: String) async throws {
        #expect(try await error(to: answer).kind == .tooLarge)
    }

    @Test func manySmallValuesMakeALargeReply() async throws {
        let answer = "*100\r\n" + String(repeating: "$10\r\n0123456789\r\n", count: 100)
        #expect(try await error(to: answer, limits: RedisLimits(bytes: 999, elements: 1000)).kind == .tooLarge)
        #expect(try await error(to: answer, limits: RedisLimits(bytes: 1000, elements: 100)).kind == .tooLarge)
        let nested = String(repeating: "*5\r\n", count: 3) + String(repeating: "+a\r\n", count: 200)
        #expect(try await error(to: nested, limits: RedisLimits(bytes: 1000, elements: 14)).kind == .tooLarge)
    }

    @Test func aReplyAtTheLimitIsFine() async throws {
        let server = ScriptedServer { connection, _ in
            while !connection.read().isEmpty {
                connection.write("*100\r\n" + String(repeating: "$10\r\n0123456789\r\n", count: 100))
            }
        }
        defer { server.stop() }
        let client = client(of: server, limits: RedisLimits(bytes: 1000, elements: 101))
        // The count starts again with each reply.
        for _ in 0..<3 { #expect(try await client.send("GET", "a").array?.count == 100) }
    }

    @Test(arguments: ["", "$10\r\nabc", "*2\r\n+a\r\n", "+O", "$"])
    func closingInTheMiddle(answer: String) async throws {
        let error = try await error(to: answer, closes: true)
        #expect(error.kind == .serverClosed)
        #expect(error.mayHaveExecuted)
    }

    @Test func aResetIsAClose() async throws {
        let server = ScriptedServer { connection, _ in
            _ = connection.read()
            connection.reset()
        }
        defer { server.stop() }
        let client = client(of: server)
        let error = try await RedisClientTests.error { try await client.send("PING") }
        #expect(error.kind == .serverClosed)
    }

    @Test(arguments: ["", "*2\r\n+a\r\n", "$10\r\nabc"])
    func hanging(answer: String) async throws {
        let server = ScriptedServer { connection, _ in
            _ = connection.read()
            connection.write(answer)
            connection.hang()
        }
        defer { server.stop() }
        let client = client(of: server)
        // On a slow machine the deadline may pass before anything was sent: then once more.
        try await eventually {
            let error = try await RedisClientTests.error {
                try await client.send(RedisCommand("PING"), until: .after(.milliseconds(200)))
            }
            #expect(error.kind == .timedOut)
            return error.mayHaveExecuted
        }
    }

    @Test func hangingDuringTheGreeting() async throws {
        let server = ScriptedServer { connection, _ in connection.hang() }
        defer { server.stop() }
        let configuration = RedisConfiguration(
            port: server.port, password: "secret", connectTimeout: .milliseconds(50))
        let client = RedisClient(configuration, name: "liar")
        let slow = try await RedisClientTests.error { try await client.send("PING") }
        #expect(slow.kind == .timedOut)
        #expect(!slow.mayHaveExecuted)
        // While it backs off: at once, with the same cause.
        let next = try await RedisClientTests.error { try await client.send("PING") }
        #expect(next.kind == .timedOut)
    }

    @Test func repliesThatNobodyAskedFor() async throws {
        let server = ScriptedServer { connection, number in
            if number == 0 {
                _ = connection.read()
                connection.write("+one\r\n+two\r\n+three\r\n")
                connection.hang()
            } else {
                while !connection.read().isEmpty { connection.write("+right\r\n") }
            }
        }
        defer { server.stop() }
        let client = client(of: server)
        #expect(try await client.send("GET", "a") == .simple("one"))
        // The connection is not trusted any more; the next request must not get "two".
        #expect(try await client.send("GET", "b") == .simple("right"))
    }

    @Test func whyTheServerClosesIsTold() async throws {
        let server = ScriptedServer { connection, _ in
            connection.write("-ERR max number of clients reached\r\n")
        }
        defer { server.stop() }
        let client = RedisClient(RedisConfiguration(port: server.port), name: "liar")
        let error = try await RedisClientTests.error { try await client.send("PING") }
        #expect([.tooManyClients, .serverClosed].contains(error.kind))
    }

    @Test func anEchoedPasswordIsNotShown() async throws {
        let server = ScriptedServer { connection, _ in
            _ = connection.read()
            connection.write("-ERR unknown command `AUTH`, with args beginning with: `hunter2`, \r\n+OK\r\n")
            connection.hang()
        }
        defer { server.stop() }
        let client = RedisClient(RedisConfiguration(port: server.port, password: "hunter2"), name: "liar")
        let error = try await RedisClientTests.error { try await client.send("PING") }
        #expect(error.kind == .unknownCommand)
        var text = "\(error) \(await client.state)"
        dump(error, to: &text)
        dump(client.configuration, to: &text)
        #expect(!text.contains("hunter2"))
    }

    @Test func repliesByteByByte() async throws {
        let server = ScriptedServer { connection, _ in
            while !connection.read().isEmpty {
                for byte in Array("*3\r\n$3\r\na\r\n\r\n:-12\r\n*-1\r\n".utf8) { connection.write([byte]) }
            }
        }
        defer { server.stop() }
        let client = client(of: server)
        for _ in 0..<3 {
            let reply = try await client.send("GET", "a")
            #expect(reply == .array([.bulk([0x61, 0x0d, 0x0a]), .integer(-12), .null]))
        }
    }

    @Test func aServerThatNeverReadsDoesNotHangTheSender() async throws {
        let release = Locked(false)
        let server = ScriptedServer { _, _ in
            while !release.withLock({ $0 }) { _ = poll(nil, 0, 5) }
        }
        defer {
            release.withLock { $0 = true }
            server.stop()
        }
        let client = client(of: server)
        let bytes = [UInt8](repeating: 0, count: 32 << 20)
        let error = try await RedisClientTests.error {
            try await client.send(
                RedisCommand(arguments: [Array("SET".utf8), [1], bytes]), until: .after(.milliseconds(200)))
        }
        #expect(error.kind == .timedOut)
    }

    @Test func wrongShapesAreErrors() async throws {
        let server = ScriptedServer { connection, _ in
            while !connection.read().isEmpty { connection.write("*1\r\n+odd\r\n") }
        }
        defer { server.stop() }
        let client = client(of: server)
        let read = try await RedisClientTests.error {
            try await client.read(streams: [("a", "0")])
        }
        #expect(read.kind == .protocolViolation)
        let scan = await client.scan(until: patience)
        let page = try await RedisClientTests.error {
            var iterator = scan.makeAsyncIterator()
            return try await iterator.next() ?? ""
        }
        #expect(page.kind == .protocolViolation)
    }
}
