import PlatformModel

/// What an intent comes to: what was looked at, what will be done step by step, what follows, and how to undo it.
///
/// A value: it is shown, digested, approved by a second person, journaled and carried out as it is.
public struct Plan: Sendable, Hashable {
    public let intent: Intent
    /// A sentence without a full stop: `Approve order #20431`.
    public let title: String
    /// What is typed to confirm the upper levels: `20431`.
    public let object: String
    /// Whose kitchens it touches; empty when it touches none.
    public let kitchens: [String]
    public let checks: [Check]
    public let order: StepOrder
    public let steps: [PlanStep]
    /// What will be different after it, a sentence a line.
    public let effect: [String]
    /// What may be lost; empty when nothing can be.
    public let loss: String
    /// Figures that are typed as well before the highest level is confirmed: a loss beyond the policy.
    public let figures: [Figure]
    /// How it is taken back, a sentence or a command a line; empty when the domain has no way back.
    public let undo: [String]

    /// A figure that somebody must have read: they type it.
    public struct Figure: Sendable, Hashable {
        /// `loss in MB`
        public let label: String
        public let value: String

        public init(label: String, value: String) {
            self.label = label
            self.value = value
        }
    }

    /// How the steps depend on each other.
    public enum StepOrder: String, Sendable, Hashable {
        /// Each needs the one before: the first that does not succeed ends the plan.
        case sequence
        /// Marked rows: what happens to one does not matter to the next.
        case independent
    }

    public init(
        intent: Intent, title: String, object: String, kitchens: [String] = [], checks: [Check] = [],
        order: StepOrder = .sequence, steps: [PlanStep], effect: [String] = [], loss: String = "",
        figures: [Figure] = [], undo: [String] = []
    ) {
        self.intent = intent
        self.title = title
        self.object = object
        self.kitchens = kitchens
        self.checks = checks
        self.order = order
        self.steps = steps
        self.effect = effect
        self.loss = loss
        self.figures = figures
        self.undo = undo
    }

    /// SHA-256 over all of it, 64 hexadecimal digits: what a second person approves.
    public var digest: String { Digest.sha256(text: json.canonicalText) }

    /// The checks that forbid it.
    public var refusals: [Check] { checks.filter { $0.grade == .failed } }
}

/// One thing that was looked at before anything is done.
public struct Check: Sendable, Hashable {
    /// What is to be so: `version is 3`.
    public let name: String
    public let grade: Grade
    /// What was found.
    public let finding: String
    /// Stable, for exit statuses and scripts: `conflict`, `not-found`; empty when it passed.
    public let code: String

    public enum Grade: String, Sendable, Hashable, CaseIterable {
        case passed
        /// It may go on; somebody should have read this.
        case warning
        case failed
    }

    public init(_ name: String, _ grade: Grade, _ finding: String, code: String = "") {
        self.name = name
        self.grade = grade
        self.finding = finding
        self.code = code
    }
}

/// One thing that is done, and looked at again just before.
public struct PlanStep: Sendable, Hashable {
    /// Of its own within the plan: `1`.
    public let id: String
    /// Who performs it: the ``StepPerformer/kind`` of a performer.
    public let kind: String
    /// `approve order #20431`
    public let summary: String
    public let arguments: JSONObject
    /// What must still be so when its turn comes; the performer asks.
    public let precondition: String
    public let repetition: Repetition

    /// What a repetition would do.
    public enum Repetition: String, Sendable, Hashable {
        /// The other side keeps it from taking effect twice, by a key or a version.
        case guarded
        /// It would take effect again: after an unknown outcome only proof or a person decides.
        case never
    }

    public init(
        id: String, kind: String, summary: String, arguments: JSONObject = [:], precondition: String = "",
        repetition: Repetition
    ) {
        self.id = id
        self.kind = kind
        self.summary = summary
        self.arguments = arguments
        self.precondition = precondition
        self.repetition = repetition
    }
}
