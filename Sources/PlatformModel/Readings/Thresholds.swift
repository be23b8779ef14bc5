/// From where on a number is worth a person's attention; the defaults hold on a healthy platform.
public struct Thresholds: Sendable, Hashable {
    /// Age of the oldest waiting job.
    public var queueLag = Duration.seconds(60)
    public var queueLagCritical = Duration.seconds(300)
    /// Bytes between the primary's position and a replica's replay.
    public var replicaLagBytes: Int64 = 16 << 20
    public var replicaLagCriticalBytes: Int64 = 256 << 20
    public var replicaLagTime = Duration.seconds(10)
    /// How long past its promised delivery an open order may be.
    public var orderLate = Duration.seconds(900)
    public var orderLateCritical = Duration.seconds(3600)
    public var longestQuery = Duration.seconds(60)
    public var connectionsShare = 0.85
    public var slotRetained: Int64 = 1 << 30
    public var serviceLatency = Duration.seconds(1)
    /// How long a run may wait for a person, and how long nothing may happen in one before nobody is at work on it.
    public var agentWaiting = Duration.seconds(900)
    public var agentAbandoned = Duration.seconds(120)
    /// The share of a graph's lately ended runs that may have failed, once so many have ended.
    public var agentFailedShare = 0.25
    public var agentFailedRuns = 5
    /// The queue that feeds the agents, and the platform's rule for their number: above, two more; below, one less.
    public var agentQueue = "agents"
    public var agentBacklogUp: Int64 = 500
    public var agentBacklogDown: Int64 = 100
    /// Readings older than this are shown as old, and no action is taken on them.
    public var staleAfter = Duration.seconds(5)
    /// Failed jobs of one queue.
    public var failedJobs = 100

    public init() {}
}
