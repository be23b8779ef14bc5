import PlatformModel
import Reactor

/// The journals of this person's actions in one environment.
public struct JournalFolder: Sendable {
    let folder: StateFolder
    let clock: GateClock

    public init(state: StateFolder, environment: String, clock: GateClock) {
        folder = state.folder("journal").folder(StateFolder.name(environment))
        self.clock = clock
    }

    func open(_ plan: Plan, head: JSONObject) throws(StateError) -> OperationJournal {
        try OperationJournal(plan, head: head, in: folder, clock: clock)
    }

    /// Opens an interrupted operation to go on with it.
    func resume(_ id: String) throws(StateError) -> OperationJournal {
        try OperationJournal(resuming: id, in: folder, clock: clock)
    }

    /// What was begun and not brought to an end, and nobody is at work on. Reads the folder.
    public func interrupted() -> [JournalRecord] {
        folder.names().compactMap { name in
            guard name.hasSuffix(".jsonl"), let record = record(name), !record.isAtWork else { return nil }
            return record
        }
    }

    /// One journal that is not closed; nil when there is none of this identity.
    func record(id: String) -> JournalRecord? { record(OperationJournal.name(id)) }

    private func record(_ name: String) -> JournalRecord? {
        guard folder.exists(name) else { return nil }
        do throws(StateError) {
            let file = try AppendFile(folder.file(name), .existing, lock: .ifFree)
            let lines = try file.lines()
            guard let record = JournalRecord(lines, isAtWork: false) else {
                // Crashed before the plan was on disk: nothing was begun.
                if lines.isEmpty { try? folder.remove(name) }
                return nil
            }
            if record.isClosed {
                // Crashed between its last line and being filed away.
                try folder.move(name, to: folder.folder(OperationJournal.closed))
                return nil
            }
            return record
        } catch {
            guard error.code == "in-use", let text = folder.read(name) else { return nil }
            return JournalRecord(AppendFile.wholeLines(text), isAtWork: true)
        }
    }

    /// Files an interrupted one away: a person has made sure of what is unknown.
    func close(_ record: JournalRecord, outcome: Outcome) async throws(StateError) {
        let journal = try resume(record.id)
        await journal.close(outcome)
    }
}

/// What a journal tells.
public struct JournalRecord: Sendable, Hashable {
    public let plan: Plan
    /// Who gave it, where, and who approved it.
    public let head: JSONObject
    let states: [String: OperationJournal.StepState]
    /// Whether a process is at work on it now.
    public let isAtWork: Bool
    /// Whether its last line is there, so that only filing it away is left.
    let isClosed: Bool

    public var id: String { plan.intent.id }
    public var openedAt: String { head["at"]?.text ?? "" }

    /// Nil when the first line holds no plan.
    init?(_ lines: [String], isAtWork: Bool) {
        let records = lines.compactMap { try? JSON.parse($0) }
        guard let head = records.first?.object, let plan = head["plan"].flatMap(Plan.init(json:)) else { return nil }
        self.plan = plan
        self.head = head
        self.isAtWork = isAtWork
        var states: [String: OperationJournal.StepState] = [:]
        for record in records.dropFirst() {
            guard let step = record["step"]?.text else { continue }
            switch record["record"]?.text {
            case "begun": states[step] = .begun
            case "ended":
                if let result = record["result"].flatMap(StepResult.init(json:)) { states[step] = .ended(result) }
            default: break
            }
        }
        self.states = states
        isClosed = records.last?["record"]?.text == "closed"
    }

    /// Each step with what is known of it: `done`, `not done`, `unknown`.
    public var steps: [(summary: String, state: String)] {
        plan.steps.map { step in
            switch states[step.id] ?? .notBegun {
            case .notBegun: (step.summary, "not done")
            case .begun: (step.summary, "unknown")
            case .ended(let result): (step.summary, result.state.rawValue)
            }
        }
    }
}
