import Glibc
import Reactor
import RedisClient
import TestSupport
import Testing

@Suite struct ConnectionTests {
    @Test func usersAndPasswords() async throws {
        var options = ScratchRedis.Options()
        options.password = "first-secret"
        options.user = ("operator", "second secret/@:%")
        let server = try await ScratchRedis.start(options)
        defer { server.stop() }
        var configuration = server.configuration
        configuration.username = "operator"
        configuration.password = "second secret/@:%"
        let user = RedisClient(configuration, name: "auth")
        #expect(try await user.send("ACL", "WHOAMI").text == "operator")
        configuration.password = "wrong-secret"
        let wrong = try await failure(configuration)
        #expect(wrong.kind == .wrongPassword)
        #expect(wrong.hint.contains("password"))
        #expect(!"\(wrong)".contains("wrong-secret"))
        configuration.password = nil
        #expect(try await failure(configuration).kind == .noAuth)
        let url = "redis://operator:second%20secret%2F%40%3A%25@127.0.0.1:\(server.port)/3"
        let parsed = RedisClient(try .parse(url: url), name: "auth")
        #expect(try await parsed.send("CLIENT", "INFO").text?.contains("user=operator") == true)
        #expect(try await parsed.send("CLIENT", "INFO").text?.contains(" db=3 ") == true)
        _ = try await user.send("ACL", "SETUSER", "operator", "-set")
        let refused = try await error { try await user.send("SET", "a", "b") }
        #expect(refused.kind == .noPermission)
    }

    @Test func aPasswordThatTheServerDoesNotHave() async throws {
        let server = try await ScratchRedis.start()
        defer { server.stop() }
        var configuration = server.configuration
        configuration.password = "needless"
        #expect(try await failure(configuration).kind == .wrongPassword)
        configuration.password = nil
        configuration.database = 99
        #expect(try await failure(configuration).operation == "connect (SELECT)")
    }

    @Test func unixSockets() async throws {
        let server = try await ScratchRedis.shared()
        let url = "redis+unix://:\(server.password ?? "")@\(server.socketPath)?db=2"
        let client = RedisClient(try .parse(url: url), name: "unix")
        #expect(try await client.send("CLIENT", "INFO").text?.contains(" db=2 ") == true)
        #expect(client.target == "unix (\(server.socketPath))")
    }

    @Test func nobodyListens() async throws {
        let server = try await ScratchRedis.start()
        server.stop()
        let client = RedisClient(server.configuration, name: "gone")
        let first = try await error { try await client.send("PING") }
        #expect(first.kind == .connectionRefused)
        #expect(!first.mayHaveExecuted)
        // The pause grows with each failure, until the test is quick enough to see it.
        try await eventually {
            _ = try? await client.send("PING")
            guard case .backingOff(let last, _) = await client.state else { return false }
            return last.kind == .connectionRefused
        }
        var unix = server.configuration
        unix.socketPath = server.socketPath
        let noSocket = try await failure(unix)
        #expect(noSocket.kind == .connectionRefused, "\(noSocket)")
    }

    @Test func aNameThatDoesNotExist() async throws {
        let error = try await failure(RedisConfiguration(host: "no-such-host.invalid"))
        #expect(error.kind == .nameNotResolved)
    }

    @Test func allAddressesOfANameAreTried() async throws {
        // localhost is ::1 first on most machines, and the server listens on 127.0.0.1 only.
        var configuration = try await ScratchRedis.shared().configuration
        configuration.host = "localhost"
        let client = RedisClient(configuration, name: "localhost")
        #expect(try await client.send("PING") == .simple("PONG"))
    }

    @Test func reconnectsAfterTheServerRestarts() async throws {
        let server = try await ScratchRedis.start()
        defer { server.stop() }
        let client = RedisClient(server.configuration, name: "restart")
        #expect(try await client.send("SET", "k", "v") == .simple("OK"))
        #expect(await client.state == .connected)
        server.kill()
        try await eventually { await client.state == .idle }
        _ = try await error { try await client.send("PING") }
        try await server.launch()
        try await eventually { (try? await client.send("PING")) == .simple("PONG") }
        #expect(try await client.send("GET", "k") == .null)
    }

    @Test func aRequestOnAConnectionThatWasClosedMeanwhileGoesOverANewOne() async throws {
        let server = try await ScratchRedis.start()
        defer { server.stop() }
        let client = RedisClient(server.configuration, name: "killed")
        let other = RedisClient(server.configuration, name: "other")
        let id = try await client.send("CLIENT", "ID").text ?? ""
        _ = try await other.send("CLIENT", "KILL", "ID", id)
        try await eventually { await client.state == .idle }
        #expect(try await client.send("CLIENT", "ID").text != id)
    }

    @Test func whatMayHaveExecutedIsNotSentAgain() async throws {
        let requests = Locked(0)
        let server = ScriptedServer { connection, _ in
            if !connection.read(until: "PING\r\n").isEmpty { requests.withLock { $0 += 1 } }
        }
        defer { server.stop() }
        let client = RedisClient(RedisConfiguration(port: server.port, clientName: nil), name: "once")
        let lost = try await error { try await client.send("PING") }
        #expect(lost.kind == .serverClosed)
        #expect(lost.mayHaveExecuted)
        #expect(requests.withLock { $0 } == 1)
    }

    @Test func whatWasNotSentGoesOverTheNextConnection() async throws {
        let release = AsyncSignal(loop: .shared)
        let server = ScriptedServer { connection, number in
            if number == 0 {
                _ = connection.read(until: "PING\r\n")
                connection.write("+PONG\r\n")
                // Takes nothing more off the wire until told, and then breaks off.
                var ready = pollfd(fd: release.descriptor, events: Int16(POLLIN), revents: 0)
                _ = poll(&ready, 1, 30_000)
            } else {
                while !connection.read(until: "PING\r\n").isEmpty { connection.write("+PONG\r\n") }
            }
        }
        defer { server.stop() }
        let client = RedisClient(RedisConfiguration(port: server.port, clientName: nil), name: "unsent")
        let large = RedisCommand(arguments: [Array("SET".utf8), [1], [UInt8](repeating: 0, count: 32 << 20)])
        #expect(try await client.send("PING") == .simple("PONG"))
        // Both start on the client's loop, in this order: the second is behind the large one and cannot leave.
        let half = Task(executorPreference: EventLoop.shared) { try await client.send(large, until: patience) }
        let small = Task(executorPreference: EventLoop.shared) {
            try await client.send(RedisCommand("INCR", "a"), until: .after(.milliseconds(500)))
        }
        let withdrawn = try await error { try await small.value }
        #expect(withdrawn.kind == .timedOut)
        #expect(!withdrawn.mayHaveExecuted)
        async let unsent = client.send(RedisCommand("PING"), until: patience)
        // The request is queued before the signal is given: both run on the client's loop in this order.
        #expect(await client.state == .connected)
        release.fire()
        #expect(try await unsent == .simple("PONG"))
        let cut = try await error { try await half.value }
        #expect(cut.kind == .serverClosed)
        #expect(cut.mayHaveExecuted)
    }

    @Test func aSilentServerEndsAtTheDeadlineAndNotBeforeItAnswersOthers() async throws {
        let server = try await ScratchRedis.start()
        defer { server.stop() }
        let client = RedisClient(server.configuration, name: "silent")
        _ = try await client.send("SET", "k", "v")
        server.suspend()
        // Two askers: the patient one must not suffer from the other's deadline, nor get its reply.
        async let patient = client.send(RedisCommand("ECHO", "mine"), until: patience)
        // On a slow machine the deadline may pass before anything was sent: then once more.
        try await eventually {
            let error = try await error {
                try await client.send(RedisCommand("ECHO", "late"), until: .after(.milliseconds(100)))
            }
            #expect(error.kind == .timedOut)
            return error.mayHaveExecuted
        }
        server.resume()
        #expect(try await patient.text == "mine")
        #expect(try await client.send("ECHO", "next").text == "next")
    }

    @Test func aSilentServerIsGivenUpWhenNobodyWaitsAnyMore() async throws {
        let server = try await ScratchRedis.start()
        defer { server.stop() }
        let client = RedisClient(server.configuration, name: "silent")
        _ = try await client.send("PING")
        server.suspend()
        try await eventually {
            let error = try await error {
                try await client.send(RedisCommand("PING"), until: .after(.milliseconds(100)))
            }
            #expect(error.kind == .timedOut)
            return await client.state == .idle
        }
        server.resume()
        #expect(try await client.send("ECHO", "back").text == "back")
    }

    @Test func aCancelledRequestsReplyGoesToNobody() async throws {
        let server = try await ScratchRedis.start()
        defer { server.stop() }
        let client = RedisClient(server.configuration, name: "cancel")
        let connection = try await client.send("CLIENT", "ID")
        server.suspend()
        let task = Task {
            try await client.send(RedisCommand("ECHO", "cancelled"), until: patience)
        }
        async let other = client.send(RedisCommand("ECHO", "other"), until: patience)
        task.cancel()
        let error = try await error { try await task.value }
        #expect(error.kind == .cancelled)
        server.resume()
        #expect(try await other.text == "other")
        #expect(try await client.send("CLIENT", "ID") == connection)
    }

    @Test func closingFailsWhatWaitsAndWhatComes() async throws {
        let server = try await ScratchRedis.start()
        defer { server.stop() }
        let client = RedisClient(server.configuration, name: "closing")
        _ = try await client.send("PING")
        let task = Task {
            try await client.send(RedisCommand("BLPOP", "nothing", "0"), until: patience)
        }
        try await eventually { try await info(client, "blocked_clients") == 1 }
        await client.close()
        let pending = try await error { try await task.value }
        #expect(pending.kind == .closed)
        #expect(pending.mayHaveExecuted)
        let late = try await error { try await client.send("PING") }
        #expect(late.kind == .closed)
        #expect(await client.state == .closed)
        await client.close()
    }

    @Test func aReleasedClientLeavesNoConnection() async throws {
        let server = try await ScratchRedis.start()
        defer { server.stop() }
        let watcher = RedisClient(server.configuration, name: "watcher")
        do {
            let client = RedisClient(server.configuration, name: "released")
            _ = try await client.read(streams: [("none", "$")], block: .milliseconds(1))
            _ = try await client.send("PING")
            try await eventually { try await info(watcher, "connected_clients") == 3 }
        }
        try await eventually {
            try await info(watcher, "connected_clients") == 1
        }
    }

    @Test func tooManyClientsIsSaidAsSuch() async throws {
        var options = ScratchRedis.Options()
        options.lines = ["maxclients 2"]
        let server = try await ScratchRedis.start(options)
        defer { server.stop() }
        let clients = (0..<2).map { RedisClient(server.configuration, name: "client \($0)") }
        // The server may still be counting the connection that found it ready.
        for client in clients { try await eventually { (try? await client.send("PING")) != nil } }
        #expect(try await failure(server.configuration).kind == .tooManyClients)
        for client in clients { #expect(try await client.send("PING") == .simple("PONG")) }
    }

    private func failure(_ configuration: RedisConfiguration) async throws -> RedisError {
        let client = RedisClient(configuration, name: "failing")
        return try await error { try await client.send("PING") }
    }
}
