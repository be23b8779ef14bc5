/// Which shape LangGraph's tables have; a store that was migrated may hold rows of several.
public enum AgentStoreFlavour: String, Sendable, Hashable, CaseIterable {
    /// 0.2, and LangGraph.js: writes do not tell which node they are of.
    case withoutPaths = "0.2"
    /// 0.3 to 0.5: writes tell their node, values stand apart from their row.
    case withPaths = "0.3"
    /// 0.6 and all that followed: small values stand in the row.
    case inline = "0.6"

    public var word: String {
        switch self {
        case .withoutPaths: "LangGraph 0.2 or JS"
        case .withPaths: "LangGraph 0.3 to 0.5"
        case .inline: "LangGraph 0.6 or later"
        }
    }
}

/// What the agents do: their newest runs, and what these add up to for each graph.
public struct AgentsOverview: Sendable, Hashable {
    /// Newest first; at most ``runLimit``, those that are not over before those that are.
    public var runs: [AgentRun]
    /// By name.
    public var graphs: [AgentGraph]
    public var flavour: AgentStoreFlavour
    /// The PostgreSQL schema of the tables.
    public var schema: String
    /// Runs that began within this span are counted in rates and shares.
    public var window: Duration
    /// How much of the store has been looked through since this began, 0 to 1: old runs that still wait are
    /// found on the way.
    public var coverage: Double

    public static let runLimit = 500

    public init(
        runs: [AgentRun] = [], graphs: [AgentGraph] = [], flavour: AgentStoreFlavour = .inline,
        schema: String = "", window: Duration = .seconds(3600), coverage: Double = 1
    ) {
        self.runs = runs
        self.graphs = graphs
        self.flavour = flavour
        self.schema = schema
        self.window = window
        self.coverage = coverage
    }

    public func count(_ state: AgentRun.State) -> Int { graphs.reduce(0) { $0 + $1.count(state) } }

    /// Runs a minute over all graphs; nil until enough was seen.
    public var runsPerMinute: Double? {
        let rates = graphs.compactMap(\.runsPerMinute)
        return rates.isEmpty ? nil : rates.reduce(0, +)
    }

    public var toolCallsPerRun: Double? {
        let calls = graphs.reduce(0) { $0 + $1.toolCalls }
        let runs = graphs.reduce(0) { $0 + $1.runs }
        return runs > 0 ? Double(calls) / Double(runs) : nil
    }

    /// The slowest graph's.
    public var decisionP95: Duration? { graphs.compactMap(\.decisionP95).max() }
}

/// The runs of one graph within the window, and all that are not over.
public struct AgentGraph: Sendable, Hashable, Identifiable {
    public let name: String
    public var counts: [AgentRun.State: Int]
    /// Runs that began within the window.
    public var runs: Int
    /// Of the last few minutes; nil until a minute was watched.
    public var runsPerMinute: Double?
    public var decisionP50: Duration?
    public var decisionP95: Duration?
    public var toolCalls: Int
    public var toolErrors: Int
    /// Runs that ended lately, and how many of those with an error: what findings look at.
    public var endedLately: Int
    public var failedLately: Int

    public var id: String { name }

    public init(
        name: String, counts: [AgentRun.State: Int] = [:], runs: Int = 0, runsPerMinute: Double? = nil,
        decisionP50: Duration? = nil, decisionP95: Duration? = nil, toolCalls: Int = 0, toolErrors: Int = 0,
        endedLately: Int = 0, failedLately: Int = 0
    ) {
        self.name = name
        self.counts = counts
        self.runs = runs
        self.runsPerMinute = runsPerMinute
        self.decisionP50 = decisionP50
        self.decisionP95 = decisionP95
        self.toolCalls = toolCalls
        self.toolErrors = toolErrors
        self.endedLately = endedLately
        self.failedLately = failedLately
    }

    public func count(_ state: AgentRun.State) -> Int { counts[state] ?? 0 }
}
