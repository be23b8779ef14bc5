import Operations
import PlatformModel

/// How the outcome of an action is told: lines, JSON, exit status.
enum ActionReport {
    static func print(_ outcome: Outcome, _ plan: Plan) {
        if outcome.state == .done {
            Output.line(plan.title + ": done")
            for step in outcome.steps where !step.result.text.isEmpty { Output.line("  \(step.result.text)") }
            if !plan.undo.isEmpty { Output.line("  undo: \(plan.undo.joined(separator: "; "))") }
            return
        }
        for step in outcome.steps where outcome.steps.count > 1 {
            Output.line("  \(step.summary): \(step.result.state.rawValue) \(step.result.text)")
        }
        for check in plan.checks where check.grade == .failed {
            Output.line("  ✕ \(check.name): \(check.finding)")
        }
        Output.error("\(plan.title): \(outcome.state.rawValue): \(outcome.text)", hint: outcome.hint)
    }

    static func json(
        _ plan: Plan, outcome: Outcome?, refusal: AuthorityRefusal? = nil, waiting: Outbox.Entry? = nil,
        in setup: GateSetup
    ) -> JSON {
        SnapshotJSON.envelope(
            "action", environment: setup.gate.environment.name, at: Moment.now().wall,
            [
                ("subject", .string(setup.gate.identity.subject)), ("role", .string(setup.gate.identity.role.word)),
                ("digest", .string(plan.digest)), ("plan", plan.json),
                (
                    "refusal",
                    refusal.map {
                        ["rule": .string($0.rule.rawValue), "cause": .string($0.cause), "hint": .string($0.hint)]
                    } ?? .null
                ), ("outcome", outcome?.json ?? .null), ("outbox", waiting.map { .string($0.id) } ?? .null),
            ])
    }

    static func status(of outcome: Outcome) -> Int32 {
        switch outcome.state {
        case .done: ExitStatus.done
        case .unknown: ExitStatus.unknown
        case .refused: status(of: outcome.code, otherwise: ExitStatus.refused)
        case .failed: status(of: outcome.code, otherwise: ExitStatus.failed)
        }
    }

    /// The exit status of a code, whatever said it: a plan, the authority, the API, the database.
    static func status(of code: String, otherwise: Int32) -> Int32 {
        switch code {
        case "usage": ExitStatus.usage
        case "no-planner", "no-ledger": ExitStatus.configuration
        case "role", "other-kitchen", "second-factor", "second-person", "unauthenticated", "not-allowed",
            "wrong-kitchen", "refused-role", "password-rejected", "password-missing":
            ExitStatus.notAllowed
        case "not-found": ExitStatus.notFound
        case "read-only", "not-armed", "frozen": ExitStatus.frozen
        case "freeze-unknown", "unreachable", "timed-out", "service-unavailable", "connection-refused",
            "connection-failed", "server-closed", "wrong-session", "rate-limited":
            ExitStatus.unreachable
        default: otherwise
        }
    }
}
