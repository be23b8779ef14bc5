import PlatformModel
import PlatformStore
import PostgresClient
import Reactor
import TestSupport
import Testing

@testable import Collectors

/// Changed orders reach a snapshot because the server says so, and nothing is lost when it cannot say it.
@Suite(.serialized) struct OrdersPushTests {
    /// A watch over the orders alone, with a session of its own.
    private struct Watch {
        let name = "push-" + String(UInt64.random(in: 0 ... .max), radix: 36)
        let orders: Orders
        let last = Locked<Snapshot?>(nil)

        var reading: Reading<OrdersOverview>? { last.withLock { $0?.orders } }

        /// Runs the body while the collector is followed, read at least every `interval` when nothing is pushed.
        func run(every interval: Duration, _ body: () async throws -> Void) async throws {
            var configuration = orders.server.configuration(database: "platform")
            configuration.applicationName = name
            let client = PostgresClient(configuration, name: name)
            let collector = OrdersCollector(
                source: OrderSource(primary: client, replica: client), interval: interval)
            let store = PlatformStore(
                environment: EnvironmentIdentity(name: "t", kind: .local, title: "t"), thresholds: Thresholds(),
                databases: [], services: [], at: .now())
            let watch = PlatformWatch(collectors: [collector], store: store, pace: .milliseconds(1)) {
                [last] snapshot in
                last.withLock { $0 = snapshot }
            }
            let task = Task { await watch.run() }
            do {
                try await body()
            } catch {
                task.cancel()
                await client.close()
                throw error
            }
            task.cancel()
            await client.close()
            await task.value
        }

        func sql(_ text: String) async throws { _ = try await orders.client.query(text, until: .generous) }

        /// Lets new sessions in or not; from another database, for it cannot be said from inside.
        func allowConnections(_ allowed: Bool) async throws {
            let outside = orders.server.client("outside")
            _ = try await outside.query("ALTER DATABASE platform ALLOW_CONNECTIONS \(allowed)", until: .generous)
            await outside.close()
        }

        /// Moves one placed order on, and waits until the reading says so.
        func expectsAChange(sourceLocation: SourceLocation = #_sourceLocation) async throws {
            let before = try await count()
            try await change()
            #expect(await eventually { reading?.value?.counts[.draft] == before + 1 }, sourceLocation: sourceLocation)
        }

        func change() async throws {
            try await sql(
                "UPDATE platform.orders SET status = 'draft' WHERE id = "
                    + "(SELECT min(id) FROM platform.orders WHERE status <> 'draft')")
        }

        func count() async throws -> Int64 {
            let rows = try await orders.client.query(
                "SELECT count(*) AS n FROM galley.orders WHERE status = 'draft'", until: .generous)
            return try #require(rows.first).decode("n")
        }
    }

    @Test func aChangeIsPushedAndNothingIsLostWhenTheListenerIsCut() async throws {
        let watch = Watch(orders: try await Orders.shared.value)
        // Polled once an hour: whatever arrives was pushed.
        try await watch.run(every: .seconds(3600)) {
            #expect(await eventually { watch.reading?.value != nil })
            try await watch.expectsAChange()
            try await watch.expectsAChange()

            // Cut, and kept away while orders change: nobody tells it of these.
            try await watch.allowConnections(false)
            try await watch.sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '\(watch.name)'")
            #expect(await eventually { watch.reading?.isFailing == true })
            let old = watch.reading?.value
            let readAt = watch.reading?.readAt
            for _ in 0..<3 { try await watch.change() }
            let expected = try await watch.count()
            // What was known stays, as old.
            #expect(watch.reading?.value == old && watch.reading?.readAt == readAt)

            // Back: it catches up although nothing changes any more, and hears the next change.
            try await watch.allowConnections(true)
            #expect(await eventually { watch.reading?.value?.counts[.draft] == expected })
            #expect(await eventually { watch.reading?.isFailing == false })
            try await watch.expectsAChange()
        }
    }

    @Test func whereNothingIsPushedItIsPolledAndPushedAgainLater() async throws {
        let watch = Watch(orders: try await Orders.shared.value)
        try await watch.run(every: .milliseconds(100)) {
            #expect(await eventually { watch.reading?.value != nil })
            // A platform that tells nobody of its changes.
            let rows = try await watch.orders.client.query(
                "SELECT pg_get_functiondef('platform.tell_orders'::regproc) AS text", until: .generous)
            let telling: String = try #require(rows.first).decode("text")
            try await watch.sql(
                "CREATE OR REPLACE FUNCTION platform.tell_orders(ids bigint[]) RETURNS void LANGUAGE sql AS ''")
            try await watch.expectsAChange()
            try await watch.sql(telling)
            try await watch.expectsAChange()
        }
    }
}
