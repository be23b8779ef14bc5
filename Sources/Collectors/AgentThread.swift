import PlatformModel

/// One thread's rows, put together to its newest run: what state it is in, and what its steps did.
///
/// The rules that hold for every generation: a run begins with a row whose source is `input`; the nodes of a
/// step are those that wrote on top of the row before; what they triggered is pending until the next row; on
/// top of the newest row, an error makes it failed and a question without an answer makes it wait.
struct AgentThread: Sendable {
    /// Of the graph itself, oldest first, from the run's input on.
    private let roots: [AgentCheckpoint]
    private let subgraphs: [AgentCheckpoint]
    private let onTop: [Key: [AgentWrite]]
    private let earlierInputs: Int
    /// No input was among the rows: the run is longer than what was read.
    let isCut: Bool

    private struct Key: Hashable {
        let namespace: String
        let checkpoint: String
    }

    /// nil when there is no row of the graph itself.
    init?(_ checkpoints: [AgentCheckpoint], _ writes: [AgentWrite]) {
        let all = checkpoints.filter { $0.namespace.isEmpty }.sorted { $0.id < $1.id }
        guard !all.isEmpty else { return nil }
        let inputs = all.indices.filter { all[$0].source == "input" }
        roots = Array(all[(inputs.last ?? 0)...])
        earlierInputs = max(0, inputs.count - 1)
        isCut = inputs.isEmpty
        let start = roots[0].id
        subgraphs = checkpoints.filter { !$0.namespace.isEmpty && $0.id >= start }
        onTop = Dictionary(grouping: writes.filter { $0.checkpoint >= start }) {
            Key(namespace: $0.namespace, checkpoint: $0.checkpoint)
        }
    }

    /// Where the run of a thread begins among its rows, so that its writes can be asked for.
    static func start(_ checkpoints: [AgentCheckpoint]) -> String {
        let roots = checkpoints.filter { $0.namespace.isEmpty }.map { ($0.id, $0.source) }
        return roots.filter { $0.1 == "input" }.map(\.0).max() ?? roots.map(\.0).min() ?? ""
    }

    private var newest: AgentCheckpoint { roots[roots.count - 1] }

    private func writes(on checkpoint: AgentCheckpoint?) -> [AgentWrite] {
        guard let checkpoint else { return [] }
        let found = onTop[Key(namespace: checkpoint.namespace, checkpoint: checkpoint.id)] ?? []
        return found.sorted { ($0.path, $0.task, $0.index) < ($1.path, $1.task, $1.index) }
    }

    private static func time(_ checkpoint: AgentCheckpoint) -> Timestamp {
        TimeOrderedID.time(checkpoint.id) ?? Timestamp(microseconds: 0)
    }

    // MARK: The run

    /// - Parameters:
    ///   - now: the clock that ages are told by.
    ///   - abandonedAfter: for so long nothing may happen before nobody is thought to be at work.
    func run(now: Timestamp, abandonedAfter: Duration) -> AgentRun {
        let (state, next) = stateNow(now: now, abandonedAfter: abandonedAfter)
        let specials = writes(on: newest)
        var nodes: [String] = []
        for index in roots.indices.dropFirst() {
            for node in names(of: roots[index], after: roots[index - 1]) where !nodes.contains(node) {
                nodes.append(node)
            }
        }
        let told = messages()
        let asked = Set(told.flatMap { $0.calls.map(\.id) }).union(told.compactMap { $0.answers?.id })
        let failed = Set(told.filter { $0.answers?.outcome == .failed }.compactMap { $0.answers?.id })
        let tokens = Dictionary(
            told.filter { $0.tokens != nil }.map { ($0.id, $0.tokens ?? 0) }, uniquingKeysWith: { first, _ in first })
        return AgentRun(
            thread: newest.thread, start: roots[0].id, state: state, graph: newest.graph,
            order: Int64(newest.order) ?? Self.order(in: newest.thread), queue: newest.queue, job: newest.job,
            startedAt: Self.time(roots[0]), updatedAt: Self.time(newest), steps: max(0, newest.step - roots[0].step),
            nodes: nodes, next: state == .done ? [] : next, toolCalls: asked.count, toolErrors: failed.count,
            tokens: tokens.isEmpty ? nil : tokens.values.reduce(0, +),
            error: state == .failed ? specials.lazy.compactMap(Self.error).first ?? "" : "",
            question: state == .waiting ? questions(specials).last?.text ?? "" : "", decisionTime: decisionTime,
            earlier: earlierInputs)
    }

    /// `order-20431-approver` of a platform that stores no order beside.
    private static func order(in thread: String) -> Int64? {
        guard thread.hasPrefix("order-") else { return nil }
        return Int64(thread.dropFirst("order-".count).prefix { $0.isNumber })
    }

    private func stateNow(now: Timestamp, abandonedAfter: Duration) -> (AgentRun.State, next: [String]) {
        let specials = writes(on: newest)
        if specials.contains(where: { $0.channel == "__error__" }) {
            let at = Set(specials.filter { $0.channel == "__error__" }.compactMap(Self.node))
            return (.failed, at.isEmpty ? pending : at.sorted())
        }
        let asked = specials.filter { $0.channel == "__interrupt__" }
        let answered = Set(specials.filter { $0.channel == "__resume__" }.map(\.task))
        let open = asked.filter { !answered.contains($0.task) && !Self.isAnswered($0, answered) }
        if !open.isEmpty {
            let at = Set(open.compactMap { Self.node($0) ?? Self.namespaceNode($0) })
            return (.waiting, at.isEmpty ? pending : at.sorted())
        }
        let next = pending
        let isPending = !next.isEmpty || newest.source == "input"
        guard isPending || !asked.isEmpty else { return (.done, []) }
        let last = onTop.keys.compactMap { TimeOrderedID.time($0.checkpoint) }.max() ?? Self.time(newest)
        let isYoung = now - max(last, Self.time(newest)) <= abandonedAfter
        // A node that asks twice leaves the old answer beside the new question: what then rests is a question.
        if !isYoung, !asked.isEmpty { return (.waiting, next) }
        return (isYoung ? .running : .abandoned, next)
    }

    /// An answer to the run as a whole is written under a task of zeros.
    private static func isAnswered(_ question: AgentWrite, _ answered: Set<String>) -> Bool {
        answered.contains("00000000-0000-0000-0000-000000000000")
    }

    /// The nodes that the newest row leads to and that have not ended; known from what triggered them.
    private var pending: [String] {
        let trigger = newest.source == "input" ? newest : parent(of: newest, at: roots.count - 1)
        var names = Set(newest.triggered)
        for write in writes(on: trigger) { names.formUnion(Self.triggered(write)) }
        names.subtract(["__end__", "__start__", ""])
        return names.sorted()
    }

    private static func triggered(_ write: AgentWrite) -> [String] {
        let parts = write.channel.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        switch parts.first {
        case "branch" where parts.count >= 3:
            return [parts[1] == "to" ? parts[2...].joined(separator: ":") : parts.last ?? ""]
        case "start" where parts.count == 2, "join" where parts.count == 3: return [parts.last ?? ""]
        case "__pregel_tasks": return [sent(write)].compactMap(\.self)
        default: return []
        }
    }

    /// The node that a `Send` goes to.
    private static func sent(_ write: AgentWrite) -> String? {
        guard let value = write.value else { return nil }
        return value["args"]?[0]?.text ?? value["node"]?.text ?? value["args"]?[0]?[0]?.text
    }

    private func parent(of checkpoint: AgentCheckpoint, at index: Int) -> AgentCheckpoint? {
        roots.first { $0.id == checkpoint.parent } ?? (index > 0 ? roots[index - 1] : nil)
    }

    /// From its start to its end or its question, without what people took to answer.
    private var decisionTime: Duration {
        var waited = Duration.zero
        for (before, after) in zip(roots, roots.dropFirst())
        where writes(on: before).contains(where: { $0.channel == "__interrupt__" }) {
            waited += Self.time(after) - Self.time(before)
        }
        return max(.zero, Self.time(newest) - Self.time(roots[0]) - waited)
    }

    // MARK: Nodes and values

    /// The nodes that ran in the step that ended with `checkpoint`.
    private func names(of checkpoint: AgentCheckpoint, after before: AgentCheckpoint?) -> [String] {
        if !checkpoint.writers.isEmpty { return checkpoint.writers.filter { $0 != "__start__" } }
        var names: [String] = []
        var pushed: [String]?
        for write in writes(on: before) where write.index >= 0 {
            if let node = Self.node(write) {
                names.append(node)
            } else if let place = Self.pushed(write), let before {
                let sends =
                    pushed
                    ?? writes(on: grandparent(of: before)).compactMap {
                        $0.channel == "__pregel_tasks" ? Self.sent($0) : nil
                    }
                pushed = sends
                if sends.indices.contains(place) { names.append(sends[place]) }
            }
        }
        var seen: Set<String> = ["__start__"]
        return names.filter { seen.insert($0).inserted }
    }

    private func grandparent(of checkpoint: AgentCheckpoint) -> AgentCheckpoint? {
        let line = checkpoint.namespace.isEmpty ? roots : subgraphs.filter { $0.namespace == checkpoint.namespace }
        return line.first { $0.id == checkpoint.parent } ?? line.filter { $0.id < checkpoint.id }.max { $0.id < $1.id }
    }

    /// `~__pregel_pull, NODE`.
    private static func node(_ write: AgentWrite) -> String? {
        let parts = write.path.split(separator: ",").map { String($0).trimmingBlanks }
        guard parts.count == 2, parts[0].hasSuffix("__pregel_pull") else { return nil }
        return parts[1]
    }

    /// `~__pregel_push, 0000000001, …`: the place of the Send that it runs.
    private static func pushed(_ write: AgentWrite) -> Int? {
        let parts = write.path.split(separator: ",").map { String($0).trimmingBlanks }
        guard parts.count >= 2, parts[0].hasSuffix("__pregel_push") else { return nil }
        return Int(parts[1])
    }

    /// Before paths, a question named its node in its `ns`: `["ask_person:task"]`.
    private static func namespaceNode(_ write: AgentWrite) -> String? {
        let name = write.value?[0]?["ns"]?[0]?.text ?? write.value?["ns"]?[0]?.text
        return name.map { String($0.prefix { $0 != ":" }) }
    }

    private static func error(_ write: AgentWrite) -> String? {
        guard write.channel == "__error__" else { return nil }
        let value = write.value
        return String((value?.text ?? value?["message"]?.text ?? value?.write() ?? "an error").prefix(1000))
    }

    private func questions(_ writes: [AgentWrite]) -> [AgentNote] {
        writes.filter { $0.channel == "__interrupt__" }.map { write in
            let value = write.value.map { $0.array?.last ?? $0 }
            let asked = value?["value"] ?? value ?? .null
            let text = asked["question"]?.text ?? asked.text ?? asked.write()
            return AgentNote(
                .question, node: Self.node(write) ?? Self.namespaceNode(write) ?? "", text: String(text.prefix(1000)))
        }
    }

    private func messages() -> [AgentMessage] {
        onTop.values.joined().filter { $0.index >= 0 && $0.blob != nil && $0.channel != "__pregel_tasks" }
            .flatMap { $0.value.map(AgentMessage.all) ?? [] }
    }

    // MARK: Steps

    /// The steps of graph and subgraphs in the order of time, and at the end what is going on now.
    func steps(_ run: AgentRun) -> [AgentStep] {
        var steps: [AgentStep] = []
        var told: Set<String> = []
        for checkpoint in (roots + subgraphs).sorted(by: { $0.id < $1.id }) {
            let before = grandparent(of: checkpoint)
            let happened = checkpoint.source == "input" ? [] : writes(on: before)
            let (calls, said) = Self.calls(happened, told: &told)
            steps.append(
                AgentStep(
                    subgraph: Self.subgraph(checkpoint.namespace), checkpoint: checkpoint.id, number: checkpoint.step,
                    source: checkpoint.source, endedAt: Self.time(checkpoint),
                    took: before.map { Self.time(checkpoint) - Self.time($0) },
                    nodes: checkpoint.source == "input" ? [] : names(of: checkpoint, after: before), calls: calls,
                    notes: notes(happened) + said))
        }
        if run.state != .done {
            let specials = writes(on: newest)
            steps.append(
                AgentStep(
                    checkpoint: newest.id, number: newest.step + 1, source: run.state.rawValue, endedAt: run.updatedAt,
                    nodes: run.next, notes: notes(specials)))
        }
        return steps
    }

    private func notes(_ writes: [AgentWrite]) -> [AgentNote] {
        var notes = questions(writes)
        for write in writes {
            if let error = Self.error(write) {
                notes.append(AgentNote(.error, node: Self.node(write) ?? "", text: error))
            }
            // The same answer is written under the asking task once more, as a list.
            if write.channel == "__resume__", let value = write.value, value.array == nil {
                notes.append(AgentNote(.answer, text: String((value.text ?? value.write()).prefix(400))))
            }
        }
        return notes
    }

    private static func calls(_ writes: [AgentWrite], told: inout Set<String>) -> ([AgentToolCall], [AgentNote]) {
        var calls: [AgentToolCall] = []
        var notes: [AgentNote] = []
        for write in writes where write.index >= 0 && write.channel != "__pregel_tasks" {
            for message in write.value.map(AgentMessage.all) ?? [] {
                // A subgraph hands its messages to its graph: they are told where they were made.
                for call in message.calls + [message.answers].compactMap(\.self)
                where told.insert("\(call.outcome == .asked) \(call.id)").inserted { calls.append(call) }
                if message.kind == .model, !message.text.isEmpty, told.insert("said \(message.id)").inserted {
                    notes.append(AgentNote(.said, node: node(write) ?? "", text: message.text))
                }
            }
        }
        return (calls, notes)
    }

    /// `catalogue:task|search:task` is `catalogue/search`.
    private static func subgraph(_ namespace: String) -> String {
        namespace.split(separator: "|").map { String($0.prefix { $0 != ":" }) }.joined(separator: "/")
    }

    /// Which generation wrote the newest row.
    var flavour: AgentStoreFlavour {
        if newest.version >= 4 { return .inline }
        return onTop.values.joined().contains { !$0.path.isEmpty } ? .withPaths : .withoutPaths
    }

    /// The page of the newest row.
    var page: Int64 { newest.page }
}

extension String {
    fileprivate var trimmingBlanks: String { String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
}
