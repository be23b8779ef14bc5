import Collectors
import PlatformModel
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

extension [Observation] {
    func queues() throws -> [Queue] {
        guard case .queues(let attempt) = try #require(first) else { throw ScratchFailure("no reading of queues") }
        return try attempt.result.get()
    }

    func queue(_ name: String) throws -> Queue {
        try #require(try queues().first { $0.name == name }, "there is no queue \(name)")
    }

    func redis() throws -> RedisServer {
        guard case .redis(let attempt) = try #require(first) else { throw ScratchFailure("no reading of Redis") }
        return try attempt.result.get()
    }
}

/// The shared server, a prefix that no other test uses, and readers of both.
struct Scene {
    let server: ScratchRedis
    let prefix: String
    let client: RedisClient

    static func with(_ body: (Scene) async throws -> Void) async throws {
        let server = try await ScratchRedis.shared()
        let prefix = "i" + String(UInt64.random(in: 0 ... .max), radix: 36)
        let client = RedisClient(server.configuration, name: "interop")
        do {
            try await body(Scene(server: server, prefix: prefix, client: client))
            await client.close()
        } catch {
            await client.close()
            throw error
        }
    }

    var queues: QueuesCollector { QueuesCollector(client: client, prefix: prefix) }

    func jobs(_ queue: String, _ state: JobState) async throws -> JobPage {
        try await JobReader(client: client, prefix: prefix).jobs(
            queue: queue, state: state, limit: 100, until: .generous)
    }

    /// Every state's count as BullMQ told them.
    func expectCounts(
        _ told: JSON?, of queue: Queue, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for state in JobState.allCases {
            #expect(
                queue.count(state) == Int64(told?[state.rawValue]?.int ?? -1), "\(queue.name): \(state.rawValue)",
                sourceLocation: sourceLocation)
        }
    }
}
