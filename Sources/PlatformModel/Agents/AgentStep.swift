/// One superstep of a run, as its checkpoint tells it. Nodes of one step ran side by side and share its time.
public struct AgentStep: Sendable, Hashable {
    /// The subgraph that it belongs to, `catalogue`, nested ones with `/`; empty for the graph itself.
    public let subgraph: String
    public let checkpoint: String
    /// LangGraph's number of the step; -1 is the input.
    public let number: Int
    /// `input`, `loop`, `update` (written by hand) or `fork`.
    public let source: String
    public let endedAt: Timestamp
    /// Since the step before; nil for the first.
    public let took: Duration?
    public let nodes: [String]
    public let calls: [AgentToolCall]
    public let notes: [AgentNote]

    public init(
        subgraph: String = "", checkpoint: String, number: Int, source: String, endedAt: Timestamp,
        took: Duration? = nil, nodes: [String] = [], calls: [AgentToolCall] = [], notes: [AgentNote] = []
    ) {
        self.subgraph = subgraph
        self.checkpoint = checkpoint
        self.number = number
        self.source = source
        self.endedAt = endedAt
        self.took = took
        self.nodes = nodes
        self.calls = calls
        self.notes = notes
    }
}

/// A call of a tool that a model asked for in a step, or its result that came in a step.
public struct AgentToolCall: Sendable, Hashable, Identifiable {
    public enum Outcome: String, Sendable, Hashable {
        /// Asked for; the result comes in a later step.
        case asked
        case answered
        /// The tool failed, and the graph handed the failure to the model.
        case failed
    }

    public let id: String
    public let name: String
    public let outcome: Outcome
    /// The arguments as JSON, or what the tool answered; cut to what a line can show.
    public let text: String

    public init(id: String, name: String, outcome: Outcome, text: String) {
        self.id = id
        self.name = name
        self.outcome = outcome
        self.text = text
    }
}

/// Something that happened in a step besides its nodes' work.
public struct AgentNote: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable {
        case error, question, answer, said
    }

    public let kind: Kind
    /// The node it is about; empty where the rows do not tell.
    public let node: String
    public let text: String

    public init(_ kind: Kind, node: String = "", text: String) {
        self.kind = kind
        self.node = node
        self.text = text
    }
}

/// One run with its steps, oldest first.
public struct AgentRunDetails: Sendable, Hashable {
    public let run: AgentRun
    public let steps: [AgentStep]
    /// Earlier steps are there and were not read.
    public let isCut: Bool

    public init(run: AgentRun, steps: [AgentStep], isCut: Bool = false) {
        self.run = run
        self.steps = steps
        self.isCut = isCut
    }
}
