import Collectors
import PlatformModel
import Reactor
import RedisClient
import TestSupport
import Testing

/// Queues that BullMQ itself wrote, read by the collectors; BullMQ's own counts are what must come out.
@Suite(.serialized) struct BullMQTests {
    @Test(arguments: BullMQRelease.all) func standingJobsInEveryWayOfWaiting(_ release: BullMQRelease) async throws {
        try await Scene.with { scene in
            let told = try await release.write("standing", to: scene.server, prefix: scene.prefix)
            let queue = try await scene.queues.read().queue("standing")
            #expect(queue.flavour == release.flavour)
            #expect(!queue.isPaused && queue.overdue == 0 && queue.workers == 0)
            if release.isGrown {
                scene.expectCounts(told["standing"], of: queue)
                #expect(queue.count(.prioritized) == 2 && queue.count(.delayed) == 1)
            } else {
                // Prioritized jobs are among those that wait.
                #expect(queue.count(.waiting) == 7 && queue.count(.delayed) == 1 && queue.count(.prioritized) == 0)
            }
            #expect(queue.backlog == 7)
            let lag = try #require(queue.lag)
            #expect(lag > .zero && lag < .seconds(120))

            let waiting = try await scene.jobs("standing", .waiting)
            #expect(waiting.total == queue.count(.waiting))
            #expect(waiting.jobs.first?.name == (release.isGrown ? "plain" : "urgent"))
            let plain = try #require(waiting.jobs.first { $0.name == "plain" })
            #expect(try JSON.parse(plain.data) == ["number": 0])
            #expect(plain.maximumAttempts == 4 && plain.attempts == 0 && plain.createdAt != nil)
            // The one that was removed is nowhere.
            #expect(!waiting.jobs.contains { $0.name == "gone" })
            let delayed = try #require(try await scene.jobs("standing", .delayed).jobs.first)
            let due = try #require(delayed.dueAt) - (delayed.createdAt ?? Timestamp(seconds: 0))
            #expect(due >= .seconds(599) && due <= .seconds(601))
            let urgent = release.isGrown ? try await scene.jobs("standing", .prioritized).jobs : waiting.jobs
            #expect(urgent.filter { $0.name == "urgent" }.map(\.priority) == [2, 7])
        }
    }

    @Test(arguments: BullMQRelease.all) func aPausedQueue(_ release: BullMQRelease) async throws {
        try await Scene.with { scene in
            let told = try await release.write("paused", to: scene.server, prefix: scene.prefix)
            let queue = try await scene.queues.read().queue("paused")
            #expect(queue.isPaused)
            #expect(queue.flavour == release.pausedFlavour)
            if release.isGrown { scene.expectCounts(told["paused"], of: queue) }
            #expect(queue.backlog == 4 && queue.lag ?? .zero > .zero)
            #expect(
                try await scene.jobs("paused", .waiting).jobs.map(\.name) == ["before", "before", "before", "after"])
        }
    }

    @Test(arguments: BullMQRelease.all) func finishedAndFailed(_ release: BullMQRelease) async throws {
        try await Scene.with { scene in
            let told = try await release.write("worked", to: scene.server, prefix: scene.prefix)
            let queue = try await scene.queues.read().queue("worked")
            if release.isGrown { scene.expectCounts(told["worked"], of: queue) }
            #expect(queue.count(.completed) == 3 && queue.count(.failed) == 1 && queue.lag == .zero)
            #expect(queue.failedPerSecond == 1.0 / 60)
            // Before 5 the counters of a job have other names.
            #expect(queue.flavour == release.workedFlavour)
            let failed = try await scene.jobs("worked", .failed).jobs
            #expect(failed.map(\.failedReason) == ["no such supplier: \u{1b}[31mACME\u{1b}[0m"])
            #expect(failed.map(\.attempts) == [1] && failed.map(\.maximumAttempts) == [1])
            #expect(failed.allSatisfy { $0.createdAt != nil && $0.processedAt != nil && $0.finishedAt != nil })
            let done = try await scene.jobs("worked", .completed).jobs
            #expect(done.map(\.name) == ["good", "good", "good"])
            #expect(done.allSatisfy { $0.failedReason.isEmpty })
        }
    }

    @Test(arguments: [BullMQRelease.five, .six]) func anotherAttemptWaitsForItsTime(_ release: BullMQRelease)
        async throws
    {
        try await Scene.with { scene in
            _ = try await release.write("worked", to: scene.server, prefix: scene.prefix)
            let jobs = try await scene.jobs("worked", .delayed).jobs
            #expect(jobs.map(\.attempts) == [1] && jobs.map(\.maximumAttempts) == [3])
            #expect(jobs.allSatisfy { $0.failedReason.hasPrefix("no such supplier") })
            let soon = Moment.now().wall + .seconds(300)
            let due = jobs.compactMap(\.dueAt)
            #expect(due.count == 1 && due.allSatisfy { $0 > soon })
        }
    }

    @Test(arguments: BullMQRelease.all) func theJobsOfADeadWorkerAreStalled(_ release: BullMQRelease) async throws {
        try await Scene.with { scene in
            let told = try await release.write("abandoned", to: scene.server, prefix: scene.prefix)
            let reader = scene.queues
            let active: Int64 = release.isGrown ? 2 : 1
            let first = try await reader.read().queue("abandoned")
            if release.isGrown { scene.expectCounts(told["abandoned"], of: first) }
            #expect(first.count(.active) == active && first.stalled == 0)
            // Their locks run out after two seconds; five more make it certain.
            #expect(try await eventually { try await reader.read().queue("abandoned").stalled == active })
            let jobs = try await scene.jobs("abandoned", .active).jobs
            #expect(Int64(jobs.count) == active && jobs.allSatisfy { $0.processedAt != nil })
        }
    }

    @Test(arguments: [BullMQRelease.four, .five, .six]) func aRateLimitedQueueWaits(_ release: BullMQRelease)
        async throws
    {
        try await Scene.with { scene in
            let told = try await release.write("limited", to: scene.server, prefix: scene.prefix)
            let queue = try await scene.queues.read().queue("limited")
            scene.expectCounts(told["limited"], of: queue)
            #expect(queue.count(.completed) == 1 && queue.backlog + queue.count(.active) == 3)
        }
    }

    @Test(arguments: [BullMQRelease.four, .five, .six]) func aParentWaitsForItsChildren(_ release: BullMQRelease)
        async throws
    {
        try await Scene.with { scene in
            let told = try await release.write("family", to: scene.server, prefix: scene.prefix)
            let read = await scene.queues.read()
            for name in ["parents", "children"] { scene.expectCounts(told[name], of: try read.queue(name)) }
            #expect(try read.queue("parents").count(.waitingChildren) == 1)
            // A parent's key `…:dependencies` is no queue.
            #expect(try read.queues().map(\.name) == ["children", "parents"])
            let parent = try await scene.jobs("parents", .waitingChildren)
            #expect(parent.total == 1 && parent.jobs.map(\.name) == ["parent"])
        }
    }

    @Test(arguments: BullMQRelease.all) func hostileDataIsReadWithinBounds(_ release: BullMQRelease) async throws {
        try await Scene.with { scene in
            _ = try await release.write("hostile", to: scene.server, prefix: scene.prefix)
            // What no BullMQ writes, but anybody with the password can.
            let binary = RedisCommand(arguments: [
                Array("HSET".utf8), Array("\(scene.prefix):hostile:3".utf8), Array("failedReason".utf8),
                [0xff, 0xfe, 0, 0x1b, 0x5b, 0x80],
            ])
            _ = try await scene.client.send(binary, until: .generous)
            let half = RedisCommand(
                "HSET", "\(scene.prefix):hostile:4", "data", "{\"half\":", "timestamp", "\(Int64.min)")
            _ = try await scene.client.send(half, until: .generous)
            let wide = RedisCommand(
                "HSET", "\(scene.prefix):hostile:6", "data", "x" + String(repeating: "ä", count: 50_000))
            _ = try await scene.client.send(wide, until: .generous)
            let queue = try await scene.queues.read().queue("hostile")
            #expect(queue.backlog == 6 && queue.lag != nil)
            let jobs = try await scene.jobs("hostile", .waiting).jobs
            #expect(jobs.count == 6)
            let byID = Dictionary(uniqueKeysWithValues: jobs.map { ($0.id, $0) })
            // Three million bytes are told, not fetched.
            #expect(
                byID["1"]?.data.hasPrefix("(3,145,7") == true && byID["1"]?.data.hasSuffix("too many to show)") == true)
            let large = try #require(byID["2"]?.data)
            #expect(large.utf8.count <= 64 << 10 && large.utf8.count > 60 << 10 && !large.contains("\u{fffd}"))
            #expect(byID["3"]?.failedReason.contains("\u{fffd}") == true)
            #expect(byID["4"]?.data == "{\"half\":" && byID["4"]?.createdAt == Timestamp(seconds: 0))
            #expect(byID["5"]?.name.hasSuffix("too many to show)") == true)
            // Cut between two characters, not inside one.
            #expect(byID["6"]?.data.utf8.count == (64 << 10) - 1 && byID["6"]?.data.contains("\u{fffd}") == false)
            #expect(byID["6"]?.maximumAttempts == 1)
            #expect(jobs.allSatisfy { $0.data.utf8.count <= 64 << 10 && $0.name.utf8.count <= 1 << 10 })
        }
    }

    @Test func aWorkingQueueHasRatesAndAWorker() async throws {
        try await Scene.with { scene in
            let running = try await BullMQRelease.five.begin("flowing", on: scene.server, prefix: scene.prefix)
            defer { running.stop() }
            let reader = scene.queues
            #expect(
                try await eventually {
                    guard let queue = try await reader.read().queues().first else { return false }
                    return queue.workers == 1 && queue.addedPerSecond ?? 0 > 1 && queue.finishedPerSecond ?? 0 > 1
                })
            running.stop()
            // Nobody adds and nobody works any more.
            #expect(
                try await eventually {
                    let queue = try await reader.read().queue("flowing")
                    return queue.workers == 0 && queue.addedPerSecond == 0 && queue.finishedPerSecond == 0
                })
        }
    }
}
