import PlatformModel
import Reactor

/// What one action was to do and how far it came, on disk before and after each step.
///
/// The process that is at work on it holds the file's lock: a journal without a lock and without an end was interrupted.
final class OperationJournal: Sendable {
    let id: String
    private let folder: StateFolder
    private let file: Locked<AppendFile>
    private let states: Locked<[String: StepState]>
    private let clock: GateClock

    /// What is known of a step.
    enum StepState: Sendable, Hashable {
        case notBegun
        /// Begun, and its end was never written.
        case begun
        case ended(StepResult)
    }

    /// Opens a new journal with the whole plan as its first line.
    ///
    /// - Parameter head: who, where, approvals; kept with the plan.
    /// - Throws: ``StateError``, with code `exists` when this intent was given before.
    init(_ plan: Plan, head: JSONObject, in folder: StateFolder, clock: GateClock) throws(StateError) {
        id = plan.intent.id
        self.folder = folder
        self.clock = clock
        try folder.prepare()
        let name = Self.name(id)
        if folder.folder(Self.closed).exists(name) {
            throw StateError(code: "exists", operation: "begin", target: id, cause: "it was done before")
        }
        let lines = try AppendFile(folder.file(name), .new, lock: .ifFree)
        var record = head
        record["record"] = "opened"
        record["at"] = .string(clock.wall().description)
        record["plan"] = plan.json
        try lines.append(JSON.object(record).write())
        try folder.sync()
        file = Locked(lines)
        states = Locked([:])
    }

    /// Opens an interrupted one to go on with it, with what is known of it once nobody else can write.
    ///
    /// - Throws: ``StateError``: `in-use` while somebody is at work on it, `exists` when it was brought to an end.
    init(resuming id: String, in folder: StateFolder, clock: GateClock) throws(StateError) {
        self.id = id
        self.folder = folder
        self.clock = clock
        let lines = try AppendFile(folder.file(Self.name(id)), .existing, lock: .ifFree)
        guard let record = JournalRecord(try lines.lines(), isAtWork: true), !record.isClosed else {
            throw StateError(code: "exists", operation: "resume", target: id, cause: "it was brought to an end")
        }
        file = Locked(lines)
        states = Locked(record.states)
    }

    static let closed = "closed"
    static func name(_ id: String) -> String { StateFolder.name(id) + ".jsonl" }

    func state(of step: String) -> StepState { states.withLock { $0[step] ?? .notBegun } }

    /// Writes that a step begins; nothing is done unless this returns nil.
    func begin(_ step: String) async -> StateError? {
        let failure = await write(["record": "begun", "step": .string(step)])
        if failure == nil { states.withLock { $0[step] = .begun } }
        return failure
    }

    /// Writes how a step ended. That it cannot be written takes nothing back: the next start will look for proof.
    func end(_ step: String, _ result: StepResult) async {
        _ = await write(["record": "ended", "step": .string(step), "result": result.json])
        states.withLock { $0[step] = .ended(result) }
    }

    /// Writes the end of all, and files the journal away.
    func close(_ outcome: Outcome) async {
        guard await write(["record": "closed", "outcome": .string(outcome.state.rawValue)]) == nil else { return }
        let (folder, name) = (folder, Self.name(id))
        _ = await Thread.run("journal", on: .shared, until: .never) {
            try? folder.move(name, to: folder.folder(Self.closed))
        }
    }

    /// On a thread of its own: the disk may take its time, and the event loop must not.
    private func write(_ record: JSON) async -> StateError? {
        var record = record.object ?? [:]
        record["at"] = .string(clock.wall().description)
        let line = JSON.object(record).write()
        let answer = await Thread.run("journal", on: .shared, until: .never) { [self] () -> Result<Void, StateError> in
            file.withLock { file in
                do throws(StateError) {
                    return .success(try file.append(line))
                } catch {
                    return .failure(error)
                }
            }
        }
        switch answer {
        case .success: return nil
        case .failure(let error): return error
        case nil:
            return StateError(code: "cancelled", operation: "journal", target: id, cause: "it was cancelled")
        }
    }
}
