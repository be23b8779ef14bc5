/// What the platform's scaling rule says of the agents now: above 500 queued two pods more, below 100 one less.
public struct AgentScaling: Sendable, Hashable {
    public enum Verdict: Sendable, Hashable {
        case more, fewer, asTheyAre
    }

    public let verdict: Verdict
    public let backlog: Int64
    /// Workers that are connected now; nil when the server does not tell.
    public let workers: Int?

    public init(queue: Queue, thresholds: Thresholds) {
        backlog = queue.backlog
        workers = queue.workers
        verdict =
            queue.backlog > thresholds.agentBacklogUp
            ? .more : queue.backlog < thresholds.agentBacklogDown && (queue.workers ?? 1) > 1 ? .fewer : .asTheyAre
    }

    /// One sentence for a person.
    public var advice: String {
        let now = workers.map { " (\($0) now)" } ?? ""
        return switch verdict {
        case .more where workers == 0: "no worker takes these jobs: start the agents first"
        case .more: "the rule adds 2 pods to the agents\(now); look first whether each job takes longer than usual"
        case .fewer: "the rule takes 1 pod from the agents\(now)"
        case .asTheyAre: "the rule leaves the agents as they are\(now)"
        }
    }
}
