import Glibc
import PostgresClient
import Reactor
import TestSupport
import Testing

/// Hosts, passwords and lost connections, against real servers.
@Suite struct ConnectingTests {
    @Test func `state tells which server answers`() async throws {
        try await ScratchPostgres.with { (client) async throws in
            #expect(await !client.state.isConnected)
            let pid = try await client.query("select pg_backend_pid()", until: .generous).value(as: Int32.self)
            let state = await client.state
            #expect(state.isConnected)
            #expect(state.backendPID == pid)
            #expect(try #require(state.serverVersion) >= 120_000)
            #expect(state.host?.host == "127.0.0.1")
            #expect(state.lastError == nil)
            #expect(!state.isEncrypted)
        }
    }

    @Test func `a dead first host and a name that does not exist are passed over`() async throws {
        let dead = try ScratchPostgres.freePort()
        try await ScratchPostgres.with {
            $0.hosts =
                [.init(host: "127.0.0.1", port: dead), .init(host: "no-such-host.invalid")] + $0.hosts
        } _: { (client) async throws in
            #expect(try await client.query("select 1", until: .generous).value(as: Int.self) == 1)
            #expect(await client.state.host == client.configuration.hosts[2])
        }
    }

    @Test func `a first host that never answers leaves time for the second`() async throws {
        let silent = ScriptedServer { connection, _ in connection.hang() }
        try await ScratchPostgres.with {
            $0.hosts = [.init(host: "127.0.0.1", port: silent.port)] + $0.hosts
            $0.connectTimeout = .seconds(5)
        } _: { (client) async throws in
            #expect(try await client.query("select 1", until: .generous).value(as: Int.self) == 1)
        }
        silent.stop()
    }

    @Test func `a Unix socket and a name are ways in too`() async throws {
        let server = try await ScratchPostgres.shared()
        for host in [server.folder, "localhost"] {
            try await ScratchPostgres.with {
                $0.hosts[0].host = host
            } _: { (client) async throws in
                #expect(try await client.query("select 1", until: .generous).value(as: Int.self) == 1)
            }
        }
    }

    @Test func `nobody listening is told as such, and at once while the pause lasts`() async throws {
        let port = try ScratchPostgres.freePort()
        try await ScratchPostgres.with {
            $0.hosts = [.init(name: "eu-west-1a", host: "127.0.0.1", port: port)]
        } _: { (client) async throws in
            let error = await failure { try await client.query("select 1", until: .generous) }
            #expect(error?.code == "connection-refused")
            #expect(error?.target == "eu-west-1a (127.0.0.1:\(port))")
            #expect(error?.hint.contains("listen_addresses") == true)
            #expect(error?.mayHaveExecuted == false)
            let again = await failure { try await client.query("select 1", until: .never) }
            #expect(again == error)
            #expect(await client.state.lastError == error)
        }
    }

    @Test func `a wrong password is told with where to look, and never shown`() async throws {
        try await ScratchPostgres.with {
            $0.password = "wrong-horse-battery"
        } _: { (client) async throws in
            let error = try #require(await failure { try await client.query("select 1", until: .generous) })
            #expect(error.code == "password-rejected")
            #expect(error.sqlState == "28P01")
            #expect(error.hint.contains("~/.pgpass line for 127.0.0.1:"))
            #expect(!"\(error) \(String(reflecting: error))".contains("horse"))
        }
    }

    @Test func `a missing database and a missing password have codes of their own`() async throws {
        try await ScratchPostgres.with {
            $0.database = "no_such_database"
        } _: { (client) async throws in
            let error = await failure { try await client.query("select 1", until: .generous) }
            #expect(error?.code == "sqlstate-3D000")
            #expect(error?.hint.contains("no_such_database") == true)
        }
        try await ScratchPostgres.with {
            $0.password = nil
            $0.passfile = "/nonexistent/pgpass"
        } _: { (client) async throws in
            let error = await failure { try await client.query("select 1", until: .generous) }
            #expect(error?.code == "password-missing")
        }
    }

    @Test func `a password file serves the password`() async throws {
        let server = try await ScratchPostgres.shared()
        let path = server.folder + "/pgpass"
        let line = "127.0.0.1:\(server.port):*:\(server.superuser):\(server.password)\n"
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        #expect(line.withCString { write(file, $0, strlen($0)) } == line.utf8.count)
        close(file)
        try await ScratchPostgres.with {
            $0.password = nil
            $0.passfile = path
        } _: { (client) async throws in
            #expect(try await client.query("select 1", until: .generous).value(as: Int.self) == 1)
        }
    }

    @Test func `target session attributes choose the host`() async throws {
        try await ScratchPostgres.with {
            $0.targetSessionAttributes = .standby
        } _: { (client) async throws in
            let error = await failure { try await client.query("select 1", until: .generous) }
            #expect(error?.code == "wrong-session")
        }
        for wanted in [PostgresConfiguration.TargetSessionAttributes.preferStandby, .readWrite, .primary] {
            try await ScratchPostgres.with {
                $0.targetSessionAttributes = wanted
            } _: { (client) async throws in
                #expect(try await client.query("select 1", until: .generous).value(as: Int.self) == 1)
            }
        }
    }

    @Test func `a session that the server ended between calls is made anew unseen`() async throws {
        try await ScratchPostgres.withTwo { (watcher, client) async throws in
            let pid = try await client.query("select pg_backend_pid()", until: .generous).value(as: Int.self)
            #expect(
                try await watcher.query("select pg_terminate_backend($1)", [.int(pid)], until: .generous).value())
            #expect(
                // Not by pg_stat_activity: a session leaves it before its process closes the connection.
                try await eventually { access("/proc/\(pid)", F_OK) != 0 })
            let next = try await client.query("select pg_backend_pid()", until: .generous).value(as: Int.self)
            #expect(next != pid)
            #expect(await client.state.connections == 2)
        }
    }

    @Test func `a transaction whose session was lost is not carried on outside it`() async throws {
        try await ScratchPostgres.withTwo { (watcher, client) async throws in
            _ = try await client.query("begin", until: .generous)
            let pid = try await client.query("select pg_backend_pid()", until: .generous).value(as: Int.self)
            _ = try await watcher.query("select pg_terminate_backend($1)", [.int(pid)], until: .generous)
            #expect(
                // Not by pg_stat_activity: a session leaves it before its process closes the connection.
                try await eventually { access("/proc/\(pid)", F_OK) != 0 })
            let error = await failure { try await client.query("select 1", until: .generous) }
            #expect(error?.code == "server-closed")
            #expect(error?.mayHaveExecuted == false)
            #expect(try await client.query("select 1", until: .generous).value(as: Int.self) == 1)
        }
    }

    @Test func `a session that the server ends under a statement leaves its outcome unknown`() async throws {
        try await ScratchPostgres.withTwo { (watcher, client) async throws in
            let pid = try await client.query("select pg_backend_pid()", until: .generous).value(as: Int.self)
            let call = Task { await failure { try await client.query("select pg_sleep(600)", until: .generous) } }
            #expect(
                try await eventually {
                    try await watcher.query(
                        "select count(*) from pg_stat_activity where pid = $1 and wait_event = 'PgSleep'",
                        [.int(pid)], until: .generous
                    ).value(as: Int.self) == 1
                })
            _ = try await watcher.query("select pg_terminate_backend($1)", [.int(pid)], until: .generous)
            let error = await call.value
            #expect(error?.code == "sqlstate-57P01")
            #expect(error?.mayHaveExecuted == true)
            #expect(try await client.query("select 1", until: .generous).value(as: Int.self) == 1)
        }
    }

    @Test func `a restarted server is found again`() async throws {
        let server = try await ScratchPostgres.start()
        let client = server.client()
        _ = try await client.query("select 1", until: .generous)
        try await server.stop(signal: SIGQUIT)
        let down = await failure { try await client.query("select 1", until: .generous) }
        #expect(down?.code == "connection-refused")
        try await server.launch()
        #expect(await eventually { (try? await client.query("select 1", until: .generous)) != nil })
        #expect(await client.state.connections == 2)
        try await server.stop()

        // One that keeps trying by itself needs no second call.
        var patient = server.configuration()
        patient.retriesUntilDeadline = true
        let waiting = PostgresClient(patient, name: "patient")
        let call = Task { try await waiting.query("select 1", until: .generous).value(as: Int.self) }
        #expect(await eventually { await waiting.state.lastError != nil })
        try await server.launch()
        #expect(try await call.value == 1)
        await waiting.close()
        await client.close()
        try await server.stop()
    }

    @Test func `a replica follows, refuses writes and is chosen as standby`() async throws {
        let server = try await ScratchPostgres.start()
        let standby = try await server.startReplica()
        var both = server.configuration()
        both.hosts += standby.configuration().hosts
        both.targetSessionAttributes = .preferStandby
        let client = PostgresClient(both, name: "both")
        #expect(try await client.query("select pg_is_in_recovery()", until: .generous).value(as: Bool.self))
        let error = await failure { try await client.query("create table t ()", until: .generous) }
        #expect(error?.code == "sqlstate-25006")
        #expect(error?.hint.contains("primary") == true)
        await client.close()
        try await standby.stop()
        try await server.stop()
    }
}
