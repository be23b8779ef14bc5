import Operations
import PlatformModel
import Testing

@testable import Console

@Suite struct PlainNarratorTests {
    private let refused = ReadFailure(
        code: "connection-refused", cause: "nothing listens there", hint: "is the server running?")

    private func lag(_ severity: Finding.Severity = .warning, _ subject: String = "suppliers") -> Finding {
        Finding(
            .queueLagHigh, severity, subject: subject, evidence: "the oldest of 40 jobs waits for 72 s",
            advice: "add workers", since: Samples.moment())
    }

    private func healthy(at seconds: Double, _ findings: [Finding] = []) -> Snapshot {
        var snapshot = Samples.healthySnapshot(at: seconds)
        snapshot.findings = findings
        return snapshot
    }

    private func file() -> PlainNarrator { PlainNarrator(healthy(at: 0), pace: .file) }

    @Test func nothingChangedIsNotTold() {
        var narrator = file()
        for second in 1...300 { #expect(narrator.tell(healthy(at: Double(second))) == []) }
    }

    @Test func aFindingIsToldWhenItComesGrowsAndGoes() {
        var narrator = file()
        #expect(
            narrator.tell(healthy(at: 1, [lag()])) == [
                "Warning: queue lag high, suppliers. The oldest of 40 jobs waits for 72 s. Add workers."
            ])
        #expect(narrator.tell(healthy(at: 2, [lag()])) == [])
        #expect(
            narrator.tell(healthy(at: 3, [lag(.critical)])).first?.hasPrefix("Worse, now critical: queue lag") == true)
        #expect(narrator.tell(healthy(at: 64)) == ["Over: queue lag high, suppliers, after 1 m 4 s."])
        #expect(narrator.tell(healthy(at: 65)) == [])
    }

    @Test func aSymptomNamesItsCause() {
        var symptom = lag()
        let cause = Finding(
            .workersGone, .critical, subject: "suppliers", evidence: "no worker", advice: "", since: symptom.since)
        symptom.cause = cause.id
        var narrator = file()
        let told = narrator.tell(healthy(at: 1, [symptom, cause]))
        #expect(told.first == "Critical: workers gone, suppliers. No worker.")
        #expect(told.last?.hasSuffix("Explained by workers gone, suppliers.") == true)
    }

    @Test func theLostPrimaryIsToldOnceAndWhoFollowed() {
        var narrator = file()
        var lost = healthy(at: 1)
        lost.databases[0].reading.fail(refused, at: lost.at, took: .zero)
        let unreachable = Finding(
            .databaseUnreachable, .critical, subject: "eu-west-1a", evidence: "x", advice: "y", since: lost.at)
        let none = Finding(.noPrimary, .critical, evidence: "x", advice: "y", since: lost.at)
        lost.findings = [unreachable, none]
        #expect(
            narrator.tell(lost) == [
                "Critical: lost the primary eu-west-1a; nothing takes writes. Nothing listens there. Is the server running?"
            ])
        var promoted = lost
        promoted.at = Samples.moment(9)
        if var node = promoted.databases[2].reading.value {
            node.role = .primary
            node.timeline = 5
            promoted.databases[2].reading.succeed(node, at: promoted.at, took: .zero)
        }
        promoted.findings = [unreachable]
        #expect(narrator.tell(promoted) == ["eu-central-1a is the primary now, timeline 5; before it was eu-west-1a."])
        promoted.at = Samples.moment(60)
        #expect(narrator.tell(promoted) == [])
        var back = healthy(at: 61)
        back.databases[2] = promoted.databases[2]
        if var node = back.databases[0].reading.value {
            node.role = .replica
            back.databases[0].reading.succeed(node, at: back.at, took: .zero)
        }
        // The finding lingers a moment longer than the loss.
        back.findings = [unreachable]
        #expect(narrator.tell(back) == ["Database eu-west-1a answers again, after 1 m 0 s."])
        back.at = Samples.moment(62)
        #expect(narrator.tell(back) == [])
        back.findings = []
        #expect(narrator.tell(back) == ["The platform is healthy."])
    }

    @Test func oneLateAnswerIsNoLoss() {
        var narrator = file()
        var late = healthy(at: 1)
        late.redis.fail(refused, at: late.at, took: .zero)
        #expect(narrator.tell(late) == [])
        late.at = Samples.moment(2)
        #expect(narrator.tell(late) == [])
        late.at = Samples.moment(2.6)
        #expect(narrator.tell(late) == ["Warning: lost Redis. Nothing listens there. Is the server running?"])
        #expect(narrator.tell(healthy(at: 31)) == ["Redis answers again, after 30 s."])
    }

    @Test func whatOneCauseExplainsIsToldInOneBreath() {
        let cause = Finding(
            .workersGone, .critical, subject: "orders", evidence: "no worker", advice: "", since: Samples.moment())
        let symptoms = ["a", "b", "c"].map { name in
            var symptom = lag(.warning, name)
            symptom.cause = cause.id
            return symptom
        }
        var narrator = file()
        #expect(
            narrator.tell(healthy(at: 1, [cause] + symptoms)) == [
                "Critical: workers gone, orders. No worker.",
                "Warning: 3 more explained by workers gone, orders: queue lag high, a; queue lag high, b;"
                    + " queue lag high, c.",
            ])
        #expect(
            narrator.tell(healthy(at: 9)) == [
                "4 over: workers gone, orders; queue lag high, a; queue lag high, b; queue lag high, c."
            ])
    }

    /// The queues' reader comes back later than Redis does: that is not a second loss.
    @Test func aReaderThatFollowsIsNoLoss() {
        var narrator = file()
        var lost = healthy(at: 5)
        lost.redis.fail(refused, at: Samples.moment(1), took: .zero)
        lost.queues.fail(refused, at: Samples.moment(1), took: .zero)
        #expect(narrator.tell(lost).count == 1)
        var half = healthy(at: 10)
        half.queues = lost.queues
        half.findings = [
            Finding(.queuesUnreadable, .warning, subject: "queues", evidence: "x", advice: "", since: lost.at)
        ]
        #expect(narrator.tell(half) == ["Redis answers again, after 9 s."])
        half.at = Samples.moment(40)
        #expect(narrator.tell(half) == ["Warning: lost the queues. Nothing listens there. Is the server running?"])
    }

    @Test func ordersAreSummedUpAtMostOnceAMinute() {
        var narrator = file()
        var told: [String] = []
        for second in 1...180 {
            var snapshot = healthy(at: Double(second))
            var orders = Samples.ordersOverview
            orders.late = 0
            orders.counts[.sent, default: 0] += Int64(second)
            orders.counts[.held, default: 0] -= second > 90 ? 3 : 0
            orders.placedToday += Int64(second)
            snapshot.orders.succeed(orders, at: snapshot.at, took: .zero)
            told += narrator.tell(snapshot)
        }
        #expect(told.count == 3)
        #expect(told[1] == "Orders in the last 1 m 0 s: 60 placed, 60 more sent, 3 fewer held.", "\(told)")
    }

    /// Whoever listens hears one sentence at a time, the worst first, and never what is no longer true.
    @Test func aVoiceIsGivenTime() {
        var narrator = PlainNarrator(healthy(at: 0), pace: .speech)
        let findings = (0..<20).map { lag(.notice, "queue-\($0)") } + [lag(.critical, "orders")]
        #expect(narrator.tell(healthy(at: 1, findings))[0].hasPrefix("Critical: queue lag high, orders."))
        #expect(narrator.tell(healthy(at: 1.5, findings)) == [])
        #expect(
            narrator.tell(healthy(at: 30, findings)) == [
                "20 new findings. Say findings to hear what needs attention."
            ])
        #expect(narrator.tell(healthy(at: 60, findings)) == [])
        // It came and went while something else was said.
        var quick = PlainNarrator(healthy(at: 0), pace: .speech)
        #expect(quick.tell(healthy(at: 1, [lag()])).count == 1)
        #expect(quick.tell(healthy(at: 1.2, [lag(), lag(.warning, "orders")])) == [])
        #expect(quick.tell(healthy(at: 60, [lag()])) == [])
    }

    @Test func whatWasSaidInTheStatusIsNoNews() {
        var failing = Samples.failingSnapshot()
        var narrator = PlainNarrator(failing, pace: .file)
        failing.at = Samples.moment(30)
        #expect(narrator.tell(failing) == [])
    }
}

@Suite struct PlainTextTests {
    @Test(arguments: [
        ("is the server running?", "Is the server running?"), ("no worker", "No worker."), ("Done.", "Done."),
        ("eu-west-1a is gone", "eu-west-1a is gone."), ("galley local status", "galley local status."), ("", ""),
        ("look; ", "Look."),
    ]) func becomesASentence(text: String, sentence: String) { #expect(Wording.sentence(text) == sentence) }

    @Test func noSentenceRunsIntoTheNext() {
        for snapshot in [Samples.snapshot(), Samples.failingSnapshot(), Samples.unavailableSnapshot()] {
            let lines =
                PlainRenderer.statusLines(snapshot, now: snapshot.at, columns: nil)
                + PlainRenderer.brief(snapshot, now: snapshot.at)
            for line in lines {
                #expect(!line.contains("?.") && !line.contains("..") && !line.contains(" ;"), "\(line)")
                #expect([".", "?", "!"].contains(line.suffix(1)), "\(line)")
            }
        }
    }

    @Test func whyTellsTheCauseFirst() throws {
        var snapshot = Samples.healthySnapshot()
        let cause = Finding(
            .redisUnreachable, .critical, subject: "redis", evidence: "refused", advice: "start it", since: snapshot.at)
        var symptom = Finding(
            .serviceDown, .critical, subject: "worker", evidence: "it answers 503", advice: "see its log",
            since: snapshot.at)
        symptom.cause = cause.id
        snapshot.findings = [cause, symptom]
        let lines = try #require(PlainWhy.lines("service down", in: snapshot, now: snapshot.at))
        #expect(lines.contains("Caused by: redis unreachable, redis."))
        #expect(lines.contains("Do first: start it.") && lines.contains("Then: see its log."))
        #expect(
            PlainWhy.lines("RedisUnreachable", in: snapshot, now: snapshot.at)?.contains(
                "Explains: service down, worker.") == true)
        #expect(
            PlainWhy.lines("worker", in: snapshot, now: snapshot.at)?.first?.hasPrefix("Critical: ServiceDown worker")
                == true)
        #expect(
            PlainWhy.lines("eu-west-1a", in: snapshot, now: snapshot.at)?.first == "Nothing is wrong with eu-west-1a.")
        #expect(PlainWhy.lines("nosuch", in: snapshot, now: snapshot.at) == nil)
    }

    @Test(arguments: [
        ("orders late", "orders list --late"), ("orders.late", "orders list --late"), ("go.orders", "orders list"),
        ("go queues", "queues list"), ("ORDERS held --limit 3", "orders list --status held --limit 3"),
        ("show 4711", "orders show 4711"), ("4711", "orders show 4711"), ("#4711", "orders show #4711"),
        ("jobs \"my queue\" --state failed", "queues jobs my queue --state failed"), ("why redis", "why redis"),
        ("orders list --late", "orders list --late"), ("overview", "status"), ("findings", "findings list"),
        ("themes", "themes list"), ("config check", "config check"), ("database eu-west-1a", "why eu-west-1a"),
    ]) func shortWordsStandForCommands(typed: String, line: String) {
        guard case .line(let words) = PlainWords(typed) else {
            Issue.record("\(typed) is \(PlainWords(typed))")
            return
        }
        #expect(words.joined(separator: " ") == line)
    }

    /// Whatever is in the table can be said: it is done, or told why not.
    @Test func everyCommandIsKnown() {
        for command in CommandTable.all {
            for typed in [command.id, command.words.joined(separator: " ")] where !typed.isEmpty {
                if case .unknown = PlainWords(typed) { Issue.record("\(typed) is unknown") }
            }
        }
        #expect(PlainWords("  ") == .nothing)
        #expect(PlainWords("nosuch thing") == .unknown("nosuch"))
        #expect(PlainWords("quit") == .session("quit", []))
    }
}
