import PlatformModel
import Reactor
import RedisClient
import TestSupport
import Testing

@testable import Collectors

/// Queues as each software lays them out (`INTERFACES`), as keys in a real server.
@Suite struct QueueReadingTests {
    /// What identifies a layout, and what must be read of it.
    struct Layout: Sendable, CustomTestStringConvertible {
        let name: String
        let commands: [String]
        let flavour: QueueFlavour
        var isPaused = false
        var waiting: Int64 = 0
        var prioritized: Int64 = 0
        var testDescription: String { name }
    }

    static let layouts = [
        Layout(name: "only-id", commands: ["SET @id 1"], flavour: .classic),
        Layout(
            name: "classic", commands: ["SET @id 3", "LPUSH @wait 1 2 3", "ZADD @priority 7 2"], flavour: .classic,
            waiting: 3),
        Layout(
            name: "classic-paused",
            commands: ["SET @id 2", "LPUSH @paused 1 2", "SET @meta-paused 1", "HSET @meta paused 1"],
            flavour: .classic, isPaused: true, waiting: 2),
        Layout(
            name: "three",
            commands: ["SET @id 2", "XADD @events * event added", "LPUSH @wait 1 2", "ZADD @priority 1 2"],
            flavour: .bullMQ3, waiting: 2),
        Layout(
            name: "three-marker",
            commands: ["HSET @meta opts.maxLenEvents 10000", "LPUSH @wait 1 0:1700000000000"], flavour: .bullMQ3,
            waiting: 1),
        Layout(
            name: "three-or-four", commands: ["SET @id 2", "XADD @events * event added", "LPUSH @wait 1 2"],
            flavour: .bullMQ3or4, waiting: 2),
        Layout(
            name: "three-or-four-worked",
            commands: [
                "HSET @meta opts.maxLenEvents 10000", "SET @id 2", "ZADD @completed 1 2", "HSET @2 attemptsMade 1",
            ], flavour: .bullMQ3or4),
        Layout(
            name: "five-busy",
            commands: [
                "XADD @events * event added", "SET @id 2", "LPUSH @active 2", "LPUSH @wait 1", "HSET @2 ats 1 atm 1",
            ], flavour: .bullMQ5or6, waiting: 1),
        Layout(
            name: "four", commands: ["HSET @meta opts.maxLenEvents 10000", "LPUSH @wait 0:0", "ZADD @prioritized 4 9"],
            flavour: .bullMQ4, prioritized: 1),
        Layout(
            name: "four-delayed-marker",
            commands: [
                "HSET @meta opts.maxLenEvents 10000", "RPUSH @wait 2 1 0:1700000000000", "INCR @pc",
            ], flavour: .bullMQ4, waiting: 2),
        Layout(
            name: "four-version", commands: ["HSET @meta version bullmq:4.18.3", "LPUSH @wait 1"], flavour: .bullMQ4,
            waiting: 1),
        Layout(
            name: "five-or-six",
            commands: [
                "HSET @meta opts.maxLenEvents 10000", "ZADD @marker 0 0", "LPUSH @wait 1", "ZADD @prioritized 1 2",
            ], flavour: .bullMQ5or6, waiting: 1, prioritized: 1),
        Layout(
            name: "five-old-marker",
            commands: ["HSET @meta opts.maxLenEvents 10000", "ZADD @marker 0 0", "LPUSH @wait 1 0:0"],
            flavour: .bullMQ5or6, waiting: 1),
        Layout(
            name: "five-version", commands: ["HSET @meta version bullmq:5.12.0", "LPUSH @wait 1"], flavour: .bullMQ5,
            waiting: 1),
        Layout(
            name: "five-paused", commands: ["HSET @meta opts.maxLenEvents 10000 paused 1", "LPUSH @paused 1 2"],
            flavour: .bullMQ5, isPaused: true, waiting: 2),
        Layout(
            name: "six-version", commands: ["HSET @meta version bullmq:6.0.1"], flavour: .bullMQ6),
        Layout(
            name: "six-paused", commands: ["HSET @meta opts.maxLenEvents 10000 paused 1", "LPUSH @wait 1 2"],
            flavour: .bullMQ6, isPaused: true, waiting: 2),
    ]

    @Test(arguments: layouts) func isToldByItsKeys(_ layout: Layout) async throws {
        try await Bull.with { bull in
            for command in layout.commands { try await bull.run(layout.name, command) }
            // Named, because a queue of some of these keys alone would not be discovered.
            let reader = QueuesCollector(client: bull.client, prefix: bull.prefix, queues: [layout.name])
            let queue = try #require(try await reader.read().queues().first)
            #expect(queue.flavour == layout.flavour)
            #expect(queue.isPaused == layout.isPaused)
            #expect(queue.count(.waiting) == layout.waiting)
            #expect(queue.count(.prioritized) == layout.prioritized)
        }
    }

    @Test func discoversByIdAndMetaAndNothingElse() async throws {
        try await Bull.with { bull in
            try await bull.run("beta", "SET @id 1", "HSET @1 name x", "RPUSH @17:logs a")
            try await bull.run("alpha", "HSET @meta opts.maxLenEvents 1")
            try await bull.run("beta:9", "SET @id x")
            let reader = QueuesCollector(client: bull.client, prefix: bull.prefix)
            #expect(try await reader.read().queues().map(\.name) == ["alpha", "beta"])
        }
    }

    @Test func countsEveryStateAndSurvivesKeysOfOtherTypes() async throws {
        try await Bull.with { bull in
            let now = Moment.now().wall.microseconds / 1000
            try await bull.run(
                "q", "HSET @meta version bullmq:5.1.0", "SET @id 99", "LPUSH @wait 1 2", "LPUSH @active 3",
                "ZADD @delayed \((now - 5000) * 4096) 4 \((now + 500_000) * 4096) 5", "ZADD @completed 1 6 2 7 3 8",
                "ZADD @failed \(now - 1000) 9 5 10", "ZADD @waiting-children 1 11", "ZADD @prioritized 1 12")
            try await bull.run("odd", "SET @id 1", "SET @wait text", "LPUSH @failed a")
            let reader = QueuesCollector(client: bull.client, prefix: bull.prefix)
            let queues = try await reader.read().queues()
            #expect(queues.map(\.name) == ["odd", "q"])
            let queue = try #require(queues.last)
            let counts = JobState.allCases.map { queue.count($0) }
            // waiting, prioritized, active, delayed, completed, failed, waiting-children
            #expect(counts == [2, 1, 1, 2, 3, 2, 1])
            #expect(queue.backlog == 3 && queue.overdue == 1)
            #expect(queue.failedPerSecond == 1.0 / 60)
            #expect(queues[0].backlog == 0 && queues[0].count(.failed) == 0)
        }
    }

    @Test func lagCountsFromWhenAJobCouldHaveBeenTaken() {
        func since(_ timestamp: String?, _ opts: String?, _ retried: String?, _ processed: String?) -> Int64? {
            let fields = [timestamp, retried, processed]
            let reply = RedisValue.array(fields.map { $0.map { .bulk(Array($0.utf8)) } ?? .null })
            return JobAge.waitingSince(reply, options: opts)
        }
        #expect(since("1000", nil, nil, nil) == 1000)
        #expect(since("1000", #"{"attempts":3}"#, nil, nil) == 1000)
        // Promoted or due: the delay that it was added with does not count as waiting.
        #expect(since("1000", #"{"delay":500}"#, nil, nil) == 1500)
        #expect(since("1000", #"{"delay":1e300}"#, nil, nil) ?? 0 > 1000)
        #expect(since("1000", #"{"delay":-5}"#, nil, nil) == 1000)
        #expect(since("1000", #"{"delay":"#, nil, nil) == 1000)
        #expect(since("1000", nil, "9000", nil) == 9000)
        #expect(since("1000", nil, nil, "8000") == 8000)
        #expect(since("1000", nil, "500", nil) == 1000)
        #expect(since("soon", nil, nil, nil) == nil)
        #expect(since(nil, nil, "9000", nil) == nil)
        #expect(JobAge.waitingSince(.null, options: nil) == nil)
        // Whatever is stored, it is an instant that JavaScript knows.
        #expect(since("\(Int64.min)", nil, nil, nil) == 0)
        #expect(since("\(Int64.max)", #"{"delay":1e14}"#, nil, nil) == 8_740_000_000_000_000)
    }

    @Test func lagIsThatOfTheOldestAmongWaitingPausedAndPrioritized() async throws {
        try await Bull.with { bull in
            let now = Moment.now().wall.microseconds / 1000
            try await bull.run(
                "q", "HSET @meta version bullmq:5.1.0", "SET @id 3", "LPUSH @wait 1 2", "ZADD @prioritized 1 3",
                "HSET @1 timestamp \(now - 10_000)", "HSET @2 timestamp \(now - 5000)",
                "HSET @3 timestamp \(now - 90_000) retriedOn \(now - 40_000)")
            let reader = QueuesCollector(client: bull.client, prefix: bull.prefix)
            let lag = try #require(try await reader.read().queues().first?.lag)
            #expect(lag >= .seconds(40) && lag < .seconds(90))
        }
    }

    @Test func aDeadServerIsAFailureAndAHungOneTimesOut() async throws {
        let server = try await ScratchRedis.start()
        defer { server.stop() }
        let reader = QueuesCollector(client: RedisClient(server.configuration, name: "q"))
        let redis = RedisCollector(client: RedisClient(server.configuration, name: "r"))
        #expect(try await reader.read().queues().isEmpty)
        server.suspend()
        #expect(try await reader.read().failure()?.code == "timed-out")
        #expect(try await redis.read().failure()?.code == "timed-out")
        server.resume()
        #expect(await eventually { (try? await reader.read().queues()) != nil })
        server.kill()
        #expect(await eventually { (try? await reader.read().failure())??.code == "connection-refused" })
    }
}
