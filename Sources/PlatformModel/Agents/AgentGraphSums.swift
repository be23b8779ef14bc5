/// Adds runs up by graph: the rates, shares and times of ``AgentGraph``. A pure function of runs and clock.
public struct AgentGraphSums: Sendable {
    /// Runs that began longer ago count only while they are not over.
    public let window: Duration
    /// What "lately" means in shares of failed runs, and the span of rates.
    public let lately: Duration

    public init(window: Duration = .seconds(3600), lately: Duration = .seconds(600)) {
        self.window = window
        self.lately = lately
    }

    /// - Parameter watchedSince: runs that began before may have been missed; rates count from then on.
    public func graphs(_ runs: some Sequence<AgentRun>, now: Timestamp, watchedSince: Timestamp) -> [AgentGraph] {
        var graphs: [String: AgentGraph] = [:]
        var times: [String: [Duration]] = [:]
        var begun: [String: Int] = [:]
        let rateStart = max(now + (.zero - lately), watchedSince)
        for run in runs {
            let isRecent = now - run.startedAt <= window
            guard isRecent || !run.isOver else { continue }
            var graph = graphs[run.graph] ?? AgentGraph(name: run.graph)
            graph.counts[run.state, default: 0] += 1
            if isRecent {
                graph.runs += 1
                graph.toolCalls += run.toolCalls
                graph.toolErrors += run.toolErrors
                if run.state == .done || run.state == .waiting {
                    times[run.graph, default: []].append(run.decisionTime)
                }
            }
            if run.isOver, now - run.updatedAt <= lately {
                graph.endedLately += 1
                if run.state == .failed { graph.failedLately += 1 }
            }
            if run.startedAt >= rateStart { begun[run.graph, default: 0] += 1 }
            graphs[run.graph] = graph
        }
        let minutes = Self.seconds(now - rateStart) / 60
        return graphs.values.map { graph in
            var graph = graph
            if minutes >= 1 { graph.runsPerMinute = Double(begun[graph.name] ?? 0) / minutes }
            let sorted = (times[graph.name] ?? []).sorted()
            graph.decisionP50 = Self.part(sorted, 0.5)
            graph.decisionP95 = Self.part(sorted, 0.95)
            return graph
        }.sorted { $0.name < $1.name }
    }

    private static func part(_ sorted: [Duration], _ share: Double) -> Duration? {
        sorted.isEmpty ? nil : sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }

    private static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }
}
