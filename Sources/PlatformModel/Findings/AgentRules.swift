extension FindingRules {
    static func agents(_ snapshot: Snapshot) -> [Candidate] {
        backlog(snapshot) + runs(snapshot)
    }

    private static func runs(_ snapshot: Snapshot) -> [Candidate] {
        guard let reading = snapshot.agents, !reading.isFailing, let agents = reading.value else { return [] }
        let limits = snapshot.thresholds
        var found: [Candidate] = []
        for graph in agents.graphs {
            let runs = agents.runs.filter { $0.graph == graph.name }
            let name = graph.name.isEmpty ? "agents" : graph.name
            found += waiting(runs.filter { $0.state == .waiting }, name, snapshot)
            if graph.endedLately >= limits.agentFailedRuns,
                Double(graph.failedLately) >= limits.agentFailedShare * Double(graph.endedLately)
            {
                let last = runs.first { $0.state == .failed }
                let said = last.map { ", the newest with \($0.error.isEmpty ? "an error" : $0.error)" } ?? ""
                found.append(
                    candidate(
                        .agentRunsFailing, .warning, name, holds: .seconds(10), at: snapshot.at,
                        "\(graph.failedLately) of the last \(graph.endedLately) runs failed\(said)",
                        do: "open the agents, filter state:failed, and see the node and the tool that failed"))
            }
            found += abandoned(runs.filter { $0.state == .abandoned }, name, snapshot)
        }
        return found
    }

    private static func waiting(_ runs: [AgentRun], _ name: String, _ snapshot: Snapshot) -> [Candidate] {
        let now = snapshot.at.wall
        let long = runs.filter { now - $0.updatedAt >= snapshot.thresholds.agentWaiting }
        guard let oldest = long.min(by: { $0.updatedAt < $1.updatedAt }) else { return [] }
        let others = long.count > 1 ? ", \(long.count - 1) more wait too long" : ""
        return [
            candidate(
                .agentWaitsForPerson, .warning, name, holds: .seconds(2), at: snapshot.at,
                "\(oldest.thread) has waited \(Quantity.duration(now - oldest.updatedAt)) for an answer: "
                    + "\(oldest.question.prefix(120))\(others)",
                do: "answer it: the order does not move until somebody does")
        ]
    }

    private static func abandoned(_ runs: [AgentRun], _ name: String, _ snapshot: Snapshot) -> [Candidate] {
        guard let oldest = runs.min(by: { $0.updatedAt < $1.updatedAt }) else { return [] }
        let age = Quantity.duration(snapshot.at.wall - oldest.updatedAt)
        let which = runs.count == 1 ? "\(oldest.thread) has" : "\(runs.count) runs have"
        let place = oldest.next.isEmpty ? "" : " before \(oldest.next.joined(separator: ", "))"
        return [
            candidate(
                .agentRunAbandoned, .warning, name, holds: .seconds(5), at: snapshot.at,
                "\(which) stood still\(place) for up to \(age); nobody is at work on it",
                do: "see whether the agents run; then retry the job: the run goes on from its last step")
        ]
    }

    /// The platform's rule for the number of agents, as a recommendation: nothing here changes it.
    private static func backlog(_ snapshot: Snapshot) -> [Candidate] {
        let limits = snapshot.thresholds
        guard !snapshot.queues.isFailing,
            let queue = snapshot.queues.value?.first(where: { $0.name == limits.agentQueue }),
            queue.backlog > limits.agentBacklogUp
        else { return [] }
        let rates = [
            queue.addedPerSecond.map { "\(Quantity.rate($0)) come" },
            queue.finishedPerSecond.map { "\(Quantity.rate($0)) are done" },
        ].compactMap(\.self).joined(separator: ", ")
        let drain = queue.timeToDrain.map { ", gone in \(Quantity.duration($0)) at this rate" } ?? ", not shrinking"
        return [
            candidate(
                .agentQueueLag, .warning, queue.name, holds: .seconds(5), at: snapshot.at,
                "\(Quantity.grouped(queue.backlog)) jobs wait for the agents, more than "
                    + "\(Quantity.grouped(limits.agentBacklogUp)): \(rates.isEmpty ? "rates not known yet" : rates)\(drain)",
                do: AgentScaling(queue: queue, thresholds: limits).advice)
        ]
    }
}
