import Reactor
import RedisClient
import TestSupport
import Testing

@Suite struct TLSTests {
    private func server(_ kind: ScratchCertificates.Kind) async throws -> (ScratchRedis, RedisConfiguration) {
        var options = ScratchRedis.Options()
        options.password = "tls-secret"
        options.tls = kind
        let server = try await ScratchRedis.start(options)
        var configuration = server.configuration
        configuration.port = server.tlsPort
        configuration.tls = .on(caFile: server.caFile)
        return (server, configuration)
    }

    @Test func everythingWorksEncrypted() async throws {
        let (server, configuration) = try await server(.good)
        defer { server.stop() }
        let client = RedisClient(configuration, name: "tls")
        #expect(try await client.send("PING") == .simple("PONG"))
        let bytes = (0..<(4 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 17) }
        let set = RedisCommand(arguments: [Array("SET".utf8), Array("large".utf8), bytes])
        let get = RedisCommand("GET", "large")
        let replies = try await client.pipeline([set, get, set, get], until: patience)
        #expect(try replies[1].get().bytes == bytes)
        #expect(try replies[3].get().bytes == bytes)
        let echoes = try await client.pipeline((0..<10_000).map { RedisCommand("ECHO", "\($0)") }, until: patience)
        for (number, echo) in echoes.enumerated() { #expect(try echo.get().text == "\(number)") }
        var events = await client.subscribe(channels: ["c"]).makeAsyncIterator()
        #expect(await events.next() == .subscribed)
        _ = try await client.send("PUBLISH", "c", "m")
        #expect(await events.next()?.text == "m")
        server.kill()
        try await eventually { await client.state == .idle }
    }

    @Test(arguments: [ScratchCertificates.Kind.otherHost, .expired])
    func aBadCertificateIsRefused(kind: ScratchCertificates.Kind) async throws {
        let (server, configuration) = try await server(kind)
        defer { server.stop() }
        let client = RedisClient(configuration, name: "tls")
        let refused = try await error { try await client.send("PING") }
        #expect(refused.kind == .certificate)
        #expect(!refused.cause.isEmpty && !refused.hint.isEmpty)
        var unchecked = configuration
        unchecked.tls = .on(verify: false)
        let lax = RedisClient(unchecked, name: "tls")
        #expect(try await lax.send("PING") == .simple("PONG"))
    }

    @Test func anUnknownAuthorityIsRefused() async throws {
        let (server, configuration) = try await server(.good)
        defer { server.stop() }
        var strict = configuration
        strict.tls = .on()
        let client = RedisClient(strict, name: "tls")
        let refused = try await error { try await client.send("PING") }
        #expect(refused.kind == .certificate)
        strict.tls = .on(caFile: "/nonexistent.pem")
        let missing = RedisClient(strict, name: "tls")
        let unreadable = try await error { try await missing.send("PING") }
        #expect(unreadable.kind == .certificate)
        #expect(unreadable.hint.contains("CA file"))
    }

    @Test func aPortInClearIsNotTLS() async throws {
        let (server, configuration) = try await server(.good)
        defer { server.stop() }
        var wrong = configuration
        wrong.port = server.port
        wrong.connectTimeout = .milliseconds(500)
        let client = RedisClient(wrong, name: "tls")
        let refused = try await error { try await client.send("PING") }
        #expect([.tls, .serverClosed, .timedOut].contains(refused.kind))
        // And the other way round.
        var clear = configuration
        clear.tls = .off
        let plain = RedisClient(clear, name: "clear")
        let garbage = try await error { try await plain.send("PING") }
        #expect([.protocolViolation, .serverClosed].contains(garbage.kind))
    }

    @Test func aHandshakeThatHangsEndsAtTheDeadline() async throws {
        let liar = ScriptedServer { connection, _ in connection.hang() }
        defer { liar.stop() }
        let configuration = RedisConfiguration(
            port: liar.port, tls: .on(), connectTimeout: .milliseconds(100))
        let client = RedisClient(configuration, name: "tls")
        let late = try await error { try await client.send("PING") }
        #expect(late.kind == .timedOut)
    }
}
