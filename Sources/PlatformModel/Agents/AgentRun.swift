/// One execution of an agent's graph: from its input to where it stands now, a person's answers included.
public struct AgentRun: Sendable, Hashable, Identifiable {
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// A worker has taken a step not long ago, and there are more to take.
        case running
        /// It asked a person and has no answer yet.
        case waiting
        /// A node ended with an error and nothing has taken it up again.
        case failed
        /// There are steps to take, and nobody has taken one for long.
        case abandoned
        case done
    }

    /// LangGraph's thread: what a run is resumed by.
    public let thread: String
    /// The checkpoint of the run's input; thread and start together name a run.
    public let start: String
    public var state: State
    /// The graph's name as the platform stores it; empty when it does not.
    public var graph: String
    /// The order that it is about; nil when none is stored.
    public var order: Int64?
    /// The queue and the job that ran it last; empty when not stored.
    public var queue: String
    public var job: String
    public var startedAt: Timestamp
    /// When the newest step ended.
    public var updatedAt: Timestamp
    /// Supersteps of the graph itself, those of subgraphs not counted.
    public var steps: Int
    /// The nodes that ran, each once, in the order of their first step.
    public var nodes: [String]
    /// The nodes that are to run next, failed, or wait.
    public var next: [String]
    public var toolCalls: Int
    public var toolErrors: Int
    /// Tokens that the models counted; nil when they counted none.
    public var tokens: Int64?
    /// What the failed node said; empty unless it failed.
    public var error: String
    /// What the person is asked; empty unless it waits.
    public var question: String
    /// The time from its start to its end, or to its question; the time that people took to answer not counted.
    public var decisionTime: Duration
    /// How many runs of the same thread came before this one, as far as was looked.
    public var earlier: Int

    public var id: ID { ID(thread: thread, start: start) }

    public struct ID: Sendable, Hashable {
        public let thread: String
        public let start: String

        public init(thread: String, start: String) {
            self.thread = thread
            self.start = start
        }
    }

    public init(
        thread: String, start: String, state: State, graph: String = "", order: Int64? = nil, queue: String = "",
        job: String = "", startedAt: Timestamp, updatedAt: Timestamp, steps: Int = 0, nodes: [String] = [],
        next: [String] = [], toolCalls: Int = 0, toolErrors: Int = 0, tokens: Int64? = nil, error: String = "",
        question: String = "", decisionTime: Duration = .zero, earlier: Int = 0
    ) {
        self.thread = thread
        self.start = start
        self.state = state
        self.graph = graph
        self.order = order
        self.queue = queue
        self.job = job
        self.startedAt = startedAt
        self.updatedAt = updatedAt
        self.steps = steps
        self.nodes = nodes
        self.next = next
        self.toolCalls = toolCalls
        self.toolErrors = toolErrors
        self.tokens = tokens
        self.error = error
        self.question = question
        self.decisionTime = decisionTime
        self.earlier = earlier
    }

    /// Whether it is over, well or not.
    public var isOver: Bool { state == .done || state == .failed }
}
