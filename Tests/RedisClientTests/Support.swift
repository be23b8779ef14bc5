import Reactor
import RedisClient
import TestSupport
import Testing

/// The error that `body` throws; the test fails when it throws none.
func error<Value>(
    of body: () async throws -> Value, sourceLocation: SourceLocation = #_sourceLocation
) async throws -> RedisError {
    do {
        let value = try await body()
        Issue.record("no error, but \(value)", sourceLocation: sourceLocation)
    } catch let error as RedisError {
        return error
    }
    throw TestEnded()
}

struct TestEnded: Error {}

/// Runs `body` again and again until it is true; the deadline is for a machine under load and fails the test.
func eventually(
    within limit: Duration = .seconds(30), sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () async throws -> Bool
) async throws {
    let end = Deadline.after(limit)
    while try await !body() {
        if end.hasPassed {
            Issue.record("the condition did not come true", sourceLocation: sourceLocation)
            throw TestEnded()
        }
        await EventLoop.shared.sleep(until: .after(.milliseconds(5)))
    }
}

/// Generous: nothing waits that long unless it hangs.
var patience: Deadline { .after(.seconds(30)) }

extension RedisClient {
    func send(_ words: String...) async throws(RedisError) -> RedisValue {
        try await send(RedisCommand(words), until: patience)
    }
}

/// One number of INFO.
func info(_ client: RedisClient, _ field: String) async throws -> Int? {
    let lines = try await client.send("INFO").text?.split(separator: "\r\n") ?? []
    return lines.first { $0.hasPrefix(field + ":") }.flatMap { Int($0.dropFirst(field.count + 1)) }
}

/// A client of the shared server.
func sharedClient() async throws -> RedisClient {
    RedisClient(try await ScratchRedis.shared().configuration, name: "shared")
}
