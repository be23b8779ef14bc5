import PlatformModel

/// The agents' runs: what is read when one is looked at, and the ways from a run to its order and its job.
extension ConsoleState {
    mutating func loadAgentRun(_ thread: String, _ effects: inout [ConsoleEffect]) {
        guard agentDetails[thread]?.isLoading != true else { return }
        if agentDetails.count > 50 { agentDetails = agentDetails.filter { $0.key == thread } }
        agentDetails[thread, default: Loaded()].isLoading = true
        effects.append(.loadAgentRun(thread: thread))
    }

    /// The run that is open or selected.
    private var chosenRun: AgentRun? {
        if case .agentRun(let thread) = place {
            return agentDetails[thread]?.value?.run ?? agentRuns.all.first { $0.thread == thread }
        }
        return place == .agents ? agentRuns.row(list.selected) : nil
    }

    mutating func performOnRun(_ id: String, _ effects: inout [ConsoleEffect]) {
        guard let run = chosenRun else {
            say("no run is selected", .notice)
            return
        }
        if id == "agents.order" {
            guard let order = run.order else { return say("\(run.thread) names no order", .notice) }
            drill(to: .order(order), effects: &effects)
        } else {
            guard !run.queue.isEmpty, !run.job.isEmpty else { return say("\(run.thread) names no job", .notice) }
            drill(to: .job(queue: run.queue, state: jobState(of: run), id: run.job), effects: &effects)
        }
    }

    /// The runs that a finding is about.
    mutating func openRuns(of id: Finding.ID, effects: inout [ConsoleEffect]) {
        go(to: .agents, effects: &effects)
        let states: [Finding.Code: AgentRun.State] = [
            .agentWaitsForPerson: .waiting, .agentRunsFailing: .failed, .agentRunAbandoned: .abandoned,
        ]
        let state = states[id.code].map { "state:\($0.rawValue)" } ?? ""
        let isGraph = shown?.agents?.value?.graphs.contains { $0.name == id.subject } == true
        setFilter(isGraph ? "\(state) graph:\"\(id.subject)\"" : state, effects: &effects)
    }

    /// The list in which the job is likely to be.
    private func jobState(of run: AgentRun) -> JobState {
        switch run.state {
        case .running, .abandoned: .active
        case .failed: .failed
        case .waiting, .done: .completed
        }
    }
}
