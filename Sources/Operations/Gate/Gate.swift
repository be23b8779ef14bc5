import PlatformModel
import Reactor

/// The one way by which anything on the platform is changed.
///
/// Intent, plan, authority, confirmation, executor, audit, in this order and without exceptions: screen, command line
/// and drills differ only in how they ask.
public struct Gate: Sendable {
    public let environment: EnvironmentIdentity
    public let policy: EnvironmentPolicy
    public let identity: OperatorIdentity
    public let console: ConsoleIdentity
    public let journals: JournalFolder
    public let arming: ArmingStore
    public let audit: AuditTrail
    public let ledger: (any Ledger)?
    let clock: GateClock
    private let planners: [String: any Planner]
    private let executor: Executor

    /// For how long a second person may think.
    public static let approvalTime = Duration.seconds(300)
    /// For how long the database is waited for when an entry is to reach it; it is sent later otherwise.
    private static let auditPatience = Duration.seconds(3)

    /// - Parameters:
    ///   - state: where journals, arming and the local audit are.
    ///   - ledger: the server's side; nil when the environment has no database.
    public init(
        environment: EnvironmentIdentity, policy: EnvironmentPolicy, identity: OperatorIdentity,
        console: ConsoleIdentity, state: StateFolder, ledger: (any Ledger & LedgerChanges)?, planners: [any Planner],
        performers: [any StepPerformer], clock: GateClock = .system
    ) {
        self.init(
            environment: environment, policy: policy, identity: identity, console: console, state: state,
            ledger: ledger, planners: planners, performers: performers, clock: clock, patience: .init())
    }

    init(
        environment: EnvironmentIdentity, policy: EnvironmentPolicy, identity: OperatorIdentity,
        console: ConsoleIdentity, state: StateFolder, ledger: (any Ledger & LedgerChanges)?, planners: [any Planner],
        performers: [any StepPerformer], clock: GateClock, patience: Executor.Patience
    ) {
        self.environment = environment
        self.policy = policy
        self.identity = identity
        self.console = console
        self.ledger = ledger
        self.clock = clock
        journals = JournalFolder(state: state, environment: environment.name, clock: clock)
        arming = ArmingStore(state: state, environment: environment.name, clock: clock)
        audit = AuditTrail(local: LocalAudit(state: state, environment: environment.name), ledger: ledger)
        let all: [any Planner] = [GatePlanner(ledger: ledger)] + planners
        self.planners = Dictionary(
            all.flatMap { planner in planner.commands.map { ($0, planner) } }, uniquingKeysWith: { first, _ in first })
        executor = Executor(
            GatePerformer.all(arming: arming, subject: identity.subject, ledger: ledger) + performers,
            patience: patience)
    }

    /// The commands that this gate can plan.
    public var commands: Set<String> { Set(planners.keys) }

    // MARK: Plan

    /// What the intent comes to now; changes nothing.
    public func plan(_ intent: Intent, until deadline: Deadline) async throws(PlanError) -> Plan {
        guard intent.environment == environment.name else {
            throw PlanError(
                code: "other-environment", operation: "plan", target: intent.command,
                cause: "this was meant for \(intent.environment), and here is \(environment.name)")
        }
        guard let planner = planners[intent.command] else {
            throw PlanError(
                code: "no-planner", operation: "plan", target: intent.command,
                cause: "this environment has nothing to do it with",
                hint: "galley config show tells what is configured: orders need api.graphql_url")
        }
        return try await planner.plan(intent, for: identity, until: deadline)
    }

    // MARK: Authority

    /// Why this person may not do this now; nil when they may. Asks the server for freezes.
    ///
    /// - Parameter isApproved: whether a second person's agreement is to be taken as given.
    public func refusal(
        of plan: Plan, secondFactor: SecondFactor?, isApproved: Bool = false, until deadline: Deadline
    ) async -> AuthorityRefusal? {
        guard let command = CommandTable.command(plan.intent.command) else {
            return AuthorityRefusal(.role, "there is no command \(plan.intent.command)", "")
        }
        let freeze: FreezeState = if let ledger { await ledger.freeze(until: deadline) } else { .none }
        return Authority(
            command: command, kitchens: plan.kitchens, identity: identity, policy: policy,
            armed: arming.current(for: identity.subject) != nil, freeze: freeze, secondFactor: secondFactor,
            isApproved: isApproved, now: clock.ticks()
        ).refusal
    }

    /// Asks for a second person; their answer is read with ``Ledger/approval(id:until:)``.
    ///
    /// - Returns: the request's identity.
    public func askApproval(of plan: Plan, until deadline: Deadline) async throws(LedgerError) -> String {
        guard let ledger else {
            throw LedgerError(
                code: "no-ledger", operation: "ask", target: environment.name,
                cause: "this environment has no database, where a second person would see the request")
        }
        let id = Digest.identity()
        try await ledger.ask(
            id: id, plan: plan, asker: identity.subject, for: Self.approvalTime, until: deadline)
        return id
    }

    // MARK: Do

    /// Carries a confirmed plan out.
    ///
    /// - Parameters:
    ///   - proof: that somebody confirmed this plan; nil when nobody was asked because it is refused anyway.
    ///   - approval: the second person's request, where the policy asks for one.
    ///   - progress: called after each step.
    /// - Returns: how it ended; it never throws, because even a refusal is an outcome that is recorded.
    public func submit(
        _ plan: Plan, proof: ConfirmationProof?, secondFactor: SecondFactor? = nil, approval id: String? = nil,
        progress: @escaping @Sendable (Outcome.Step) -> Void = { _ in }
    ) async -> Outcome {
        var action = Action(plan: plan, secondFactor: secondFactor, reason: proof?.reason ?? "")
        if let refused = await refused(&action, proof: proof, approval: id) {
            await record(.refused, action, refused)
            return refused
        }
        let (journals, head) = (journals, head(of: action))
        // Its first line is synced to the disk, for which the event loop does not wait.
        let opened = await Thread.run("journal", on: .shared, until: .never) {
            () -> Result<OperationJournal, StateError> in
            do throws(StateError) {
                return .success(try journals.open(plan, head: head))
            } catch {
                return .failure(error)
            }
        }
        switch opened {
        case .success(let journal): return await execute(action, journal, progress)
        case .failure(let error) where error.code == "exists":
            return Outcome(.refused, code: "already-given", "this was given before, and is done once only")
        case .failure(let error): return Outcome(.failed, code: error.code, error.description, hint: error.hint)
        case nil: return Outcome(.failed, code: "cancelled", "it was cancelled before it began")
        }
    }

    /// Goes on with what a crash or an unknown outcome left; asks the authority again.
    ///
    /// A second person who agreed before it was begun need not agree again.
    public func resume(
        _ record: JournalRecord, secondFactor: SecondFactor? = nil,
        progress: @escaping @Sendable (Outcome.Step) -> Void = { _ in }
    ) async -> Outcome {
        var action = Action(plan: record.plan, secondFactor: secondFactor, reason: "")
        action.isResumed = true
        action.approvedBy = record.head["approved_by"]?.text
        if let refusal = await authority(action, approved: action.approvedBy != nil) {
            await self.record(.refused, action, refusal)
            return refusal
        }
        do throws(StateError) {
            return await execute(action, try journals.resume(record.id), progress)
        } catch {
            return Outcome(.refused, code: error.code, error.cause, hint: error.hint)
        }
    }

    /// Files an interrupted operation away without doing the rest: a person has made sure of what is unknown.
    public func close(_ record: JournalRecord, because reason: String) async -> Outcome {
        let action = Action(plan: record.plan, secondFactor: nil, reason: reason)
        let outcome = Outcome(.failed, code: "closed", "closed by \(identity.subject): \(reason)")
        do throws(StateError) {
            try await audit.record(entry(.ended, action, outcome))
            try await journals.close(record, outcome: outcome)
        } catch {
            return Outcome(.failed, code: error.code, error.description, hint: error.hint)
        }
        await audit.flush(until: .after(Self.auditPatience))
        return outcome
    }

    // MARK: Parts

    struct Action: Sendable {
        let plan: Plan
        let secondFactor: SecondFactor?
        let reason: String
        var isResumed = false
        var approvedBy: String?
    }

    private func execute(
        _ action: Action, _ journal: OperationJournal, _ progress: @escaping @Sendable (Outcome.Step) -> Void
    ) async -> Outcome {
        do throws(StateError) {
            try await audit.record(entry(.started, action, nil))
        } catch {
            let outcome = Outcome(.failed, code: error.code, error.description, hint: error.hint)
            await journal.close(outcome)
            return outcome
        }
        let outcome = await executor.run(action.plan, in: journal, progress: progress)
        await record(.ended, action, outcome)
        return outcome
    }

    /// Why it is not even begun.
    private func refused(_ action: inout Action, proof: ConfirmationProof?, approval id: String?) async -> Outcome? {
        let plan = action.plan
        guard let command = CommandTable.command(plan.intent.command), plan.intent.environment == environment.name
        else {
            return Outcome(.refused, code: "other-environment", "this plan is not for \(environment.name)")
        }
        var approval: Approval?
        if let id, let ledger {
            do throws(LedgerError) {
                approval = try await ledger.approval(id: id, until: .after(Self.auditPatience))
            } catch {
                return Outcome(.failed, code: error.code, error.description, hint: error.hint)
            }
        }
        let permits = approval?.permits(plan, by: identity.subject) ?? false
        let refusal = await authority(action, approved: permits)
        // Who may never hears that first; nobody looks for a second person for what cannot be done anyway.
        let isLater =
            refusal?.code == AuthorityRefusal.Rule.secondFactor.rawValue
            || refusal?.code == AuthorityRefusal.Rule.secondPerson.rawValue
        if let refusal, !isLater { return refusal }
        if let check = plan.refusals.first {
            return Outcome(.refused, code: check.code, "\(check.name): \(check.finding)")
        }
        if let refusal { return refusal }
        guard proof?.confirms(plan, command: command) == true else {
            return Outcome(.refused, code: "not-confirmed", "this plan was not confirmed as it stands")
        }
        guard permits, let approval, let ledger else { return nil }
        do throws(LedgerError) {
            try await ledger.use(approval: approval.id, digest: plan.digest, until: .after(Self.auditPatience))
        } catch {
            return Outcome(.refused, code: error.code, error.description, hint: error.hint)
        }
        action.approvedBy = approval.answeredBy
        return nil
    }

    private func authority(_ action: Action, approved: Bool) async -> Outcome? {
        await refusal(
            of: action.plan, secondFactor: action.secondFactor, isApproved: approved, until: .after(Self.auditPatience)
        ).map { Outcome(.refused, code: $0.rule.rawValue, $0.cause, hint: $0.hint) }
    }

    private func record(_ event: AuditEntry.Event, _ action: Action, _ outcome: Outcome) async {
        // The action has happened or not; that its end cannot be written on a full disk changes nothing of it, and the
        // journal and the entry of its beginning remain.
        try? await audit.record(entry(event, action, outcome))
        await audit.flush(until: .after(Self.auditPatience))
    }

    private func entry(_ event: AuditEntry.Event, _ action: Action, _ outcome: Outcome?) -> AuditEntry {
        var details = head(of: action)
        details["digest"] = .string(action.plan.digest)
        if event != .ended { details["plan"] = action.plan.json }
        if let outcome { details["outcome"] = outcome.json }
        return AuditEntry(
            at: clock.wall(), environment: environment.name, event: event, identity: identity,
            secondFactor: action.secondFactor, console: console, command: action.plan.intent.command,
            intent: action.plan.intent.id, title: action.plan.title,
            outcome: outcome.map { "\($0.state.rawValue): \($0.text)" } ?? "", details: .object(details))
    }

    private func head(of action: Action) -> JSONObject {
        var head: JSONObject = [
            "subject": .string(identity.subject), "role": .string(identity.role.word), "console": console.json,
        ]
        let reason = action.plan.intent.reason.isEmpty ? action.reason : action.plan.intent.reason
        if !reason.isEmpty { head["reason"] = .string(reason) }
        if let approver = action.approvedBy { head["approved_by"] = .string(approver) }
        if action.isResumed { head["resumed"] = true }
        return head
    }
}
