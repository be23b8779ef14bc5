import PlatformModel

/// What one queue looked like before: rates and stalled jobs need two looks.
struct QueueHistory: Sendable {
    var flavour = QueueFlavour.unknown
    private var samples: [(added: Int64, outstanding: Int64, at: Moment)] = []
    private var unlockedSince: [String: Moment] = [:]

    /// Rates are taken over this span, so that they are steady enough to read.
    private static let window = Duration.seconds(10)
    /// A job may be between two workers for an instant; only one without a lock for this long is stalled.
    private static let stalledAfter = Duration.seconds(5)

    mutating func queue(
        name: String, answer: QueueCounts.Answer, oldest: Int64?, unlocked: Set<String>, workers: Int?, at now: Moment
    ) -> Queue {
        var queue = Queue(name: name, flavour: flavour, isPaused: answer.isPaused, counts: answer.counts)
        queue.overdue = answer.overdue
        queue.workers = workers
        queue.lag = lag(of: queue, oldest: oldest, at: now)
        queue.stalled = stalled(unlocked, at: now)
        queue.failedPerSecond = Double(answer.failedLastMinute) / 60
        if let added = answer.added { rates(of: &queue, added: added, at: now) }
        return queue
    }

    private func lag(of queue: Queue, oldest: Int64?, at now: Moment) -> Duration? {
        if queue.backlog == 0 { return .zero }
        return oldest.map { .milliseconds(max(0, now.wall.microseconds / 1000 - $0)) }
    }

    private mutating func stalled(_ unlocked: Set<String>, at now: Moment) -> Int64 {
        unlockedSince = unlockedSince.filter { unlocked.contains($0.key) }
        for id in unlocked where unlockedSince[id] == nil { unlockedSince[id] = now }
        return Int64(unlockedSince.values.count { now.since($0) >= Self.stalledAfter })
    }

    /// What left the queue is what was added less what is still there: it holds for every flavour and for jobs
    /// that are removed when they complete, and costs no command.
    private mutating func rates(of queue: inout Queue, added: Int64, at now: Moment) {
        let outstanding = queue.backlog + queue.count(.active) + queue.count(.delayed) + queue.count(.waitingChildren)
        if let last = samples.last, added < last.added { samples = [] }
        samples.append((added, outstanding, now))
        while samples.count > 2, now.since(samples[1].at) >= Self.window { samples.removeFirst() }
        guard let first = samples.first, now.since(first.at) >= .seconds(1) else { return }
        let span = now.since(first.at)
        let seconds = Double(span.components.seconds) + Double(span.components.attoseconds) * 1e-18
        let arrived = Double(added - first.added)
        let left = arrived - Double(outstanding - first.outstanding)
        queue.addedPerSecond = arrived / seconds
        queue.finishedPerSecond = max(0, left / seconds - (queue.failedPerSecond ?? 0))
    }
}
