import PlatformModel
import Testing

@Suite struct FindingTests {
    private let start = Moment(wall: Timestamp(seconds: 1_800_000_000), ticks: 1_000_000_000_000)
    private let refused = ReadFailure(code: "connection-refused", cause: "connection refused")

    private func later(_ duration: Duration) -> Moment {
        Moment(wall: start.wall + duration, ticks: start.ticks + UInt64(duration.components.seconds) * 1_000_000_000)
    }

    private func healthy() -> Snapshot {
        var snapshot = Snapshot(environment: EnvironmentIdentity(name: "t", kind: .local, title: "t"), at: start)
        var primary = DatabaseNode(name: "a", region: "r", role: .primary)
        primary.position = LogPosition(bytes: 1_000_000_000)
        var replica = DatabaseNode(name: "b", region: "r", role: .replica)
        replica.position = primary.position
        replica.replayed = primary.position
        replica.receiver = DatabaseNode.Receiver(
            status: "streaming", senderHost: "h", senderPort: 1, slot: "s", timeline: 1, silence: nil)
        primary.replicas = [
            ReplicaLink(
                name: "b", state: "streaming", syncState: "quorum", sent: nil, written: nil, flushed: nil,
                replayed: replica.replayed, replayLag: nil, lagBytes: 0)
        ]
        for node in [primary, replica] {
            var named = NamedReading<DatabaseNode>(name: node.name, region: "r", address: "h:1")
            named.reading.succeed(node, at: start, took: .milliseconds(1))
            snapshot.databases.append(named)
        }
        var queue = Queue(name: "orders", flavour: .bullMQ5, counts: [.waiting: 3], lag: .seconds(1))
        queue.workers = 2
        snapshot.queues.succeed([queue], at: start, took: .zero)
        snapshot.orders.succeed(OrdersOverview(), at: start, took: .zero)
        var worker = NamedReading<ServiceHealth>(name: "worker", address: "u")
        worker.reading.succeed(
            ServiceHealth(name: "worker", state: .ok, statusCode: 200, latency: .milliseconds(3)), at: start,
            took: .zero)
        snapshot.services = [worker]
        return snapshot
    }

    private func found(_ snapshot: Snapshot, held: Duration = .seconds(10)) -> [Finding] {
        var tracker = FindingTracker()
        _ = tracker.update(FindingRules.evaluate(snapshot), at: start)
        return tracker.update(FindingRules.evaluate(snapshot), at: later(held))
    }

    @Test func aHealthyPlatformRaisesNothing() {
        #expect(found(healthy()) == [])
        #expect(healthy().health == .healthy)
    }

    @Test func aDeadPrimaryIsTheCauseOfWhatFollows() {
        var snapshot = healthy()
        snapshot.databases[0].reading.fail(refused, at: start, took: .zero)
        var replica = snapshot.databases[1].reading.value
        replica?.receiver = nil
        if let replica { snapshot.databases[1].reading.succeed(replica, at: start, took: .zero) }
        snapshot.orders.fail(refused, at: start, took: .zero)
        let findings = found(snapshot)
        let root = Finding.ID(code: .databaseUnreachable, subject: "a")
        #expect(findings.first?.id == root)
        #expect(findings.first?.severity == .critical)
        #expect(Set(findings.dropFirst().map(\.code)) == [.noPrimary, .replicaNotStreaming, .ordersUnreadable])
        #expect(findings.dropFirst().allSatisfy { $0.cause == root })
    }

    @Test func redisDownExplainsTheQueues() {
        var snapshot = healthy()
        snapshot.redis.fail(refused, at: start, took: .zero)
        snapshot.queues.fail(refused, at: start, took: .zero)
        #expect(found(snapshot).map(\.code) == [.redisUnreachable])
    }

    @Test func missingWorkersExplainTheLag() {
        var snapshot = healthy()
        var queue = Queue(name: "orders", flavour: .bullMQ5, counts: [.waiting: 600], lag: .seconds(400))
        queue.workers = 0
        snapshot.queues.succeed([queue], at: start, took: .zero)
        snapshot.orders.succeed(OrdersOverview(late: 60, oldestLate: .seconds(2000)), at: start, took: .zero)
        let findings = found(snapshot)
        #expect(findings.map(\.code) == [.workersGone, .queueLagHigh, .ordersLate])
        #expect(findings.dropFirst().allSatisfy { $0.cause?.code == .workersGone })
    }

    @Test func oneLateAnswerRaisesNothing() {
        var snapshot = healthy()
        snapshot.databases[1].reading.fail(ReadFailure(code: "timed-out", cause: "no answer"), at: start, took: .zero)
        var tracker = FindingTracker()
        #expect(tracker.update(FindingRules.evaluate(snapshot), at: start) == [])
        #expect(tracker.update(FindingRules.evaluate(healthy()), at: later(.seconds(1))) == [])
    }

    @Test func aFindingKeepsItsBeginningAndOutlivesABlink() {
        var broken = healthy()
        broken.redis.fail(refused, at: start, took: .zero)
        var tracker = FindingTracker()
        let since = tracker.update(FindingRules.evaluate(broken), at: start).first?.since
        #expect(since == start)
        #expect(tracker.update(FindingRules.evaluate(healthy()), at: later(.seconds(1))).count == 1)
        #expect(tracker.update(FindingRules.evaluate(broken), at: later(.seconds(2))).first?.since == start)
        #expect(tracker.update(FindingRules.evaluate(healthy()), at: later(.seconds(9))).isEmpty)
    }

    @Test func twoPrimariesAreCritical() {
        var snapshot = healthy()
        if let primary = snapshot.databases[0].reading.value {
            snapshot.databases[1].reading.succeed(primary, at: start, took: .zero)
        }
        #expect(found(snapshot).contains { $0.code == .twoPrimaries && $0.severity == .critical })
        #expect(snapshot.primary != nil)
    }

    // MARK: What kept a reading away

    struct Refusal: Sendable, CustomTestStringConvertible {
        let code: String
        let finding: Finding.Code
        let severity: Finding.Severity
        let words: String
        var testDescription: String { code }
    }

    /// Of the primary, which was read before.
    static let refusals = [
        Refusal(
            code: "connection-refused", finding: .databaseUnreachable, severity: .critical,
            words: "the last known primary does not answer: "),
        Refusal(
            code: "name-not-resolved", finding: .databaseUnreachable, severity: .critical,
            words: "the last known primary does not answer: "),
        Refusal(
            code: "sqlstate-57P03", finding: .databaseUnreachable, severity: .critical,
            words: "the last known primary is not ready: "),
        Refusal(
            code: "password-rejected", finding: .databaseUnreadable, severity: .warning,
            words: "the last known primary refuses the password: "),
        Refusal(
            code: "password-missing", finding: .databaseUnreadable, severity: .warning,
            words: "the last known primary asks for a password that Galley does not have: "),
        Refusal(
            code: "not-allowed", finding: .databaseUnreadable, severity: .warning,
            words: "the last known primary does not let Galley in: "),
        Refusal(
            code: "sqlstate-3D000", finding: .databaseUnreadable, severity: .warning,
            words: "the last known primary does not have the database: "),
        Refusal(
            code: "sqlstate-42501", finding: .databaseUnreadable, severity: .warning,
            words: "the last known primary denies a right that Galley needs: "),
        Refusal(
            code: "tls-failed", finding: .databaseUnreadable, severity: .warning,
            words: "the last known primary cannot be talked to over TLS: "),
        Refusal(
            code: "sqlstate-53300", finding: .connectionsNearLimit, severity: .critical,
            words: "the last known primary has no connection left: "),
        Refusal(
            code: "protocol", finding: .databaseUnreadable, severity: .critical,
            words: "the last known primary cannot be read: "),
    ]

    @Test(arguments: refusals) func eachCauseHasItsFindingAndItsWords(_ refusal: Refusal) throws {
        var snapshot = healthy()
        let failure = ReadFailure(code: refusal.code, cause: "its own words", hint: "do this")
        snapshot.databases[0].reading.fail(failure, at: start, took: .zero)
        let findings = found(snapshot)
        let first = try #require(findings.first)
        #expect(first.id == Finding.ID(code: refusal.finding, subject: "a"))
        #expect(first.severity == refusal.severity)
        #expect(first.evidence == refusal.words + "its own words")
        #expect(first.advice == "do this")
        // One that answers and refuses Galley may serve everybody else.
        #expect(findings.contains { $0.code == .noPrimary } != failure.isRefusal)
        #expect(findings.dropFirst().allSatisfy { $0.cause == first.id })
    }

    @Test func aNodeThatWasNeverReadIsNotCalledAReplica() throws {
        var snapshot = healthy()
        var never = NamedReading<DatabaseNode>(name: "a", region: "r", address: "h:1")
        never.reading.fail(refused, at: start, took: .zero)
        // Beside a primary it is one node less.
        snapshot.databases.append(NamedReading(name: "c", address: "h:2", reading: never.reading))
        let beside = try #require(found(snapshot).first)
        #expect(beside.severity == .warning && beside.subject == "c")
        #expect(beside.evidence.hasPrefix("the server, whose role is not known yet, does not answer: "))
        // Without one it may be the primary, and what follows, follows from it.
        snapshot = healthy()
        snapshot.databases[0] = never
        snapshot.orders.fail(refused, at: start, took: .zero)
        let alone = found(snapshot)
        #expect(alone.first?.severity == .critical && alone.first?.subject == "a")
        #expect(Set(alone.dropFirst().map(\.code)) == [.noPrimary, .ordersUnreadable])
        #expect(alone.dropFirst().allSatisfy { $0.cause == alone.first?.id })
    }

    @Test(arguments: [
        ("name-not-resolved", Finding.Code.redisUnreachable, Finding.Severity.critical, "it does not answer: "),
        ("closed", .redisUnreachable, .critical, "it does not answer: "),
        ("loading", .redisUnreachable, .critical, "it is not ready: "),
        ("wrong-password", .redisUnreadable, .warning, "it refuses the password: "),
        ("no-auth", .redisUnreadable, .warning, "it asks for a password that Galley does not have: "),
        ("no-permission", .redisUnreadable, .warning, "it denies a right that Galley needs: "),
        ("certificate", .redisUnreadable, .warning, "it cannot be talked to over TLS: "),
        ("too-many-clients", .redisUnreadable, .critical, "it has no connection left: "),
        ("cluster-node", .redisUnreadable, .warning, "it is not what the configuration says: "),
        ("busy", .redisUnreadable, .critical, "it cannot be read: "),
    ])
    func redisCausesHaveTheirFindings(
        code: String, finding: Finding.Code, severity: Finding.Severity, words: String
    ) throws {
        var snapshot = healthy()
        let failure = ReadFailure(code: code, cause: "words")
        snapshot.redis.fail(failure, at: start, took: .zero)
        snapshot.queues.fail(failure, at: start, took: .zero)
        let findings = found(snapshot)
        #expect(findings.count == 1)
        #expect(findings.first?.code == finding && findings.first?.severity == severity)
        #expect(findings.first?.evidence == words + "words")
        #expect(findings.first?.advice.isEmpty == false)
    }

    @Test func queuesThatFailForTheirOwnReasonAreToldBesideRedis() {
        var snapshot = healthy()
        snapshot.redis.fail(ReadFailure(code: "no-permission", cause: "INFO"), at: start, took: .zero)
        snapshot.queues.fail(ReadFailure(code: "too-large", cause: "a reply"), at: start, took: .zero)
        #expect(Set(found(snapshot).map(\.code)) == [.redisUnreadable, .queuesUnreadable])
    }
}
