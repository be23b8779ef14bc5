import PlatformModel
import Reactor

/// Plans what serves the gate itself.
struct GatePlanner: Planner {
    let ledger: (any Ledger)?

    let commands = [
        "console.arm", "console.disarm", "freeze.set", "freeze.lift", "approvals.grant", "approvals.refuse",
    ]

    func plan(_ intent: Intent, for identity: OperatorIdentity, until deadline: Deadline) async throws(PlanError)
        -> Plan
    {
        switch intent.command {
        case "console.arm": return try arm(intent)
        case "console.disarm":
            return Plan(
                intent: intent, title: "Disarm this console in \(intent.environment)", object: intent.environment,
                steps: [step("console.disarm", "make this console read-only", [:])],
                effect: ["Actions are refused again, at once."])
        case "freeze.set": return try freeze(intent, identity)
        case "freeze.lift": return try await unfreeze(intent, identity, until: deadline)
        default: return try await answer(intent, identity, until: deadline)
        }
    }

    private func step(_ kind: String, _ summary: String, _ arguments: JSONObject) -> PlanStep {
        PlanStep(id: "1", kind: kind, summary: summary, arguments: arguments, repetition: .guarded)
    }

    private func arm(_ intent: Intent) throws(PlanError) -> Plan {
        let most = Int(EnvironmentPolicy.longestArming.seconds)
        guard let seconds = intent.arguments["seconds"]?.int, seconds > 0, seconds <= most else {
            throw PlanError(
                code: "usage", operation: "plan", target: intent.command,
                cause: "a console is armed for 1 to \(most / 60) minutes")
        }
        let time = Quantity.duration(.seconds(seconds))
        return Plan(
            intent: intent, title: "Arm this console in \(intent.environment) for \(time)",
            object: intent.environment, checks: [reasonCheck(intent)],
            steps: [
                step(
                    "console.arm", "arm this console for \(time)",
                    ["seconds": .init(seconds), "reason": .string(intent.reason)])
            ],
            effect: ["Your consoles on this machine may act in \(intent.environment) until then."],
            undo: ["galley disarm"])
    }

    private func freeze(_ intent: Intent, _ identity: OperatorIdentity) throws(PlanError) -> Plan {
        guard let seconds = intent.arguments["seconds"]?.int, (60...30 * 86_400).contains(seconds) else {
            throw PlanError(
                code: "usage", operation: "plan", target: intent.command,
                cause: "a freeze lasts 1 minute to 30 days")
        }
        let time = Quantity.duration(.seconds(seconds))
        return Plan(
            intent: intent, title: "Freeze \(intent.environment) for \(time)", object: intent.environment,
            checks: [reasonCheck(intent)],
            steps: [
                step(
                    "freeze.set", "freeze \(intent.environment) for \(time)",
                    [
                        "seconds": .init(seconds), "owner": .string(identity.subject),
                        "reason": .string(intent.reason),
                    ])
            ],
            effect: [
                "Every console refuses every action and shows your name and reason; kitchens go on ordering.",
                "It ends by itself after \(time).",
            ], undo: ["galley unfreeze"])
    }

    private func reasonCheck(_ intent: Intent) -> Check {
        intent.reason.contains { !$0.isWhitespace }
            ? Check("a reason is given", .passed, intent.reason)
            : Check("a reason is given", .failed, "there is none", code: "no-reason")
    }

    private func unfreeze(
        _ intent: Intent, _ identity: OperatorIdentity, until deadline: Deadline
    ) async throws(PlanError) -> Plan {
        guard case .frozen(let freeze) = await ledger?.freeze(until: deadline) ?? .none else {
            throw PlanError(
                code: "not-found", operation: "lift the freeze", target: intent.environment, cause: "there is none")
        }
        let mayLift = freeze.owner == identity.subject || identity.role >= .lead
        return Plan(
            intent: intent, title: "Lift the freeze of \(freeze.owner) in \(intent.environment)",
            object: intent.environment,
            checks: [
                Check(
                    "it is yours, or you are a lead", mayLift ? .passed : .failed,
                    "it is \(freeze.owner)'s until \(freeze.until): \(freeze.reason)",
                    code: mayLift ? "" : "not-owner")
            ],
            steps: [
                step(
                    "freeze.lift", "lift the freeze",
                    ["freeze": .integer(freeze.id), "by": .string(identity.subject)])
            ],
            effect: ["Consoles may act again, as far as their roles and the environment allow."],
            undo: ["galley freeze --for … --reason …"])
    }

    private func answer(
        _ intent: Intent, _ identity: OperatorIdentity, until deadline: Deadline
    ) async throws(PlanError) -> Plan {
        let id = intent.targets.first?.id ?? ""
        let found: Approval?
        do throws(LedgerError) {
            found = try await ledger?.approval(id: id, until: deadline)
        } catch {
            throw PlanError(
                code: error.code, operation: error.operation, target: error.target, cause: error.cause,
                hint: error.hint)
        }
        guard let approval = found else {
            throw PlanError(
                code: "not-found", operation: "answer", target: id, cause: "there is no such request",
                hint: "galley approvals list shows those that wait")
        }
        let grants = intent.command == "approvals.grant"
        let verb = grants ? "Agree to" : "Refuse"
        let arguments: JSONObject = [
            "request": .string(id), "digest": .string(approval.plan.digest), "by": .string(identity.subject),
            "granted": .bool(grants),
        ]
        return Plan(
            intent: intent, title: "\(verb): \(approval.plan.title), asked by \(approval.asker)", object: id,
            checks: checks(approval, identity),
            steps: [
                step("approvals.answer", "\(verb.lowercased()) plan \(approval.plan.digest.prefix(12))", arguments)
            ],
            effect: [
                grants ? "\(approval.asker) may carry out exactly this plan, once." : "The plan is not carried out."
            ]
        )
    }

    private func checks(_ approval: Approval, _ identity: OperatorIdentity) -> [Check] {
        let role = CommandTable.command(approval.plan.intent.command)?.role ?? .lead
        let isOther = approval.asker != identity.subject
        let isOpen = approval.isGranted == nil && approval.secondsLeft > 0
        let mayDo = identity.role >= role
        return [
            Check(
                "you are not the one who asks", isOther ? .passed : .failed, "asked by \(approval.asker)",
                code: isOther ? "" : "same-person"),
            Check(
                "it still waits", isOpen ? .passed : .failed,
                isOpen
                    ? "\(approval.secondsLeft) s are left"
                    : approval.isGranted == nil ? "its time is over" : "\(approval.answeredBy) has answered",
                code: isOpen ? "" : "too-late"),
            Check(
                "you could do it yourself", mayDo ? .passed : .failed, "it needs the role \(role.word)",
                code: mayDo ? "" : "role"),
        ]
    }
}
