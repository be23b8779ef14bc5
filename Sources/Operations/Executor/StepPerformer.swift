import Reactor

/// Does one kind of step, and nothing else does.
///
/// What it is asked to do comes out of a plan, perhaps after a crash in another process: everything it needs is in the
/// step's arguments.
public protocol StepPerformer: Sendable {
    /// The steps it performs: ``PlanStep/kind``.
    var kind: String { get }

    /// Looks whether the step's precondition still holds; changes nothing.
    func look(_ step: PlanStep, key: String, until deadline: Deadline) async -> StepReadiness

    /// Does it, once.
    ///
    /// - Parameters:
    ///   - key: the same for every attempt at this step, and for no other step: an idempotency key.
    ///   - permit: what mutating clients ask for; only the executor makes it.
    func perform(
        _ step: PlanStep, key: String, permit: borrowing ExecutionPermit, until deadline: Deadline
    ) async -> StepResult

    /// Looks whether the step was done, after nobody knows; changes nothing.
    func prove(_ step: PlanStep, key: String, until deadline: Deadline) async -> StepProof
}

/// Whether a step can begin.
public enum StepReadiness: Sendable, Hashable {
    case ready
    /// It is done already, and how that is known.
    case alreadyDone(String)
    /// The precondition does not hold, or nobody can say.
    case not(StepResult)
}

/// What is known of a step that was begun.
public enum StepProof: Sendable, Hashable {
    case done(String)
    case notDone(String)
    case unknown(String)
}

/// How a step ended.
public struct StepResult: Sendable, Hashable {
    public let state: State
    /// Stable: `conflict`, `unreachable`; empty when done.
    public let code: String
    /// What is known, as a sentence.
    public let text: String
    public let hint: String

    public enum State: String, Sendable, Hashable, CaseIterable {
        case done
        /// It went wrong, and certainly changed nothing.
        case failed
        /// The other side understood and said no.
        case refused
        /// Nobody can say whether it took effect.
        case unknown
        /// Its turn never came.
        case notRun = "not-run"
    }

    public init(_ state: State, code: String = "", _ text: String, hint: String = "") {
        self.state = state
        self.code = code
        self.text = text
        self.hint = hint
    }
}
