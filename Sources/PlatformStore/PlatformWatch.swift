import Collectors
import PlatformModel
import Reactor

/// Runs the collectors, each at its own pace, and publishes a snapshot whenever one has brought something.
///
/// A slow or dead system holds up only its own collector. Snapshots are published at most every `pace`, so that a
/// burst of observations costs one.
public actor PlatformWatch {
    public nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    private let collectors: [any Collector]
    private let loop: EventLoop
    private let pace: Duration
    private let openingPace = Duration.milliseconds(10)
    private let publish: @Sendable (Snapshot) -> Void
    private let fresh: AsyncSignal
    private var store: PlatformStore
    private var waiting: Set<String> = []
    /// One for each collector that is being followed: wakes it before its turn.
    private var wakes: [AsyncSignal] = []

    /// - Parameters:
    ///   - pace: the shortest time between two snapshots.
    ///   - publish: called on the event loop; must not block.
    public init(
        collectors: [any Collector], store: PlatformStore, loop: EventLoop = .shared,
        pace: Duration = .milliseconds(100), publish: @escaping @Sendable (Snapshot) -> Void
    ) {
        self.collectors = collectors
        self.store = store
        self.loop = loop
        self.pace = pace
        self.publish = publish
        fresh = AsyncSignal(loop: loop)
    }

    /// Watches until the task is cancelled.
    ///
    /// Even when nothing comes, a snapshot follows every second: findings and trends move with time.
    public func run() async {
        waiting = Set(collectors.map(\.name))
        await withTaskGroup(of: Void.self) { group in
            for collector in collectors {
                group.addTask(executorPreference: loop) { await self.follow(collector) }
            }
            while !Task.isCancelled {
                _ = await fresh.wait(until: .after(.seconds(1)))
                if Task.isCancelled { break }
                publish(store.snapshot(at: .now()))
                // At the start people wait for each answer; later nobody needs them one by one.
                await loop.sleep(until: .after(waiting.isEmpty ? pace : openingPace))
            }
            group.cancelAll()
        }
    }

    /// Reads everything once and returns the snapshot: what `galley status` shows.
    ///
    /// What has not answered by the deadline is left as it is: not read.
    public func readOnce(until deadline: Deadline) async -> Snapshot {
        waiting = Set(collectors.map(\.name))
        await withTaskGroup(of: Void.self) { group in
            for collector in collectors {
                group.addTask(executorPreference: loop) {
                    let observations = await collector.read()
                    if !Task.isCancelled { await self.record(observations, of: collector) }
                }
            }
            while !waiting.isEmpty, !deadline.hasPassed, !Task.isCancelled {
                _ = await fresh.wait(until: deadline)
            }
            group.cancelAll()
        }
        return store.snapshot(at: .now())
    }

    /// Has every collector read now instead of when its turn comes; one that is reading reads once more after it.
    ///
    /// However often this is asked, a collector breathes between two reads.
    public func readNow() {
        for wake in wakes { wake.fire() }
    }

    private func record(_ observations: [Observation], of collector: any Collector) {
        for observation in observations { store.apply(observation) }
        waiting.remove(collector.name)
        fresh.fire()
    }

    /// One collector's life: read, then wait for its interval or a push, whichever is first.
    private func follow(_ collector: any Collector) async {
        let pushed = AsyncSignal(loop: loop)
        wakes.append(pushed)
        await withTaskGroup(of: Void.self) { group in
            group.addTask(executorPreference: loop) {
                while await collector.changed() { pushed.fire() }
            }
            if let glance = await collector.glance(), !Task.isCancelled { record(glance, of: collector) }
            while !Task.isCancelled {
                let start = Deadline.now
                let observations = await collector.read()
                if Task.isCancelled { break }
                record(observations, of: collector)
                let took = Deadline.now.nanoseconds - start.nanoseconds
                // A system that answers slowly is asked less often: at most a tenth of the time is spent asking it.
                let pause = max(collector.interval, .nanoseconds(Int64(clamping: took)) * 10)
                let due = start.advanced(by: min(pause, collector.interval * 10))
                // Pushes come in bursts: the first is answered at once, the next after a breath.
                let breath = Deadline.after(min(.milliseconds(200), collector.interval))
                _ = await pushed.wait(until: due)
                await loop.sleep(until: min(breath, due))
            }
            group.cancelAll()
        }
    }
}
