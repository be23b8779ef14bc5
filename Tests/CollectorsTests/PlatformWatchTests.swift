import PlatformModel
import PlatformStore
import Reactor
import Testing

@testable import Collectors

/// A collector that a test holds in its hand.
private final class FakeCollector: Collector {
    let name: String
    let interval: Duration
    let reads = Locked(0)
    let hangs: Bool
    let pushes: AsyncStream<Void>

    init(_ name: String, interval: Duration = .seconds(3600), hangs: Bool = false, pushes: AsyncStream<Void>? = nil) {
        self.name = name
        self.interval = interval
        self.hangs = hangs
        self.pushes = pushes ?? AsyncStream { _ in }
    }

    func read() async -> [Observation] {
        reads.withLock { $0 += 1 }
        if hangs { await EventLoop.shared.sleep(until: .never) }
        return [.service(name: name, Attempt(.success(health), at: .now(), took: .zero))]
    }

    private var health: ServiceHealth { ServiceHealth(name: name, state: .ok, statusCode: 200, latency: .zero) }

    func changed() async -> Bool {
        for await _ in pushes { return true }
        return false
    }
}

@Suite struct PlatformWatchTests {
    private func watch(
        _ collectors: [FakeCollector], publish: @escaping @Sendable (Snapshot) -> Void = { _ in }
    ) -> PlatformWatch {
        let store = PlatformStore(
            environment: EnvironmentIdentity(name: "t", kind: .local, title: "t"), thresholds: Thresholds(),
            databases: [], services: collectors.map { NamedReading(name: $0.name, address: "") }, at: .now())
        return PlatformWatch(collectors: collectors, store: store, pace: .milliseconds(1), publish: publish)
    }

    @Test func onceReturnsWithTheLastAnswer() async {
        let collectors = [FakeCollector("a"), FakeCollector("b")]
        let snapshot = await watch(collectors).readOnce(until: .never)
        #expect(snapshot.services.allSatisfy { $0.reading.value?.state == .ok })
        #expect(collectors.allSatisfy { $0.reads.withLock { $0 } == 1 })
    }

    @Test func onceLeavesOutWhatHangs() async {
        let collectors = [FakeCollector("a"), FakeCollector("hung", hangs: true), FakeCollector("b")]
        let snapshot = await watch(collectors).readOnce(until: .after(.milliseconds(300)))
        #expect(snapshot.services.map { $0.reading.value != nil } == [true, false, true])
        #expect(snapshot.services[1].reading.failure == nil)
    }

    @Test func aHangingCollectorDelaysNoOtherAndCancellationEndsAll() async {
        let (quick, hung) = (FakeCollector("quick", interval: .milliseconds(1)), FakeCollector("hung", hangs: true))
        let last = Locked<Snapshot?>(nil)
        let watch = watch([hung, quick]) { snapshot in last.withLock { $0 = snapshot } }
        let task = Task { await watch.run() }
        #expect(await eventually { quick.reads.withLock { $0 } >= 5 })
        #expect(await eventually { last.withLock { $0?.services[1].reading.value != nil } })
        #expect(last.withLock { $0?.services[0].reading.value } == nil)
        #expect(hung.reads.withLock { $0 } == 1)
        task.cancel()
        // Ends although one collector sleeps for ever: the test would hang otherwise.
        await task.value
    }

    @Test(.timeLimit(.minutes(1))) func aPushWakesACollectorThatWouldRestForAnHour() async {
        let (pushes, continuation) = AsyncStream.makeStream(of: Void.self)
        let collector = FakeCollector("pushed", pushes: pushes)
        let watch = watch([collector])
        let task = Task { await watch.run() }
        #expect(await eventually { collector.reads.withLock { $0 } == 1 })
        continuation.yield()
        #expect(await eventually { collector.reads.withLock { $0 } == 2 })
        continuation.yield()
        #expect(await eventually { collector.reads.withLock { $0 } == 3 })
        task.cancel()
        await task.value
    }
}
