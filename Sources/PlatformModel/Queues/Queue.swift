/// Which software laid out a queue's keys in Redis.
public enum QueueFlavour: String, Sendable, Hashable {
    /// Bull 3 and 4.
    case classic
    /// BullMQ 1 to 3: priorities share the wait list.
    case bullMQ3
    /// BullMQ before 5, with nothing in it that only one of them writes.
    case bullMQ3or4
    /// BullMQ 4: prioritized jobs stand apart, markers in the wait list.
    case bullMQ4
    /// BullMQ 5 or 6, which look alike until one is paused or writes its version.
    case bullMQ5or6
    case bullMQ5
    case bullMQ6
    case unknown

    public var word: String {
        switch self {
        case .classic: "Bull 3/4"
        case .bullMQ3: "BullMQ 1-3"
        case .bullMQ3or4: "BullMQ 1-4"
        case .bullMQ4: "BullMQ 4"
        case .bullMQ5or6: "BullMQ 5/6"
        case .bullMQ5: "BullMQ 5"
        case .bullMQ6: "BullMQ 6"
        case .unknown: "unknown"
        }
    }
}

/// The states that a job can be in.
public enum JobState: String, Sendable, Hashable, CaseIterable {
    case waiting, prioritized, active, delayed, completed, failed
    case waitingChildren = "waiting-children"
}

/// One queue as it stands.
public struct Queue: Sendable, Hashable, Identifiable {
    /// The queue's name; with another prefix than the configured one, `prefix:name`.
    public let name: String
    public var flavour: QueueFlavour
    public var isPaused: Bool
    public var counts: [JobState: Int64]
    /// Age of the oldest waiting job; zero when none waits, nil when it could not be told.
    public var lag: Duration?
    /// Jobs whose worker let its lock go, seen in two samples.
    public var stalled: Int64
    /// Delayed jobs whose time has passed: nobody moves them.
    public var overdue: Int64
    /// Workers connected to Redis for this queue; nil where the server does not tell.
    public var workers: Int?
    /// Jobs added and finished a second; nil until two samples are there.
    public var addedPerSecond: Double?
    public var finishedPerSecond: Double?
    public var failedPerSecond: Double?

    public var id: String { name }

    public init(
        name: String, flavour: QueueFlavour, isPaused: Bool = false, counts: [JobState: Int64] = [:],
        lag: Duration? = .zero, stalled: Int64 = 0, overdue: Int64 = 0, workers: Int? = nil,
        addedPerSecond: Double? = nil, finishedPerSecond: Double? = nil, failedPerSecond: Double? = nil
    ) {
        self.name = name
        self.flavour = flavour
        self.isPaused = isPaused
        self.counts = counts
        self.lag = lag
        self.stalled = stalled
        self.overdue = overdue
        self.workers = workers
        self.addedPerSecond = addedPerSecond
        self.finishedPerSecond = finishedPerSecond
        self.failedPerSecond = failedPerSecond
    }

    public func count(_ state: JobState) -> Int64 { counts[state] ?? 0 }

    /// What waits for a worker: the number that the agents' scaling rule looks at.
    public var backlog: Int64 { count(.waiting) + count(.prioritized) }

    /// How long until the backlog is gone at today's rates; nil when it does not shrink.
    public var timeToDrain: Duration? {
        if backlog == 0 { return .zero }
        guard let finishedPerSecond, let addedPerSecond else { return nil }
        let net = finishedPerSecond + (failedPerSecond ?? 0) - addedPerSecond
        guard net > 0.001 else { return nil }
        return .seconds(Double(backlog) / net)
    }
}

/// One job as lists and details show it.
public struct Job: Sendable, Hashable, Identifiable {
    public let id: String
    public let name: String
    public let state: JobState
    public let createdAt: Timestamp?
    public let processedAt: Timestamp?
    public let finishedAt: Timestamp?
    /// When a delayed job is due.
    public let dueAt: Timestamp?
    public let attempts: Int
    public let maximumAttempts: Int
    public let priority: Int
    public let failedReason: String
    /// The JSON as stored, cut to what a screen can use.
    public let data: String
    public let worker: String

    public init(
        id: String, name: String, state: JobState, createdAt: Timestamp?, processedAt: Timestamp?,
        finishedAt: Timestamp?, dueAt: Timestamp?, attempts: Int, maximumAttempts: Int, priority: Int,
        failedReason: String, data: String, worker: String
    ) {
        self.id = id
        self.name = name
        self.state = state
        self.createdAt = createdAt
        self.processedAt = processedAt
        self.finishedAt = finishedAt
        self.dueAt = dueAt
        self.attempts = attempts
        self.maximumAttempts = maximumAttempts
        self.priority = priority
        self.failedReason = failedReason
        self.data = data
        self.worker = worker
    }
}

/// The jobs of one queue in one state, next first.
public struct JobPage: Sendable, Hashable {
    public let queue: String
    public let state: JobState
    public let jobs: [Job]
    public let total: Int64

    public init(queue: String, state: JobState, jobs: [Job], total: Int64) {
        self.queue = queue
        self.state = state
        self.jobs = jobs
        self.total = total
    }
}
