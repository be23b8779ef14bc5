import PlatformModel
import Testing

@Suite struct ReadingTests {
    private func moment(_ seconds: Int64) -> Moment {
        Moment(wall: Timestamp(seconds: 1_800_000_000 - seconds), ticks: UInt64(seconds) * 1_000_000_000)
    }

    @Test func aFailureKeepsTheOldValueAndItsAge() {
        var reading = Reading<Int>(origin: "x")
        #expect(reading.state(at: moment(1), staleAfter: .seconds(5)) == .loading)
        reading.succeed(7, at: moment(1), took: .milliseconds(3))
        let failure = ReadFailure(code: "timed-out", cause: "no answer")
        reading.fail(failure, at: moment(3), took: .seconds(1))
        reading.fail(failure, at: moment(4), took: .seconds(1))
        #expect(reading.value == 7)
        #expect(reading.failingSince == moment(3))
        #expect(reading.age(at: moment(9)) == .seconds(8))
        #expect(reading.state(at: moment(9), staleAfter: .seconds(5)) == .failing(failure))
        reading.succeed(8, at: moment(10), took: .zero)
        #expect(reading.state(at: moment(11), staleAfter: .seconds(5)) == .live)
        #expect(reading.state(at: moment(99), staleAfter: .seconds(5)) == .stale)
    }

    @Test func ageFollowsTheMonotonicClockWhenTheWallClockSteps() {
        // In these moments the wall clock runs backwards.
        var reading = Reading<Int>(origin: "x")
        reading.succeed(1, at: moment(1), took: .zero)
        #expect(reading.age(at: moment(5)) == .seconds(4))
    }

    @Test func aTrendDropsItsOldestAndKeepsGaps() {
        var trend = Trend(step: .seconds(1), capacity: 3)
        for point in [1, nil, 3, 4] as [Double?] { trend.append(point) }
        #expect(trend.points == [nil, 3, 4])
        #expect(trend.maximum == 4)
    }

    @Test func aQueueThatGrowsHasNoTimeToDrain() {
        var queue = Queue(name: "q", flavour: .bullMQ5, counts: [.waiting: 100])
        queue.addedPerSecond = 5
        queue.finishedPerSecond = 4
        #expect(queue.timeToDrain == nil)
        queue.finishedPerSecond = 15
        #expect(queue.timeToDrain == .seconds(10))
    }
}
