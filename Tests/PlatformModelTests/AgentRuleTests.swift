import PlatformModel
import Testing

/// What is found in runs of agents, and what explains it.
@Suite struct AgentRuleTests {
    private let start = Moment(wall: Timestamp(seconds: 1_800_000_000), ticks: 1_000_000_000_000)

    private func run(_ number: Int, _ state: AgentRun.State, ago seconds: Double, question: String = "") -> AgentRun {
        AgentRun(
            thread: "order-\(number)-approver", start: "\(number)", state: state, graph: "approver",
            order: Int64(number),
            startedAt: start.wall + .seconds(-seconds - 2), updatedAt: start.wall + .seconds(-seconds),
            next: ["ask_person"], error: state == .failed ? "ToolServerDown('502')" : "", question: question,
            decisionTime: .seconds(2))
    }

    private func snapshot(_ runs: [AgentRun], queue: Queue? = nil) -> Snapshot {
        var snapshot = Snapshot(
            environment: EnvironmentIdentity(name: "local", kind: .local, title: ""), at: start)
        let graphs = AgentGraphSums().graphs(runs, now: start.wall, watchedSince: start.wall + .seconds(-3600))
        var reading = Reading<AgentsOverview>(origin: "agents")
        reading.succeed(AgentsOverview(runs: runs, graphs: graphs), at: start, took: .zero)
        snapshot.agents = reading
        if let queue { snapshot.queues.succeed([queue], at: start, took: .zero) }
        return snapshot
    }

    private func codes(_ snapshot: Snapshot) -> [Finding.Code] {
        FindingRules.evaluate(snapshot).map(\.finding.code).filter { $0.rawValue.hasPrefix("Agent") }
    }

    @Test func aHealthyPlatformHasNone() {
        let runs =
            (0..<40).map { run($0, .done, ago: Double($0) * 10) } + [
                run(100, .waiting, ago: 120, question: "?"), run(101, .running, ago: 1), run(102, .failed, ago: 30),
            ]
        let queue = Queue(name: "agents", flavour: .bullMQ5, counts: [.waiting: 499], workers: 1)
        #expect(codes(snapshot(runs, queue: queue)).isEmpty)
    }

    @Test func tellsWhoWaitsTooLong() throws {
        let runs = [run(1, .waiting, ago: 901, question: "Release order 1?"), run(2, .waiting, ago: 2000)]
        let found = FindingRules.evaluate(snapshot(runs)).map(\.finding)
        let finding = try #require(found.first { $0.code == .agentWaitsForPerson })
        #expect(finding.subject == "approver" && finding.severity == .warning)
        #expect(finding.evidence.contains("order-2-approver") && finding.evidence.contains("1 more"))
        #expect(codes(snapshot([run(1, .waiting, ago: 899)])).isEmpty)
    }

    @Test func tellsWhatFailsOnceEnoughHasEnded() {
        let few = [run(1, .failed, ago: 5), run(2, .failed, ago: 5), run(3, .done, ago: 5), run(4, .done, ago: 5)]
        #expect(codes(snapshot(few)).isEmpty)
        #expect(codes(snapshot(few + [run(5, .done, ago: 5)])) == [.agentRunsFailing])
        // Long ago is another matter.
        #expect(
            codes(snapshot(few.map { run(Int($0.order ?? 0), $0.state, ago: 1200) } + [run(5, .done, ago: 5)])).isEmpty)
    }

    @Test func tellsWhatWasLeftAndThatItsServiceIsTheCause() throws {
        var snapshot = snapshot([run(7, .abandoned, ago: 300)])
        #expect(codes(snapshot) == [.agentRunAbandoned])
        var service = NamedReading<ServiceHealth>(name: "agents", address: "u")
        service.reading.fail(ReadFailure(code: "connection-refused", cause: "refused"), at: start, took: .zero)
        snapshot.services = [service]
        let finding = try #require(
            FindingRules.evaluate(snapshot).map(\.finding).first { $0.code == .agentRunAbandoned })
        #expect(finding.cause == Finding.ID(code: .serviceDown, subject: "agents"))
    }

    @Test func tellsTheScalingRule() throws {
        func queue(_ waiting: Int64, workers: Int?) -> Queue {
            Queue(
                name: "agents", flavour: .bullMQ5, counts: [.waiting: waiting], workers: workers, addedPerSecond: 4,
                finishedPerSecond: 1)
        }
        let found = FindingRules.evaluate(snapshot([], queue: queue(501, workers: 3))).map(\.finding)
        let finding = try #require(found.first { $0.code == .agentQueueLag })
        #expect(finding.evidence.contains("501 jobs") && finding.evidence.contains("not shrinking"))
        #expect(finding.advice.contains("adds 2 pods") && finding.advice.contains("3 now"))
        let limits = Thresholds()
        #expect(AgentScaling(queue: queue(500, workers: 3), thresholds: limits).verdict == .asTheyAre)
        #expect(AgentScaling(queue: queue(99, workers: 3), thresholds: limits).verdict == .fewer)
        #expect(AgentScaling(queue: queue(99, workers: 1), thresholds: limits).verdict == .asTheyAre)
        // Nobody there: more of them is not the first thing to do.
        #expect(AgentScaling(queue: queue(900, workers: 0), thresholds: limits).advice.contains("start the agents"))
        let none = FindingRules.evaluate(snapshot([], queue: queue(600, workers: 0))).map(\.finding)
        #expect(none.first { $0.code == .agentQueueLag }?.cause == Finding.ID(code: .workersGone, subject: "agents"))
    }

    @Test func sumsByGraph() throws {
        let runs = (0..<10).map { run($0, .done, ago: Double($0) * 60) } + [run(11, .waiting, ago: 9000)]
        let graph = try #require(
            AgentGraphSums().graphs(runs, now: start.wall, watchedSince: start.wall + .seconds(-3600)).first)
        #expect(graph.count(.done) == 10 && graph.count(.waiting) == 1 && graph.runs == 10)
        #expect(graph.runsPerMinute == 1.0)
        #expect(graph.decisionP50 == .seconds(2) && graph.decisionP95 == .seconds(2))
        let fresh = AgentGraphSums().graphs(runs, now: start.wall, watchedSince: start.wall + .seconds(-5))
        #expect(fresh.first?.runsPerMinute == nil)
    }
}
