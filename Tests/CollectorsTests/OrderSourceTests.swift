import Glibc
import PlatformModel
import PostgresClient
import Reactor
import TestSupport
import Testing

@testable import Collectors

/// Serialized: some change orders that others look at.
@Suite(.serialized) struct OrderSourceTests {
    @Test func pagesHaveNoGapAndNoDuplicate() async throws {
        let orders = try await Orders.shared.value
        let all = try await orders.ids("ORDER BY id DESC")
        #expect(all.count > 300)
        #expect(try await orders.walk(OrderQuery(limit: 17)) == all)
        #expect(try await orders.walk(OrderQuery(limit: 200)) == all)
        // More than a page may hold: the rest still follows.
        let page = try await orders.source.page(OrderQuery(limit: 5000), after: nil, until: .generous)
        #expect(page.orders.count == 200 && page.next != nil)
    }

    @Test func everySortPagesInTheContractsOrder() async throws {
        let orders = try await Orders.shared.value
        // Equal instants, across the end of a page.
        _ = try await orders.client.query(
            "UPDATE platform.orders SET updated_at = '2030-01-01' WHERE id % 10 = 0", until: .generous)
        let changed = try await orders.ids("ORDER BY updated_at DESC, id DESC")
        #expect(try await orders.walk(OrderQuery(sort: .changed, limit: 7)) == changed)
        let due = try await orders.ids("WHERE is_open AND due_at IS NOT NULL ORDER BY due_at, id")
        #expect(try await orders.walk(OrderQuery(sort: .due, limit: 3)) == due)
        let late = try await orders.ids("WHERE is_open AND due_at < now() ORDER BY due_at, id")
        #expect(try await orders.walk(OrderQuery(sort: .due, lateOnly: true, limit: 3)) == late)
    }

    @Test func filtersRunOnTheServer() async throws {
        let orders = try await Orders.shared.value
        let one = try #require(
            try await orders.source.page(OrderQuery(limit: 1), after: nil, until: .generous).orders.first)
        let kitchen = try await orders.ids("WHERE kitchen_code = '\(one.kitchenCode)' ORDER BY id DESC")
        #expect(try await orders.walk(OrderQuery(kitchen: one.kitchenCode, limit: 5)) == kitchen)
        let both = try await orders.ids("WHERE status IN ('received', 'cancelled') ORDER BY id DESC")
        #expect(try await orders.walk(OrderQuery(statuses: [.received, .cancelled], limit: 50)) == both)
        #expect(!both.isEmpty && both.count < 600)
        let large = try await orders.ids("WHERE total_minor >= 100000 ORDER BY id DESC")
        #expect(try await orders.walk(OrderQuery(minimumMinorUnits: 100_000, limit: 50)) == large)
        #expect(try await orders.walk(OrderQuery(kitchen: "' OR true --")).isEmpty)
    }

    @Test func textIsFoundLiterallyAndANumberIsAnOrder() async throws {
        let orders = try await Orders.shared.value
        let ids = try await orders.ids("ORDER BY id")
        let odd = [ids[1], ids[ids.count / 2], ids[ids.count - 2]]
        // Ids far apart, so that the search crosses several windows of them.
        _ = try await orders.client.query(
            "UPDATE platform.orders SET note = 'Gate 7_50% \\ blue' WHERE id IN (\(odd[0]), \(odd[1]), \(odd[2]))",
            until: .generous)
        for text in ["gate 7_50%", "7_50% \\ BLUE"] {
            #expect(try await orders.walk(OrderQuery(text: text, limit: 2)) == odd.reversed())
        }
        #expect(try await orders.walk(OrderQuery(text: "gate 7x50%")).isEmpty)
        for text in ["\(odd[1])", "#\(odd[1])"] { #expect(try await orders.walk(OrderQuery(text: text)) == [odd[1]]) }
        #expect(try await orders.walk(OrderQuery(text: "999999999999")).isEmpty)
    }

    @Test func aTextIsLookedForInTheContractsWindows() {
        #expect(OrderPageStatement.windowSize == 2000)
        let statement = OrderPageStatement(
            query: OrderQuery(text: "a_b", limit: 10), cursor: nil, schema: "g\"s", window: 1..<2001
        ).statement
        #expect(statement.sql.contains("\"g\"\"s\".orders") && statement.sql.contains("LIMIT 11"))
        #expect(statement.parameters == [.text("%a\\_b%"), .int(1), .int(2001)])
    }

    @Test func detailsAndOverviewAgreeWithTheViews() async throws {
        let orders = try await Orders.shared.value
        let id = try #require(try await orders.ids("WHERE line_count > 1 ORDER BY id DESC LIMIT 1").first)
        let details = try #require(try await orders.source.details(id: id, until: .generous))
        #expect(details.lines.count == details.order.lineCount && !details.events.isEmpty)
        #expect(details.lines.map(\.total.minorUnits).reduce(0, +) == details.order.total.minorUnits)
        #expect(try await orders.source.details(id: -1, until: .generous) == nil)
        let (overview, origin) = try await orders.source.overview(until: .generous)
        #expect(origin == "primary")
        #expect(overview.counts.values.reduce(0, +) == Int64(try await orders.ids("").count))
        #expect(overview.late == Int64(try await orders.ids("WHERE is_open AND due_at < now()").count))
    }

    @Test func aReplicaAnswersWhileThePrimaryIsAwayAndAMissingViewIsAFailure() async throws {
        let orders = try await Orders.shared.value
        var gone = orders.client.configuration
        gone.hosts = [.init(host: "127.0.0.1", port: try ScratchPostgres.freePort())]
        let away = PostgresClient(gone, name: "away")
        let source = OrderSource(primary: away, replica: orders.client)
        #expect(try await source.overview(until: .generous).origin == "replica")
        let nowhere = OrderSource(primary: away, replica: away)
        await #expect { try await nowhere.page(OrderQuery(), after: nil, until: .generous) } throws: {
            ($0 as? ReadFailure)?.code == "connection-refused"
        }
        let other = OrderSource(primary: orders.client, replica: orders.client, schema: "nowhere")
        await #expect { try await other.page(OrderQuery(), after: nil, until: .generous) } throws: {
            ($0 as? ReadFailure)?.code == "sqlstate-42P01"
        }
        await away.close()
    }
}
