import Glibc
import PlatformModel
import Reactor
import Testing

@testable import Operations

/// A platform that takes orders badly: down, silent after it took one, answering twice, refusing some.
private final class BadAPI: StepPerformer {
    let kind = PlacePerformer.kind
    private struct State {
        var orders: [(key: String, note: String)] = []
        var isDown = false
        var isSilent = false
        var calls = 0
    }
    private let state = Locked(State())

    var orders: [String] { state.withLock { $0.orders.map(\.note) } }
    func set(down: Bool, silent: Bool) {
        state.withLock {
            $0.isDown = down
            $0.isSilent = silent
        }
    }

    func look(_ step: PlanStep, key: String, until deadline: Deadline) async -> StepReadiness { .ready }

    func perform(
        _ step: PlanStep, key: String, permit: borrowing ExecutionPermit, until deadline: Deadline
    ) async -> StepResult {
        let key = step.arguments["key"]?.text ?? ""
        let note = step.arguments["draft"]?["note"]?.text ?? ""
        return state.withLock { state in
            state.calls += 1
            if state.isDown { return StepResult(.failed, code: "unreachable", "nothing listens there") }
            if note.hasPrefix("bad") { return StepResult(.refused, code: "out-of-stock", "out of stock") }
            if !state.orders.contains(where: { $0.key == key }) { state.orders.append((key, note)) }
            return state.isSilent
                ? StepResult(.unknown, code: "timed-out", "no answer came") : StepResult(.done, "order #\(note)")
        }
    }

    func prove(_ step: PlanStep, key: String, until deadline: Deadline) async -> StepProof {
        state.withLock { $0.isDown } ? .unknown("nothing listens there") : .notDone("only sending it again tells")
    }
}

@Suite struct OutboxTests {
    private func draft(_ note: String) -> OrderDraft {
        OrderDraft(kitchen: "MUC-01", supplier: "GRUENTAL", lines: [.init(item: "BAK-0101", quantity: 2)], note: note)
    }

    private func console(_ folder: StateFolder, _ api: BadAPI) -> (gate: Gate, outbox: Outbox) {
        let gate = Gate(
            environment: .test, policy: EnvironmentPolicy(readOnly: .never),
            identity: .test(.kitchen, "kitchen1", kitchens: .only(["MUC-01"])), console: .test, state: folder,
            ledger: nil, planners: [], performers: [api], clock: .system,
            patience: Executor.Patience(step: .seconds(5), proof: .zero))
        return (gate, Outbox(state: folder, environment: "test"))
    }

    private func send(_ console: (gate: Gate, outbox: Outbox)) async throws -> [Outcome] {
        let gate = console.gate
        let ended = try await console.outbox.send(as: "kitchen1") { await gate.send($0, origin: .commandLine) }
        return ended.map { $0.outcome }
    }

    @Test func whatCannotBeSentWaitsInOrder() async throws {
        try await withFolder { folder in
            let api = BadAPI()
            let console = console(folder, api)
            api.set(down: true, silent: false)
            for note in ["1", "bad 2", "3"] { _ = try console.outbox.add(draft(note), subject: "kitchen1") }
            let first = try await send(console)
            #expect(first.map(\.code) == ["unreachable"])
            #expect(console.outbox.waiting().map(\.draft.note) == ["1", "bad 2", "3"])
            #expect(console.outbox.waiting()[0].note.contains("nothing listens"))
            api.set(down: false, silent: false)
            let second = try await send(console)
            #expect(second.map(\.state) == [.done, .refused, .done])
            #expect(api.orders == ["1", "3"] && console.outbox.waiting().isEmpty)
            #expect(console.outbox.returned().map(\.draft.note) == ["bad 2"])
            #expect(console.outbox.returned()[0].note.contains("out of stock"))
            #expect(console.gate.journals.interrupted().isEmpty)
        }
    }

    @Test func nobodyElseSendsThem() async throws {
        try await withFolder { folder in
            let api = BadAPI()
            let console = console(folder, api)
            _ = try console.outbox.add(draft("theirs"), subject: "kitchen2")
            #expect(try await send(console).isEmpty && api.orders.isEmpty)
        }
    }

    @Test func aLostAnswerPlacesOneOrder() async throws {
        try await withFolder { folder in
            let api = BadAPI()
            let console = console(folder, api)
            api.set(down: false, silent: true)
            _ = try console.outbox.add(draft("1"), subject: "kitchen1")
            #expect(try await send(console).map(\.state) == [.unknown])
            #expect(console.outbox.waiting().count == 1)
            api.set(down: true, silent: false)
            #expect(try await send(console).map(\.state) == [.unknown])
            api.set(down: false, silent: false)
            #expect(try await send(console).map(\.state) == [.done])
            #expect(api.orders == ["1"] && console.gate.journals.interrupted().isEmpty)
        }
    }

    /// Orders are given while the API comes and goes, and two consoles of the same person send: every order exists
    /// once, in the order in which it was given.
    @Test(arguments: 0..<40) func randomInterleavings(_ seed: Int) async throws {
        var generator = Seeded(state: UInt64(seed) &* 7919 &+ 13)
        try await withFolder { folder in
            let api = BadAPI()
            let consoles = [console(folder, api), console(folder, api)]
            var given: [String] = []
            for number in 0..<25 {
                let mood = Int.random(in: 0..<4, using: &generator)
                api.set(down: mood == 0, silent: mood == 1)
                if Bool.random(using: &generator) {
                    given.append("\(number)")
                    _ = try consoles[number % 2].outbox.add(draft("\(number)"), subject: "kitchen1")
                }
                if Int.random(in: 0..<3, using: &generator) > 0 {
                    async let left = send(consoles[0])
                    async let right = send(consoles[1])
                    _ = try await (left, right)
                }
            }
            api.set(down: false, silent: false)
            _ = try await send(consoles[0])
            #expect(api.orders == given, "seed \(seed)")
            #expect(consoles[0].outbox.waiting().isEmpty && consoles[1].gate.journals.interrupted().isEmpty)
        }
    }

    @Test func linesOfAFileAreReadOrRefusedWithTheirNumber() {
        let (lines, problems) = OrderDraft.lines(
            csv: "item,packs,price\nA-1, 3\n\nB-2,4,1250\r\nC-3,0\nD-4,x,y\nE,1,z\n")
        #expect(
            lines == [
                .init(item: "A-1", quantity: 3), .init(item: "B-2", quantity: 4, price: 1250),
                .init(item: "E", quantity: 1),
            ])
        #expect(problems.map { $0.prefix(7) } == ["line 5:", "line 6:", "line 7:"])
    }
}

/// A generator that gives the same numbers for the same seed (SplitMix64).
private struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
