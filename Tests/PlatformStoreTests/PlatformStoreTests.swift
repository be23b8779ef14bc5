import PlatformModel
import PlatformStore
import Testing

@Suite struct PlatformStoreTests {
    private func moment(_ seconds: Double) -> Moment {
        Moment(wall: Timestamp(microseconds: Int64(seconds * 1e6)), ticks: UInt64(seconds * 1e9))
    }

    private func store() -> PlatformStore {
        PlatformStore(
            environment: EnvironmentIdentity(name: "t", kind: .local, title: "t"), thresholds: Thresholds(),
            databases: [NamedReading(name: "a", region: "r", address: "h:1")],
            services: [NamedReading(name: "api", address: "http://h")], at: moment(0))
    }

    private func failed<Value>(_ code: String, at seconds: Double) -> Attempt<Value> {
        Attempt(.failure(ReadFailure(code: code, cause: code)), at: moment(seconds), took: .zero)
    }

    @Test func oneFailureLeavesTheOthersLive() {
        var store = store()
        store.apply(.queues(Attempt(.success([Queue(name: "q", flavour: .bullMQ5)]), at: moment(1), took: .zero)))
        store.apply(.database(name: "a", failed("connection-refused", at: 2)))
        let snapshot = store.snapshot(at: moment(3))
        #expect(snapshot.queues.state(at: snapshot.at, staleAfter: .seconds(5)) == .live)
        #expect(snapshot.databases[0].reading.isFailing)
        #expect(snapshot.findings.map(\.code) == [.databaseUnreachable])
    }

    @Test func whatIsNotConfiguredIsDropped() {
        var store = store()
        store.apply(.database(name: "stranger", failed("timed-out", at: 1)))
        store.apply(.service(name: "stranger", failed("timed-out", at: 1)))
        #expect(store.snapshot(at: moment(2)).findings.isEmpty)
    }

    @Test func trendsHaveEqualStepsAndGapsWhereNothingWasRead() {
        var store = store()
        let queue = Queue(name: "q", flavour: .bullMQ5, counts: [.waiting: 4], lag: .seconds(2))
        store.apply(.queues(Attempt(.success([queue]), at: moment(1), took: .zero)))
        _ = store.snapshot(at: moment(1))
        // Twice within one step is one point.
        _ = store.snapshot(at: moment(1.5))
        store.apply(.queues(failed("timed-out", at: 2)))
        _ = store.snapshot(at: moment(2))
        store.apply(.queues(Attempt(.success([queue]), at: moment(5), took: .zero)))
        let trends = store.snapshot(at: moment(5)).trends
        #expect(trends[.queueWaiting("q")]?.points == [4, nil, nil, nil, 4])
        #expect(trends[.queueLag("q")]?.last == 2)
    }
}
