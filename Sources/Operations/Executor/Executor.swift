import PlatformModel
import Reactor

/// Leave to change the platform, for the length of one call.
///
/// Mutating clients ask for it, and only this file can make one: whoever wants to change something must be a
/// performer, and be called by the executor. It cannot be copied or kept.
public struct ExecutionPermit: ~Copyable, Sendable {
    fileprivate init() {}
}

/// Carries out plans step by step: journals before and after each, looks again before each, runs none twice.
struct Executor: Sendable {
    private let performers: [String: any StepPerformer]
    private let patience: Patience
    /// Called at each point where a crash would leave another trace; for tests, which crash there.
    private let passing: @Sendable (Point, PlanStep) -> Void

    /// How long a step may take, and for how long an unknown outcome is looked into.
    struct Patience: Sendable {
        var step = Duration.seconds(10)
        var proof = Duration.seconds(20)
    }

    enum Point: String, Sendable, CaseIterable {
        case beforeBegin, afterBegin, afterPerform, afterEnd
    }

    init(
        _ performers: [any StepPerformer], patience: Patience = Patience(),
        passing: @escaping @Sendable (Point, PlanStep) -> Void = { _, _ in }
    ) {
        self.performers = Dictionary(uniqueKeysWithValues: performers.map { ($0.kind, $0) })
        self.patience = patience
        self.passing = passing
    }

    /// Does what of the plan is not done yet, and closes the journal unless something stays unknown.
    ///
    /// - Parameter progress: called after each step.
    func run(
        _ plan: Plan, in journal: OperationJournal, progress: @Sendable (Outcome.Step) -> Void = { _ in }
    ) async -> Outcome {
        var steps: [Outcome.Step] = []
        var stopped = false
        for step in plan.steps {
            let result =
                stopped
                ? StepResult(.notRun, code: "not-run", "a step before it did not succeed")
                : await run(step, of: plan, in: journal)
            let ended = Outcome.Step(id: step.id, summary: step.summary, result: result)
            steps.append(ended)
            progress(ended)
            if result.state != .done, plan.order == .sequence { stopped = true }
        }
        let outcome = Outcome(steps)
        if outcome.state != .unknown { await journal.close(outcome) }
        return outcome
    }

    private func run(_ step: PlanStep, of plan: Plan, in journal: OperationJournal) async -> StepResult {
        guard let performer = performers[step.kind] else {
            return StepResult(.failed, code: "no-performer", "this galley cannot perform \(step.kind)")
        }
        let key = "\(plan.intent.id)-\(step.id)"
        switch journal.state(of: step.id) {
        case .ended(let result): return result
        case .begun:
            if let known = await afterCrash(step, key, performer, journal) { return known }
        case .notBegun: break
        }
        switch await performer.look(step, key: key, until: .after(patience.step)) {
        case .ready: break
        case .alreadyDone(let evidence): return await end(step, StepResult(.done, evidence), journal)
        case .not(let result): return await end(step, result, journal)
        }
        return await perform(step, key, performer, journal)
    }

    /// Begun by a process that did not live to tell the end. Nil when it may be done now.
    private func afterCrash(
        _ step: PlanStep, _ key: String, _ performer: any StepPerformer, _ journal: OperationJournal
    ) async -> StepResult? {
        switch await proof(step, key, performer) {
        case .done(let evidence): return await end(step, StepResult(.done, evidence), journal)
        case .unknown(let cause):
            return StepResult(
                .unknown, code: "unknown", cause, hint: "galley operations resume \(journal.id) looks again")
        case .notDone(let cause):
            if step.repetition == .guarded { return nil }
            return StepResult(
                .unknown, code: "interrupted", "it was begun and no trace of it is seen: \(cause)",
                hint: "make sure of it yourself, then galley operations close \(journal.id)")
        }
    }

    private func perform(
        _ step: PlanStep, _ key: String, _ performer: any StepPerformer, _ journal: OperationJournal
    ) async -> StepResult {
        passing(.beforeBegin, step)
        if let failure = await journal.begin(step.id) {
            return StepResult(.failed, code: failure.code, failure.description, hint: failure.hint)
        }
        passing(.afterBegin, step)
        let permit = ExecutionPermit()
        var result = await performer.perform(step, key: key, permit: permit, until: .after(patience.step))
        passing(.afterPerform, step)
        if result.state == .unknown { result = await settled(result, step, key, performer) }
        result = await end(step, result, journal)
        passing(.afterEnd, step)
        return result
    }

    /// Looks until an unknown outcome is proven, or says that it is not.
    ///
    /// That nothing is seen is no proof, because what was sent may still arrive. A step that the other side guards
    /// is sent again with its key: the answer is the same, whether the first one arrived or not.
    private func settled(
        _ first: StepResult, _ step: PlanStep, _ key: String, _ performer: any StepPerformer
    ) async -> StepResult {
        let end = Deadline.after(patience.proof)
        var backoff = Backoff(first: .milliseconds(250), limit: .seconds(3))
        var result = first
        while true {
            let until = min(end, .after(patience.step))
            switch await performer.prove(step, key: key, until: until) {
            case .done(let evidence): return StepResult(.done, evidence)
            case .notDone where step.repetition == .guarded:
                let permit = ExecutionPermit()
                let again = await performer.perform(step, key: key, permit: permit, until: until)
                // That it cannot be reached now says nothing of the first time.
                if again.state == .done || again.state == .refused { return again }
                result = again.state == .unknown ? again : first
            case .notDone, .unknown: break
            }
            let pause = backoff.next()
            guard end.remaining > pause, await EventLoop.shared.sleep(until: .after(pause)) else { return result }
        }
    }

    /// Looks for the trace of a step, for a while when nobody answers.
    private func proof(_ step: PlanStep, _ key: String, _ performer: any StepPerformer) async -> StepProof {
        let end = Deadline.after(patience.proof)
        var backoff = Backoff(first: .milliseconds(250), limit: .seconds(3))
        while true {
            let proof = await performer.prove(step, key: key, until: min(end, .after(patience.step)))
            guard case .unknown = proof else { return proof }
            let pause = backoff.next()
            guard end.remaining > pause, await EventLoop.shared.sleep(until: .after(pause)) else { return proof }
        }
    }

    /// An unknown end is not written: the next start is to look again.
    private func end(_ step: PlanStep, _ result: StepResult, _ journal: OperationJournal) async -> StepResult {
        if result.state != .unknown { await journal.end(step.id, result) }
        return result
    }
}
