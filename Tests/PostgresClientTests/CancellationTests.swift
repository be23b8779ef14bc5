import PostgresClient
import Reactor
import TestSupport
import Testing

/// What happens to a statement whose caller gives up.
@Suite struct CancellationTests {
    /// How many sessions run a statement with this mark now.
    private func running(_ mark: String, _ watcher: PostgresClient) async throws -> Int {
        try await watcher.query(
            "select count(*) from pg_stat_activity where state = 'active' and pid <> pg_backend_pid() and query like $1",
            [.text("%\(mark)%")], until: .generous
        ).value()
    }

    @Test func `a cancelled task cancels its statement on the server`() async throws {
        try await ScratchPostgres.withTwo { (watcher, client) async throws in
            let call = Task {
                await failure {
                    try await client.query("select pg_sleep(600) /* cancel-me */", until: .never)
                }
            }
            #expect(try await eventually { try await running("cancel-me", watcher) == 1 })
            call.cancel()
            let error = await call.value
            #expect(error?.code == "cancelled")
            #expect(error?.mayHaveExecuted == true)
            #expect(try await eventually { try await running("cancel-me", watcher) == 0 })
            // The same session goes on.
            #expect(try await client.query("select 1", until: .generous).value(as: Int.self) == 1)
            #expect(await client.state.connections == 1)
        }
    }

    @Test func `a passed deadline cancels the statement on the server`() async throws {
        try await ScratchPostgres.withTwo { (watcher, client) async throws in
            _ = try await client.query("select 1", until: .generous)
            let error = await failure {
                try await client.query("select pg_sleep(600) /* too-late */", until: .after(.seconds(2)))
            }
            #expect(error?.code == "timed-out")
            #expect(error?.mayHaveExecuted == true)
            #expect(try await eventually { try await running("too-late", watcher) == 0 })
            #expect(try await client.query("select 1", until: .generous).value(as: Int.self) == 1)
            #expect(await client.state.connections == 1)
        }
    }

    @Test func `a cancelled pipeline is stopped and the next call works`() async throws {
        try await ScratchPostgres.withTwo { (watcher, client) async throws in
            let call = Task {
                await failure {
                    try await client.pipeline(
                        ["select 1", "select pg_sleep(600) /* pipe */", "select 2"], until: .never)
                }
            }
            #expect(try await eventually { try await running("pipe", watcher) == 1 })
            call.cancel()
            #expect(await call.value?.code == "cancelled")
            #expect(try await eventually { try await running("pipe", watcher) == 0 })
            #expect(try await client.query("select 1", until: .generous).value(as: Int.self) == 1)
        }
    }

    @Test func `a call that waits in line ends with its deadline or its task`() async throws {
        try await ScratchPostgres.with { (client) async throws in
            let long = Task {
                await failure {
                    try await client.query("select pg_sleep(600)", until: .never)
                }
            }
            #expect(await eventually { await client.state.isConnected })
            let late = await failure {
                try await client.query("select 1", until: .after(.milliseconds(50)))
            }
            #expect(late?.code == "timed-out")
            #expect(late?.mayHaveExecuted == false)
            let waiting = Task {
                await failure { try await client.query("select 1", until: .never) }
            }
            waiting.cancel()
            #expect(await waiting.value?.code == "cancelled")
            long.cancel()
            #expect(await long.value?.code == "cancelled")
            #expect(try await client.query("select 3", until: .generous).value(as: Int.self) == 3)
        }
    }

    @Test func `closing ends every call`() async throws {
        let client = try await ScratchPostgres.shared().client()
        _ = try await client.query("select 1", until: .generous)
        let calls = (0..<3).map { _ in
            Task {
                await failure {
                    try await client.query("select pg_sleep(600)", until: .never)
                }
            }
        }
        #expect(await eventually { await client.waitingCalls == 2 })
        await client.close()
        for call in calls { #expect(await call.value?.code == "client-closed") }
        let after = await failure { try await client.query("select 1", until: .generous) }
        #expect(after?.code == "client-closed")
    }

    @Test func `a passed deadline sends nothing`() async throws {
        try await ScratchPostgres.with { (client) async throws in
            let error = await failure {
                try await client.query("select 1", until: .now)
            }
            #expect(error?.code == "timed-out")
            #expect(await client.state.connections == 0)
        }
    }
}
