import Glibc
import PlatformModel
import Reactor
import TestSupport

@testable import Operations

/// A folder of a test's own, removed after it.
func withFolder<Value>(_ body: (StateFolder) async throws -> Value) async throws -> Value {
    var template = Array("/tmp/galley-gate-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw ScratchFailure("no folder in /tmp") }
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { system("rm -rf \(path)") }
    return try await body(StateFolder(path + "/state"))
}

/// Clocks that only a test moves.
final class TurnedClock: Sendable {
    private let state = Locked((wall: Int64(1_790_000_000_000_000), ticks: UInt64(1_000_000_000_000)))

    func clock(boot: String = "boot-1") -> GateClock {
        GateClock(
            wall: { [self] in state.withLock { Timestamp(microseconds: $0.wall) } },
            ticks: { [self] in state.withLock { $0.ticks } }, boot: boot)
    }

    func turnWall(by seconds: Int64) { state.withLock { $0.wall += seconds * 1_000_000 } }
    func pass(_ seconds: UInt64) { state.withLock { $0.ticks += seconds * 1_000_000_000 } }
}

extension OperatorIdentity {
    static func test(_ role: Role, _ subject: String = "anna@desk", kitchens: KitchenScope = .all) -> OperatorIdentity {
        OperatorIdentity(subject: subject, role: role, kitchens: kitchens, source: "test")
    }
}

extension ConsoleIdentity {
    static let test = ConsoleIdentity(host: "desk", process: 1, terminal: "", from: "", version: "0")
}

extension EnvironmentIdentity {
    static let test = EnvironmentIdentity(name: "test", kind: .local, title: "test")
}

/// A world of one file: each effect is a line of it, so that doing something twice shows.
struct FileWorld: Sendable {
    let folder: StateFolder

    init(_ folder: StateFolder) { self.folder = folder }

    var effects: [String] { lines("effects") }
    var attempts: [String] { lines("attempts") }

    private func lines(_ name: String) -> [String] {
        (folder.read(name) ?? "").split(separator: "\n").map(String.init)
    }

    func add(_ line: String, to name: String) {
        try? folder.prepare()
        let descriptor = open(folder.file(name), O_WRONLY | O_CREAT | O_APPEND, 0o600)
        defer { close(descriptor) }
        let bytes = Array((line + "\n").utf8)
        write(descriptor, bytes, bytes.count)
    }

    /// As a server with idempotency keys does it: the first request with a key takes effect, others do not.
    func takeEffect(_ step: String, key: String, guarded: Bool) {
        add(step, to: "attempts")
        if guarded, effects.contains(where: { $0.hasSuffix(key) }) { return }
        add("\(step) \(key)", to: "effects")
    }
}

/// Writes a line into the world.
struct WorldPerformer: StepPerformer {
    let kind: String
    let world: FileWorld
    var inside: @Sendable (String, PlanStep) -> Void = { _, _ in }

    func look(_ step: PlanStep, key: String, until deadline: Deadline) async -> StepReadiness {
        if let refusal = step.arguments["refuse"]?.text { return .not(StepResult(.refused, code: "changed", refusal)) }
        return .ready
    }

    func perform(
        _ step: PlanStep, key: String, permit: borrowing ExecutionPermit, until deadline: Deadline
    ) async -> StepResult {
        inside("beforeEffect", step)
        if step.arguments["lost"]?.bool == true { return StepResult(.unknown, code: "timed-out", "no answer came") }
        world.takeEffect(step.id, key: key, guarded: step.repetition == .guarded)
        inside("afterEffect", step)
        if step.arguments["silent"]?.bool == true { return StepResult(.unknown, code: "timed-out", "no answer came") }
        return StepResult(.done, "\(step.summary): done")
    }

    func prove(_ step: PlanStep, key: String, until deadline: Deadline) async -> StepProof {
        world.effects.contains { $0.hasSuffix(key) } ? .done("its line is there") : .notDone("its line is not there")
    }
}

extension Plan {
    /// A plan of three lines.
    static func lines(
        _ command: String = "orders.approve", id: String? = nil, kind: String = "world",
        repetition: PlanStep.Repetition = .guarded, order: StepOrder = .sequence,
        arguments: [JSONObject] = [[:], [:], [:]],
        kitchens: [String] = ["MUC-01"]
    ) -> Plan {
        Plan(
            intent: Intent(
                id: id, command: command, environment: "test",
                targets: [.init(kind: "order", id: "7", version: 3)], reason: "because", origin: .commandLine),
            title: "Write three lines", object: "7", kitchens: kitchens, order: order,
            steps: arguments.enumerated().map { index, arguments in
                PlanStep(
                    id: "\(index + 1)", kind: kind, summary: "line \(index + 1)", arguments: arguments,
                    repetition: repetition)
            })
    }

    /// Confirmed as a person at a command line would.
    func proof() throws -> ConfirmationProof {
        guard let command = CommandTable.command(intent.command) else { throw ScratchFailure("no command") }
        let challenge = ConfirmationChallenge(self, command: command)
        guard let proof = challenge.answer(yes: true, texts: challenge.fields.map { $0.expected ?? "because" }) else {
            throw ScratchFailure("not confirmed")
        }
        return proof
    }
}

/// Hands out one plan, whatever is asked.
struct FixedPlanner: Planner {
    let commands: [String]
    let make: @Sendable (Intent) -> Plan

    func plan(_ intent: Intent, for identity: OperatorIdentity, until deadline: Deadline) async throws(PlanError)
        -> Plan
    { make(intent) }
}

func gate(
    _ folder: StateFolder, _ identity: OperatorIdentity = .test(.operator),
    policy: EnvironmentPolicy = EnvironmentPolicy(readOnly: .never), clock: GateClock = .system,
    ledger: (any Ledger & LedgerChanges)? = nil, performers: [any StepPerformer]
) -> Gate {
    Gate(
        environment: .test, policy: policy, identity: identity, console: .test, state: folder, ledger: ledger,
        planners: [], performers: performers, clock: clock,
        patience: Executor.Patience(step: .seconds(5), proof: .milliseconds(100)))
}
