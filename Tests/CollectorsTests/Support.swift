import PlatformModel
import PostgresClient
import Reactor
import RedisClient
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
        await EventLoop.shared.sleep(until: .after(.milliseconds(20)))
    }
    return false
}

/// An instant so many seconds after an arbitrary beginning, on both clocks.
func moment(_ seconds: Double) -> Moment {
    Moment(wall: Timestamp(microseconds: Int64((1_700_000_000 + seconds) * 1e6)), ticks: UInt64(seconds * 1e9))
}

extension RedisClient {
    /// Runs commands that are written as on a command line; a word may not hold a blank.
    func run(_ commands: String...) async throws {
        for line in commands {
            _ = try await send(RedisCommand(line.split(separator: " ").map(String.init)), until: .generous)
        }
    }
}

/// A client of the shared server, for keys under a prefix that no other test uses.
struct Bull {
    let client: RedisClient
    let prefix: String

    static func with(_ body: (Bull) async throws -> Void) async throws {
        let client = RedisClient(try await ScratchRedis.shared().configuration, name: "bull")
        let prefix = "b" + String(UInt64.random(in: 0 ... .max), radix: 36)
        do {
            try await body(Bull(client: client, prefix: prefix))
            await client.close()
        } catch {
            await client.close()
            throw error
        }
    }

    /// Runs commands whose `@` stands for the queue's base key and colon.
    func run(_ queue: String, _ commands: String...) async throws {
        for line in commands {
            let words = line.split(separator: " ").map {
                $0.hasPrefix("@") ? "\(prefix):\(queue):\($0.dropFirst())" : String($0)
            }
            _ = try await client.send(RedisCommand(words), until: .generous)
        }
    }
}

extension [Observation] {
    /// What a collector of one kind of reading brought.
    func queues() throws -> [Queue] {
        guard case .queues(let attempt) = try #require(first) else { throw ScratchFailure("no reading of queues") }
        return try attempt.result.get()
    }

    func database() throws -> DatabaseNode {
        guard case .database(_, let attempt) = try #require(first) else {
            throw ScratchFailure("no reading of a database")
        }
        return try attempt.result.get()
    }

    /// The failure of the only reading; nil when it succeeded.
    func failure() throws -> ReadFailure? {
        func failure<Value>(_ attempt: Attempt<Value>) -> ReadFailure? {
            if case .failure(let failure) = attempt.result { failure } else { nil }
        }
        return switch try #require(first) {
        case .database(_, let attempt): failure(attempt)
        case .service(_, let attempt): failure(attempt)
        case .redis(let attempt): failure(attempt)
        case .queues(let attempt): failure(attempt)
        case .orders(let attempt): failure(attempt)
        case .agents(let attempt): failure(attempt)
        }
    }
}
