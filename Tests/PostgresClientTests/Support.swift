import PostgresClient
import Reactor
import TestSupport
import Testing

extension Deadline {
    /// Long enough for a loaded machine: what passes it hangs.
    static var generous: Deadline { .after(.seconds(60)) }
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
func failure<Value>(_ body: () async throws -> Value) async -> PostgresError? {
    do {
        _ = try await body()
        Issue.record("the call succeeded")
    } catch let error as PostgresError {
        return error
    } catch {
        Issue.record(error)
    }
    return nil
}

extension ScratchPostgres {
    /// Runs with a client of the shared server, and closes it after.
    static func with<Value>(
        _ change: (inout PostgresConfiguration) -> Void = { _ in }, _ body: (PostgresClient) async throws -> Value
    ) async throws -> Value {
        var configuration = try await shared().configuration()
        change(&configuration)
        let client = PostgresClient(configuration, name: "scratch")
        do {
            let value = try await body(client)
            await client.close()
            return value
        } catch {
            await client.close()
            throw error
        }
    }
}

extension ScratchPostgres {
    /// Runs with two clients of the shared server.
    static func withTwo(_ body: (PostgresClient, PostgresClient) async throws -> Void) async throws {
        let (one, other) = (try await shared().client("watcher"), try await shared().client())
        do {
            try await body(one, other)
        } catch {
            await one.close()
            await other.close()
            throw error
        }
        await one.close()
        await other.close()
    }
}

extension PostgresRows {
    /// The first column of the first row.
    func value<Value: PostgresDecodable>(as type: Value.Type = Value.self) throws -> Value {
        try #require(first).decode(0, as: type)
    }
}
