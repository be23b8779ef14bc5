import PostgresClient
import Reactor
import TestSupport
import Testing

extension Deadline {
    /// Long enough for a loaded machine: what passes it hangs.
    static var generous: Deadline { .after(.seconds(20)) }
}

/// Waits until a condition holds; false when it still does not after a generous time.
func eventually(_ condition: () async throws -> Bool) async rethrows -> Bool {
    let end = Deadline.generous
    while !end.hasPassed {
        if try await condition() { return true }
        await EventLoop.shared.sleep(until: .after(.milliseconds(10)))
    }
    return false
}

/// The error of a call that must fail; nil, and a recorded issue, when it succeeds.
func failure<Value>(_ body: () async throws(PostgresError) -> Value) async -> PostgresError? {
    do throws(PostgresError) {
        _ = try await body()
        Issue.record("the call succeeded")
        return nil
    } catch {
        return error
    }
}

@Suite struct QueryTests {
    @Test func `a query gives its rows`() async throws {
        let client = try await ScratchPostgres.shared().client()
        let rows = try await client.query("select 1 as one, 'a' as letter", until: .generous)
        #expect(rows.count == 1)
        #expect(rows.columns == ["one", "letter"])
        #expect(try rows[0].decode("one", as: Int.self) == 1)
        #expect(try rows[0].decode("letter", as: String.self) == "a")
        await client.close()
    }
}
