import Operations
import PlatformModel
import Reactor

/// Every command that changes anything: intent, plan, authority, confirmation, executor, outcome.
struct ActionCommand {
    private let setup: GateSetup
    private let arguments: Arguments
    private let command: Command
    private static let patience = Duration.seconds(10)

    static func run(_ arguments: Arguments, _ command: Command) throws(CommandFailure) -> Int32 {
        let action = ActionCommand(setup: try GateSetup(arguments), arguments: arguments, command: command)
        action.tellInterrupted()
        switch command.id {
        case "operations.resume": return try action.resume()
        case "operations.close": return try action.close()
        case "orders.place": return try action.place()
        case "orders.outbox.send": return try action.sendOutbox()
        default: return try action.act()
        }
    }

    private func act() throws(CommandFailure) -> Int32 {
        let intent = try IntentWords.intent(arguments, command, environment: setup.gate.environment.name)
        let plan = try plan(intent)
        if arguments.has("dry-run") { return dryRun(plan) }
        let (outcome, _) = try submit(plan)
        return report(outcome, plan)
    }

    // MARK: The way through the gate

    private func plan(_ intent: Intent) throws(CommandFailure) -> Plan {
        let gate = setup.gate
        let result: Result<Plan, PlanError> = runBlocking {
            do throws(PlanError) {
                return .success(try await gate.plan(intent, until: .after(Self.patience)))
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(let plan): return plan
        case .failure(let error):
            throw CommandFailure(
                status: ActionReport.status(of: error.code, otherwise: ExitStatus.failed), message: error.cause,
                code: error.code, hint: error.hint)
        }
    }

    /// From a plan to its outcome; what is refused anyway is refused before anybody is asked.
    private func submit(_ plan: Plan) throws(CommandFailure) -> (Outcome, SecondFactor?) {
        if !plan.refusals.isEmpty { return (perform(plan, nil, nil, nil), nil) }
        var factor: SecondFactor?
        if let code = arguments.option("code") { factor = try secondFactor(code) }
        if let refusal = refusal(plan, factor, isApproved: true) {
            guard refusal.rule == .secondFactor else { return (perform(plan, nil, factor, nil), factor) }
            guard let code = Question.line("Your second factor's six digits: ") else {
                return (perform(plan, nil, nil, nil), nil)
            }
            factor = try secondFactor(code)
        }
        let proof = try ConfirmationWords(plan, command, arguments).proof()
        var approval: String?
        if refusal(plan, factor, isApproved: false)?.rule == .secondPerson {
            approval = try SecondPerson(gate: setup.gate).ask(plan)
        }
        return (perform(plan, proof, factor, approval), factor)
    }

    private func refusal(_ plan: Plan, _ factor: SecondFactor?, isApproved: Bool) -> AuthorityRefusal? {
        let gate = setup.gate
        return runBlocking {
            await gate.refusal(
                of: plan, secondFactor: factor, isApproved: isApproved, until: .after(Self.patience))
        }
    }

    private func secondFactor(_ code: String) throws(CommandFailure) -> SecondFactor {
        let source = setup.source
        let result: Result<SecondFactor, IdentityError> = runBlocking {
            do throws(IdentityError) {
                return .success(try await source.secondFactor(code, until: .after(Self.patience)))
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(let factor): return factor
        case .failure(let error):
            throw CommandFailure(
                status: ExitStatus.notAllowed, message: error.cause, code: error.code, hint: error.hint)
        }
    }

    private func perform(
        _ plan: Plan, _ proof: ConfirmationProof?, _ factor: SecondFactor?, _ approval: String?
    ) -> Outcome {
        let gate = setup.gate
        let progress = progress(plan.steps.count)
        return runBlocking {
            await gate.submit(plan, proof: proof, secondFactor: factor, approval: approval, progress: progress)
        }
    }

    private func progress(_ count: Int) -> @Sendable (Outcome.Step) -> Void {
        let isQuiet = count < 2
        return { step in
            if !isQuiet { Output.note("\(step.summary): \(step.result.state.rawValue)") }
        }
    }

    // MARK: Placing, and what waits

    /// The order is in the outbox before it is sent, so that nothing that happens in between can lose it.
    private func place() throws(CommandFailure) -> Int32 {
        let draft = try IntentWords.draft(arguments)
        let environment = setup.gate.environment.name
        let intent = Intent(
            command: command.id, environment: environment, arguments: ["draft": draft.input], origin: .commandLine)
        let plan = try plan(intent)
        if arguments.has("dry-run") { return dryRun(plan) }
        var factor: SecondFactor?
        if let code = arguments.option("code") { factor = try secondFactor(code) }
        // Whether it is frozen nobody can say while everything is down; that is asked again when it is sent.
        if let refusal = refusal(plan, factor, isApproved: true), refusal.rule != .freezeUnknown {
            return report(perform(plan, nil, factor, nil), plan)
        }
        _ = try ConfirmationWords(plan, command, arguments).proof()
        let entry: Outbox.Entry
        do {
            entry = try setup.outbox.add(draft, subject: setup.gate.identity.subject)
        } catch {
            throw CommandFailure(
                status: ExitStatus.failed, message: error.description, code: error.code, hint: error.hint)
        }
        let ended = try send(factor)
        guard let own = ended.first(where: { $0.entry.id == entry.id }) else {
            let before = ended.last.map { ": \($0.outcome.text)" } ?? ""
            Output.note("it waits in the outbox behind an earlier order\(before)")
            return report(nil, plan, waiting: entry)
        }
        let waits = setup.outbox.waiting().contains { $0.id == entry.id }
        return report(own.outcome, plan, waiting: waits ? entry : nil)
    }

    private func send(_ factor: SecondFactor?) throws(CommandFailure) -> [(entry: Outbox.Entry, outcome: Outcome)] {
        let (gate, outbox) = (setup.gate, setup.outbox)
        let result: Result<[(entry: Outbox.Entry, outcome: Outcome)], StateError> = runBlocking {
            do throws(StateError) {
                return .success(
                    try await outbox.send(as: gate.identity.subject) {
                        await gate.send($0, origin: .commandLine, secondFactor: factor)
                    })
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(let ended): return ended
        case .failure(let error):
            throw CommandFailure(
                status: ExitStatus.failed, message: error.description, code: error.code, hint: error.hint)
        }
    }

    private func sendOutbox() throws(CommandFailure) -> Int32 {
        let waiting = setup.outbox.waiting().filter { $0.subject == setup.gate.identity.subject }
        if arguments.has("dry-run") || waiting.isEmpty { return try OutboxCommand.list(arguments) }
        try ConfirmationWords.yes(
            "Send \(waiting.count == 1 ? "the order that waits" : "\(waiting.count) orders")?", arguments)
        var factor: SecondFactor?
        if let code = arguments.option("code") { factor = try secondFactor(code) }
        let ended = try send(factor)
        for (entry, outcome) in ended {
            Output.line(
                "\(entry.draft.kitchen) from \(entry.draft.supplier): \(outcome.state.rawValue), \(outcome.text)")
        }
        return ended.map { ActionReport.status(of: $0.outcome) }.max() ?? ExitStatus.done
    }

    // MARK: What a crash left

    private func tellInterrupted() {
        let count = setup.gate.journals.interrupted().filter { $0.plan.intent.command != "orders.place" }.count
        guard count > 0, !command.id.hasPrefix("operations.") else { return }
        Output.note(
            count == 1
                ? "an operation was interrupted: galley operations list"
                : "\(count) operations were interrupted: galley operations list")
    }

    private func interrupted() throws(CommandFailure) -> JournalRecord {
        let word = arguments.positionals[0]
        let found = setup.gate.journals.interrupted().filter { $0.id.hasPrefix(word) }
        guard found.count == 1 else {
            throw CommandFailure(
                status: ExitStatus.notFound,
                message: found.isEmpty ? "no interrupted operation is called \(word)" : "\(word) begins several",
                code: "not-found", hint: "galley operations list names them")
        }
        return found[0]
    }

    private func resume() throws(CommandFailure) -> Int32 {
        let record = try interrupted()
        OperationsCommand.print(record)
        if arguments.has("dry-run") { return ExitStatus.done }
        try ConfirmationWords.yes("Look for what was done, and do the rest?", arguments)
        var factor: SecondFactor?
        if let code = arguments.option("code") { factor = try secondFactor(code) }
        let (gate, progress, proven) = (setup.gate, progress(record.plan.steps.count), factor)
        return report(
            runBlocking { await gate.resume(record, secondFactor: proven, progress: progress) }, record.plan)
    }

    private func close() throws(CommandFailure) -> Int32 {
        let record = try interrupted()
        OperationsCommand.print(record)
        if arguments.has("dry-run") { return ExitStatus.done }
        try ConfirmationWords.yes("File it away without doing the rest?", arguments)
        let (gate, reason) = (setup.gate, arguments.option("reason") ?? "")
        let outcome = runBlocking { await gate.close(record, because: reason) }
        guard outcome.code == "closed" else { return report(outcome, record.plan) }
        Output.line(outcome.text)
        return ExitStatus.done
    }

    // MARK: Telling

    private func dryRun(_ plan: Plan) -> Int32 {
        let refusal = refusal(plan, nil, isApproved: false)
        if arguments.has("json") {
            Output.raw(ActionReport.json(plan, outcome: nil, refusal: refusal, in: setup).write(pretty: true))
        } else {
            for line in plan.lines { Output.line(line) }
            if let refusal {
                Output.line("  authority")
                Output.line("    ✕ \(refusal.cause)")
            }
        }
        return plan.refusals.first.map { ActionReport.status(of: $0.code, otherwise: ExitStatus.refused) }
            ?? ExitStatus.done
    }

    private func report(_ outcome: Outcome?, _ plan: Plan, waiting: Outbox.Entry? = nil) -> Int32 {
        let status = outcome.map { ActionReport.status(of: $0) } ?? ExitStatus.unreachable
        if arguments.has("json") {
            Output.raw(
                ActionReport.json(plan, outcome: outcome, waiting: waiting, in: setup).write(pretty: true))
        } else if let outcome {
            ActionReport.print(outcome, plan)
        }
        if let waiting {
            Output.note("the order waits in the outbox and is sent later, once: \(waiting.id.prefix(12))")
        }
        return status
    }
}
