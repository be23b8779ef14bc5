import PlatformModel
import RedisClient
import Testing

@testable import Collectors

@Suite struct JobReaderTests {
    private func page(
        _ bull: Bull, _ state: JobState, limit: Int = 50
    ) async throws -> JobPage {
        try await JobReader(client: bull.client, prefix: bull.prefix)
            .jobs(queue: "q", state: state, limit: limit, until: .generous)
    }

    private func set(_ bull: Bull, _ id: String, _ fields: [String: String]) async throws {
        let words = ["HSET", "\(bull.prefix):q:\(id)"] + fields.flatMap { [$0.key, $0.value] }
        _ = try await bull.client.send(RedisCommand(words), until: .generous)
    }

    @Test func waitingJobsComeNextFirstWithoutMarkersAndGoneOnes() async throws {
        try await Bull.with { bull in
            try await bull.run("q", "LPUSH @wait 1 2 3 gone 0:0")
            for id in ["1", "2", "3"] { try await set(bull, id, ["name": "n\(id)", "timestamp": "1000"]) }
            let page = try await page(bull, .waiting)
            #expect(page.jobs.map(\.id) == ["1", "2", "3"])
            #expect(page.total == 4)
            #expect(page.jobs[0].name == "n1" && page.jobs[0].createdAt == Timestamp(milliseconds: 1000))
            #expect(try await self.page(bull, .waiting, limit: 2).jobs.map(\.id) == ["1", "2"])
            #expect(try await self.page(bull, .completed).jobs.isEmpty)
        }
    }

    @Test func reasonsAndAttemptsOfBothConventions() async throws {
        try await Bull.with { bull in
            try await bull.run("q", "ZADD @failed 1 a 2 b 3 c 4 d")
            try await set(bull, "a", ["failedReason": "raw text", "attemptsMade": "2", "opts": #"{"attempts":5}"#])
            try await set(bull, "b", ["failedReason": #""as \"JSON\"""#, "atm": "3", "attemptsMade": "1", "pb": "w1"])
            try await set(bull, "c", ["failedReason": #""half a string"#, "opts": "{"])
            try await set(bull, "d", ["data": String(repeating: "x", count: 100_000), "opts": #"{"priority":4}"#])
            let jobs = try await page(bull, .failed).jobs
            // The last failure first.
            #expect(jobs.map(\.id) == ["d", "c", "b", "a"])
            #expect(jobs.map(\.failedReason) == ["", #""half a string"#, #"as "JSON""#, "raw text"])
            #expect(jobs.map(\.attempts) == [0, 0, 3, 2])
            #expect(jobs.map(\.maximumAttempts) == [1, 1, 1, 5])
            #expect(jobs[0].data.utf8.count == 64 << 10 && jobs[0].priority == 4)
            #expect(jobs[2].worker == "w1")
        }
    }

    @Test func delayedJobsAreDueWhenTheirScoreSays() async throws {
        try await Bull.with { bull in
            let due: Int64 = 1_800_000_000_123
            try await bull.run("q", "ZADD @delayed \(due * 4096 + 4095) 1 \((due + 5) * 4096) 2")
            // A retry's pause: `delay` is that of the pause, `timestamp` that of the first addition.
            try await set(bull, "1", ["timestamp": "1000", "delay": "4000"])
            try await set(bull, "2", ["timestamp": "1000"])
            let jobs = try await page(bull, .delayed).jobs
            #expect(jobs.map(\.id) == ["1", "2"])
            #expect(jobs[0].dueAt == Timestamp(milliseconds: due))
            #expect(jobs[1].dueAt == Timestamp(milliseconds: due + 5))
        }
    }

    @Test func aKeyOfAnotherTypeIsAFailure() async throws {
        try await Bull.with { bull in
            try await bull.run("q", "SET @active x")
            await #expect(throws: ReadFailure.self) { try await page(bull, .active) }
        }
    }
}
