import Glibc
import PlatformModel
import Reactor
import Testing

@testable import Operations

/// Steps, outcomes and repetition, without crashes.
@Suite struct ExecutorTests {
    private func run(
        _ plan: Plan, in folder: StateFolder, world: FileWorld, kinds: [String] = ["world"]
    ) async throws -> Outcome {
        let gate = gate(folder, performers: kinds.map { WorldPerformer(kind: $0, world: world) })
        return await gate.submit(plan, proof: try plan.proof())
    }

    @Test func everyStepIsDoneOnceAndInOrder() async throws {
        try await withFolder { folder in
            let world = FileWorld(folder.folder("world"))
            let plan = Plan.lines()
            let outcome = try await run(plan, in: folder, world: world)
            #expect(outcome.state == .done && outcome.steps.map(\.result.state) == [.done, .done, .done])
            #expect(world.effects.map { $0.prefix(1) } == ["1", "2", "3"])
            // The same intent again is refused, whoever sends it and however it ended.
            let again = try await run(plan, in: folder, world: world)
            #expect(again.state == .refused && again.code == "already-given")
            #expect(world.effects.count == 3)
        }
    }

    @Test func aSequenceEndsAtItsFirstFailureAndMarkedRowsDoNot() async throws {
        try await withFolder { folder in
            let world = FileWorld(folder.folder("world"))
            let arguments: [JSONObject] = [[:], ["refuse": "it changed"], [:]]
            let sequence = try await run(.lines(arguments: arguments), in: folder, world: world)
            #expect(sequence.steps.map(\.result.state) == [.done, .refused, .notRun])
            #expect(sequence.state == .refused && sequence.code == "changed")
            let marked = try await run(
                .lines(order: .independent, arguments: arguments), in: folder, world: world)
            #expect(marked.steps.map(\.result.state) == [.done, .refused, .done])
            #expect(world.effects.count == 3)
        }
    }

    @Test func anUnknownOutcomeIsLookedIntoUntilItIsProvenOrSaidToBeUnknown() async throws {
        try await withFolder { folder in
            let world = FileWorld(folder.folder("world"))
            let proven = try await run(.lines(arguments: [["silent": true]]), in: folder, world: world)
            #expect(proven.state == .done && proven.text == "its line is there")
            let lost = Plan.lines(arguments: [["lost": true], [:]])
            let outcome = try await run(lost, in: folder, world: world)
            #expect(outcome.state == .unknown && outcome.steps.map(\.result.state) == [.unknown, .notRun])
            // It stays in the journal, for the next start to look again.
            let gate = gate(folder, performers: [WorldPerformer(kind: "world", world: world)])
            let left = gate.journals.interrupted()
            #expect(left.map(\.id) == [lost.intent.id] && left[0].steps.map(\.state) == ["unknown", "not done"])
            let closed = await gate.close(left[0], because: "looked myself")
            #expect(closed.code == "closed" && gate.journals.interrupted().isEmpty)
        }
    }

    @Test func withoutAPerformerNothingIsDone() async throws {
        try await withFolder { folder in
            let world = FileWorld(folder.folder("world"))
            let outcome = try await run(.lines(kind: "other"), in: folder, world: world)
            #expect(outcome.state == .failed && outcome.code == "no-performer")
        }
    }

    @Test func nothingIsDoneThatCannotBeJournaled() async throws {
        try await withFolder { folder in
            let world = FileWorld(folder.folder("world"))
            // A file where the folder of journals should be.
            try folder.replace("journal", with: "")
            let outcome = try await run(.lines(), in: folder, world: world)
            #expect(outcome.state == .failed && outcome.code == "state-file")
            #expect(world.attempts.isEmpty)
        }
    }

    @Test func anotherConsolesWorkIsLeftAlone() async throws {
        try await withFolder { folder in
            let world = FileWorld(folder.folder("world"))
            let gate = gate(folder, performers: [WorldPerformer(kind: "world", world: world)])
            let plan = Plan.lines()
            let journal = try gate.journals.open(plan, head: [:])
            #expect(gate.journals.interrupted().isEmpty)
            let record = try #require(gate.journals.record(id: plan.intent.id))
            #expect(record.isAtWork)
            let outcome = await gate.resume(record)
            #expect(outcome.state == .refused && outcome.code == "in-use")
            withExtendedLifetime(journal) {}
        }
    }
}

/// kill -9 at every point of a plan: what was done stays done, what was not is done after, nothing is done twice.
///
/// Each crash is a real one: a second process of this test program runs the plan and kills itself.
@Suite(.serialized) struct CrashTests {
    private static let points =
        Executor.Point.allCases.map(\.rawValue) + ["beforeEffect", "afterEffect"]

    private static let child = getenv("GALLEY_CRASH_FOLDER").map { String(cString: $0) }

    /// What the child does: not a test by itself.
    @Test(.enabled(if: child != nil)) func crashChild() async throws {
        let folder = StateFolder(Self.child ?? "")
        let place = getenv("GALLEY_CRASH_AT").map { String(cString: $0) } ?? ""
        let guarded = getenv("GALLEY_CRASH_GUARDED") != nil
        let die: @Sendable (String, PlanStep) -> Void = { point, step in
            if "\(step.id):\(point)" == place { kill(getpid(), SIGKILL) }
        }
        let performer = WorldPerformer(kind: "world", world: FileWorld(folder.folder("world")), inside: die)
        let executor = Executor([performer]) { die($0.rawValue, $1) }
        let plan = Plan.lines(id: "crash", repetition: guarded ? .guarded : .never)
        let journals = JournalFolder(state: folder, environment: "test", clock: .system)
        _ = await executor.run(plan, in: try journals.open(plan, head: [:]))
    }

    private func crash(at place: String, guarded: Bool, in folder: StateFolder) async throws {
        var path = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &path, path.count - 1)
        let program = String(decoding: path.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let command =
            "GALLEY_CRASH_FOLDER=\(folder.path) GALLEY_CRASH_AT=\(place) \(guarded ? "GALLEY_CRASH_GUARDED=1" : "") "
            + "timeout 60 \(program) --testing-library swift-testing --filter crashChild >/dev/null 2>&1"
        let status = await Thread.run("crash", on: .shared, until: .after(.seconds(90))) { system(command) }
        // Told by the shell as 128 and the signal's number, or as it is when the shell gave way to the program.
        let killed = status.map { ($0 >> 8) & 0xff == 128 + SIGKILL || $0 & 0x7f == SIGKILL } ?? false
        #expect(killed, "\(place): \(String(describing: status))")
    }

    @Test(.enabled(if: child == nil), arguments: [1, 2, 3]) func killedAtEveryPointOfAGuardedStep(_ step: Int)
        async throws
    {
        for point in Self.points {
            try await withFolder { folder in
                try await crash(at: "\(step):\(point)", guarded: true, in: folder)
                let world = FileWorld(folder.folder("world"))
                let gate = gate(folder, performers: [WorldPerformer(kind: "world", world: world)])
                let left = gate.journals.interrupted()
                let record = try #require(left.first, "\(step):\(point)")
                let begun = point != "beforeBegin"
                let ended = point == "afterEnd"
                let states = record.steps.map(\.state)
                #expect(states[..<(step - 1)].allSatisfy { $0 == "done" })
                #expect(states[step - 1] == (ended ? "done" : begun ? "unknown" : "not done"), "\(step):\(point)")
                #expect(states[step...].allSatisfy { $0 == "not done" })
                let outcome = await gate.resume(record)
                #expect(outcome.state == .done, "\(step):\(point): \(outcome)")
                #expect(world.effects.map { $0.prefix(1) } == ["1", "2", "3"], "\(step):\(point)")
                #expect(gate.journals.interrupted().isEmpty)
            }
        }
    }

    @Test(.enabled(if: child == nil)) func killedInAStepThatMustNotRunAgain() async throws {
        for point in Self.points {
            try await withFolder { folder in
                try await crash(at: "2:\(point)", guarded: false, in: folder)
                let world = FileWorld(folder.folder("world"))
                let gate = gate(folder, performers: [WorldPerformer(kind: "world", world: world)])
                let record = try #require(gate.journals.interrupted().first, "\(point)")
                let outcome = await gate.resume(record)
                // Begun and not seen: only a person can tell, and nothing is done meanwhile.
                let asks = point == "afterBegin" || point == "beforeEffect"
                #expect(outcome.state == (asks ? .unknown : .done), "\(point): \(outcome)")
                #expect(world.attempts == (asks ? ["1"] : ["1", "2", "3"]), "\(point)")
                #expect(gate.journals.interrupted().isEmpty == !asks)
            }
        }
    }
}
