import PlatformModel
import Reactor

/// Performs what serves the gate itself.
struct GatePerformer: StepPerformer {
    let kind: String
    let arming: ArmingStore
    let subject: String
    let ledger: (any Ledger & LedgerChanges)?

    static func all(
        arming: ArmingStore, subject: String, ledger: (any Ledger & LedgerChanges)?
    ) -> [any StepPerformer] {
        ["console.arm", "console.disarm", "freeze.set", "freeze.lift", "approvals.answer"].map {
            GatePerformer(kind: $0, arming: arming, subject: subject, ledger: ledger)
        }
    }

    func look(_ step: PlanStep, key: String, until deadline: Deadline) async -> StepReadiness { .ready }

    func perform(
        _ step: PlanStep, key: String, permit: borrowing ExecutionPermit, until deadline: Deadline
    ) async -> StepResult {
        if kind.hasPrefix("console.") { return await console(step) }
        guard let ledger else {
            return StepResult(.failed, code: "no-ledger", "this environment has no database to keep it in")
        }
        let arguments = step.arguments
        func text(_ name: String) -> String { arguments[name]?.text ?? "" }
        do throws(LedgerError) {
            switch kind {
            case "freeze.set":
                try await ledger.freeze(
                    owner: text("owner"), reason: text("reason"), for: .seconds(arguments["seconds"]?.int ?? 0),
                    key: key, permit: permit, until: deadline)
            case "freeze.lift":
                try await ledger.unfreeze(
                    id: Int64(arguments["freeze"]?.int ?? 0), by: text("by"), permit: permit, until: deadline)
            default:
                try await ledger.answer(
                    approval: text("request"), digest: text("digest"), by: text("by"),
                    granted: arguments["granted"]?.bool ?? false, permit: permit, until: deadline)
            }
            return StepResult(.done, "\(step.summary): done")
        } catch {
            let state: StepResult.State =
                error.mayHaveHappened ? .unknown : error.code.hasPrefix("refused-") ? .refused : .failed
            return StepResult(state, code: error.code, error.cause, hint: error.hint)
        }
    }

    func prove(_ step: PlanStep, key: String, until deadline: Deadline) async -> StepProof {
        let arguments = step.arguments
        switch kind {
        case "console.arm":
            return arming.current(for: subject) == nil ? .notDone("this console is not armed") : .done("it is armed")
        case "console.disarm":
            return arming.current(for: subject) == nil ? .done("it is not armed") : .notDone("it is armed")
        case "freeze.set", "freeze.lift":
            guard let ledger else { return .unknown("this environment has no database") }
            return frozen(await ledger.freeze(until: deadline), arguments)
        default:
            do throws(LedgerError) {
                let found = try await ledger?.approval(id: arguments["request"]?.text ?? "", until: deadline)
                guard let found else { return .unknown("there is no such request") }
                let isOurs = found.answeredBy == subject && found.isGranted == arguments["granted"]?.bool
                return isOurs ? .done("the answer is there") : .notDone("the answer is not there")
            } catch {
                return .unknown(error.cause)
            }
        }
    }

    private func frozen(_ state: FreezeState, _ arguments: JSONObject) -> StepProof {
        switch (state, kind) {
        case (.unknown(let cause), _): return .unknown(cause)
        case (.frozen(let freeze), "freeze.set"):
            let isOurs = freeze.owner == arguments["owner"]?.text && freeze.reason == arguments["reason"]?.text
            return isOurs ? .done("the freeze is in force") : .notDone("another freeze is in force")
        case (.none, "freeze.set"): return .notDone("there is no freeze")
        case (.frozen(let freeze), _):
            return freeze.id == Int64(arguments["freeze"]?.int ?? 0)
                ? .notDone("it is still in force") : .done("it is lifted")
        case (.none, _): return .done("there is no freeze")
        }
    }

    private func console(_ step: PlanStep) async -> StepResult {
        let (arming, subject, arguments, kind) = (arming, subject, step.arguments, kind)
        let answer = await Thread.run("arming", on: .shared, until: .never) { () -> Result<Void, StateError> in
            do throws(StateError) {
                guard kind == "console.arm" else { return .success(try arming.disarm()) }
                return .success(
                    try arming.arm(
                        subject, for: .seconds(arguments["seconds"]?.int ?? 0), reason: arguments["reason"]?.text ?? "")
                )
            } catch {
                return .failure(error)
            }
        }
        switch answer {
        case .success: return StepResult(.done, "\(step.summary): done")
        case .failure(let error): return StepResult(.failed, code: error.code, error.description, hint: error.hint)
        case nil: return StepResult(.unknown, code: "cancelled", "it was cancelled")
        }
    }
}
