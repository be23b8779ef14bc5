import PlatformModel

/// What one queue looked like before: rates and stalled jobs need two looks, and a job's age is read once.
struct QueueHistory: Sendable {
    var flavour = QueueFlavour.unknown
    private var samples: [(added: Int64, outstanding: Int64, at: Moment)] = []
    private var ages: [String: (since: Int64, at: Moment)] = [:]
    private var unlockedSince: [String: Moment] = [:]
    private var locksSeenAt: Moment?

    /// Rates are taken over this span, so that they are steady enough to read.
    private static let window = Duration.seconds(10)
    /// A job may be between two workers for an instant; only one without a lock for this long is stalled.
    private static let stalledAfter = Duration.seconds(5)
    /// A job that left the queue and came back counts from its return: what is known of it is asked again.
    private static let agesLast = Duration.seconds(5)

    /// - Parameter unlocked: the active jobs without a lock; nil when the locks were not looked at this time.
    mutating func queue(
        name: String, answer: QueueCounts.Answer, unlocked: Set<String>?, workers: Int?, at now: Moment
    ) -> Queue {
        var queue = Queue(name: name, flavour: flavour, isPaused: answer.isPaused, counts: answer.counts)
        queue.overdue = answer.overdue
        queue.workers = workers
        queue.lag = lag(of: queue, next: answer.next, at: now)
        queue.stalled = stalled(active: Set(answer.active), unlocked, at: now)
        queue.failedPerSecond = Double(answer.failedLastMinute) / 60
        if let added = answer.added { rates(of: &queue, added: added, at: now) }
        return queue
    }

    // MARK: Age

    /// Which of the next jobs must be asked for their age; forgets those that left.
    mutating func withoutAge(among next: [String], at now: Moment) -> [String] {
        let wanted = Set(next)
        ages = ages.filter { wanted.contains($0.key) && now.since($0.value.at) < Self.agesLast }
        return wanted.filter { ages[$0] == nil }.sorted()
    }

    /// - Parameter since: since when the job could have been taken, in ms since 1970; nil for one that is gone.
    mutating func note(age since: Int64?, of id: String, at now: Moment) {
        if let since { ages[id] = (since, now) }
    }

    private func lag(of queue: Queue, next: [String], at now: Moment) -> Duration? {
        if queue.backlog == 0 { return .zero }
        let oldest = next.compactMap { ages[$0]?.since }.min()
        return oldest.map { .milliseconds(max(0, now.wall.microseconds / 1000 - $0)) }
    }

    // MARK: Locks

    private mutating func stalled(active: Set<String>, _ unlocked: Set<String>?, at now: Moment) -> Int64 {
        if let unlocked {
            unlockedSince = unlockedSince.filter { unlocked.contains($0.key) }
            for id in unlocked where unlockedSince[id] == nil { unlockedSince[id] = now }
            locksSeenAt = now
        } else {
            unlockedSince = unlockedSince.filter { active.contains($0.key) }
        }
        guard let locksSeenAt else { return 0 }
        return Int64(unlockedSince.values.count { locksSeenAt.since($0) >= Self.stalledAfter })
    }

    // MARK: Rates

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
        let arrived = Double(added) - Double(first.added)
        let left = arrived - Double(outstanding - first.outstanding)
        queue.addedPerSecond = arrived / seconds
        queue.finishedPerSecond = max(0, left / seconds - (queue.failedPerSecond ?? 0))
    }
}
