import PlatformModel
import Testing

@testable import Collectors

@Suite struct QueueHistoryTests {
    private var history = QueueHistory()

    private func answer(
        waiting: Int64 = 0, active: Int64 = 0, delayed: Int64 = 0, added: Int64? = 0, failed: Int64 = 0
    ) -> QueueCounts.Answer {
        QueueCounts.Answer(
            isPaused: false, counts: [.waiting: waiting, .active: active, .delayed: delayed], added: added, overdue: 0,
            failedLastMinute: failed, next: [], active: [])
    }

    private mutating func look(
        _ answer: QueueCounts.Answer, oldest: Int64? = nil, unlocked: Set<String> = [], at seconds: Double
    ) -> Queue {
        history.queue(name: "q", answer: answer, oldest: oldest, unlocked: unlocked, workers: nil, at: moment(seconds))
    }

    @Test func lagIsTheAgeOfTheOldestWaitingJob() {
        var test = self
        let begin = moment(0).wall.microseconds / 1000
        #expect(test.look(answer(waiting: 3), oldest: begin, at: 7).lag == .seconds(7))
        // A clock ahead of ours makes no negative age.
        #expect(test.look(answer(waiting: 3), oldest: begin + 60_000, at: 8).lag == .zero)
        #expect(test.look(answer(waiting: 3), oldest: nil, at: 9).lag == nil)
        // Nothing waits, whatever is active or delayed.
        #expect(test.look(answer(active: 2, delayed: 5), oldest: nil, at: 10).lag == .zero)
    }

    @Test func ratesNeedTwoLooksASecondApart() {
        var test = self
        #expect(test.look(answer(waiting: 10, added: 100), at: 0).addedPerSecond == nil)
        #expect(test.look(answer(waiting: 10, added: 101), at: 0.5).addedPerSecond == nil)
        let queue = test.look(answer(waiting: 4, active: 2, added: 108, failed: 60), at: 2)
        #expect(queue.addedPerSecond == 4)
        // 8 came and 4 fewer are there: 12 left in 2 s, one a second of them to the failed.
        #expect(queue.finishedPerSecond == 5)
        #expect(queue.failedPerSecond == 1)
        // 4 wait, 6 leave and 4 come each second.
        #expect(queue.timeToDrain == .seconds(2))
    }

    @Test func aQueueThatGrowsIsNeverDrained() {
        var test = self
        _ = test.look(answer(waiting: 0, added: 0), at: 0)
        let queue = test.look(answer(waiting: 20, added: 20), at: 2)
        #expect(queue.finishedPerSecond == 0)
        #expect(queue.timeToDrain == nil)
        #expect(test.look(answer(waiting: 0, added: 20), at: 4).timeToDrain == .zero)
    }

    @Test func ratesForgetWhatIsLongAgo() {
        var test = self
        _ = test.look(answer(added: 0), at: 0)
        _ = test.look(answer(added: 1000), at: 1)
        for second in 2...30 { _ = test.look(answer(added: 1000), at: Double(second)) }
        #expect(test.look(answer(added: 1000), at: 31).addedPerSecond == 0)
    }

    @Test func aCounterThatWentBackBeginsAnew() {
        var test = self
        _ = test.look(answer(added: 500), at: 0)
        #expect(test.look(answer(added: 3), at: 2).addedPerSecond == nil)
        #expect(test.look(answer(added: 5), at: 4).addedPerSecond == 1)
    }

    @Test func aJobWithoutLockIsStalledAfterFiveSeconds() {
        var test = self
        #expect(test.look(answer(active: 2), unlocked: ["a"], at: 0).stalled == 0)
        #expect(test.look(answer(active: 2), unlocked: ["a", "b"], at: 4.9).stalled == 0)
        #expect(test.look(answer(active: 2), unlocked: ["a", "b"], at: 5).stalled == 1)
        // The lock came back in between: it begins anew.
        #expect(test.look(answer(active: 2), unlocked: ["b"], at: 6).stalled == 0)
        #expect(test.look(answer(active: 2), unlocked: ["a", "b"], at: 10).stalled == 1)
    }

    @Test func theRateMeterGivesNothingForOneSampleOrACounterThatWentBack() {
        var meter = RateMeter()
        #expect(meter.add(100, at: moment(0)) == nil)
        #expect(meter.add(150, at: moment(2)) == 25)
        #expect(meter.add(10, at: moment(3)) == nil)
        #expect(meter.add(10, at: moment(3)) == nil)
        #expect(meter.add(12, at: moment(4)) == 2)
    }
}
