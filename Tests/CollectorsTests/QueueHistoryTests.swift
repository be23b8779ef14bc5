import PlatformModel
import Testing

@testable import Collectors

@Suite struct QueueHistoryTests {
    private var history = QueueHistory()

    private func answer(
        waiting: Int64 = 0, active: Int64 = 0, delayed: Int64 = 0, added: Int64? = 0, failed: Int64 = 0,
        next: [String] = [], running: [String] = []
    ) -> QueueCounts.Answer {
        QueueCounts.Answer(
            isPaused: false, counts: [.waiting: waiting, .active: active, .delayed: delayed], added: added, overdue: 0,
            failedLastMinute: failed, next: next, active: running)
    }

    private mutating func look(
        _ answer: QueueCounts.Answer, oldest: Int64? = nil, unlocked: Set<String>? = [], at seconds: Double
    ) -> Queue {
        var answer = answer
        answer.next = ["1"]
        _ = history.withoutAge(among: answer.next, at: moment(seconds))
        history.note(age: oldest, of: "1", at: moment(seconds))
        return history.queue(name: "q", answer: answer, unlocked: unlocked, workers: nil, at: moment(seconds))
    }

    @Test func lagIsTheAgeOfTheOldestWaitingJob() {
        var test = self
        let begin = moment(0).wall.microseconds / 1000
        #expect(test.look(answer(waiting: 3), oldest: begin, at: 7).lag == .seconds(7))
        // A clock ahead of ours makes no negative age.
        #expect(test.look(answer(waiting: 3), oldest: begin + 60_000, at: 8).lag == .zero)
        // What is known of a job is asked again after five seconds.
        #expect(test.look(answer(waiting: 3), oldest: nil, at: 12.9).lag == .zero)
        #expect(test.look(answer(waiting: 3), oldest: nil, at: 13).lag == nil)
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

    @Test func betweenTwoLooksAtTheLocksNothingBecomesStalled() {
        var test = self
        let running = answer(active: 2, running: ["a", "b"])
        _ = test.look(running, unlocked: ["a", "b"], at: 0)
        #expect(test.look(running, unlocked: nil, at: 6).stalled == 0)
        #expect(test.look(running, unlocked: ["a", "b"], at: 7).stalled == 2)
        // One ended since.
        #expect(test.look(answer(active: 1, running: ["b"]), unlocked: nil, at: 8).stalled == 1)
    }

    @Test func agesAreAskedOfNewJobsOnly() {
        var test = self
        #expect(test.history.withoutAge(among: ["b", "a"], at: moment(0)) == ["a", "b"])
        for id in ["a", "b"] { test.history.note(age: 5, of: id, at: moment(0)) }
        test.history.note(age: nil, of: "gone", at: moment(0))
        #expect(test.history.withoutAge(among: ["a", "b", "c", "gone"], at: moment(1)) == ["c", "gone"])
        // Who left and came back may have a new age.
        #expect(test.history.withoutAge(among: ["a"], at: moment(2)) == [])
        #expect(test.history.withoutAge(among: ["a", "b"], at: moment(3)) == ["b"])
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
