import Operations
import PlatformModel
import Reactor

/// `galley approvals list|show`
enum ApprovalsCommand {
    static func list(_ arguments: Arguments) throws(CommandFailure) -> Int32 {
        let gate = try GateSetup(arguments).gate
        let open = try LedgerAnswer.of(gate) { (ledger) async throws(LedgerError) in
            try await ledger.openApprovals(until: .after(.seconds(10)))
        }
        if arguments.has("json") {
            let list = open.map(json)
            let object = SnapshotJSON.envelope(
                "approvals", environment: gate.environment.name, at: Moment.now().wall, [("approvals", .array(list))])
            Output.raw(object.write(pretty: true))
            return ExitStatus.done
        }
        var table = TextTable([
            ("REQUEST", .left), ("LEFT", .right), ("ASKED BY", .left), ("PLAN", .left), ("WHAT", .left),
        ])
        for one in open {
            table.add([
                one.id, "\(one.secondsLeft) s", one.asker, String(one.plan.digest.prefix(12)), one.plan.title,
            ])
        }
        if open.isEmpty { Output.line("Nothing waits for a second person.") } else { table.print() }
        return ExitStatus.done
    }

    static func show(_ arguments: Arguments) throws(CommandFailure) -> Int32 {
        let gate = try GateSetup(arguments).gate
        let id = arguments.positionals[0]
        let found = try LedgerAnswer.of(gate) { (ledger) async throws(LedgerError) in
            try await ledger.approval(id: id, until: .after(.seconds(10)))
        }
        guard let found else {
            throw CommandFailure(
                status: ExitStatus.notFound, message: "there is no request \(id)", code: "not-found",
                hint: "galley approvals list names those that wait")
        }
        if arguments.has("json") {
            let object = SnapshotJSON.envelope(
                "approval", environment: gate.environment.name, at: Moment.now().wall, [("approval", json(found))])
            Output.raw(object.write(pretty: true))
            return ExitStatus.done
        }
        let answer = found.isGranted.map { $0 ? "granted by \(found.answeredBy)" : "refused by \(found.answeredBy)" }
        Output.line("Asked by \(found.asker), " + (answer ?? "\(found.secondsLeft) s are left"))
        for line in found.plan.lines { Output.line(line) }
        return ExitStatus.done
    }

    private static func json(_ approval: Approval) -> JSON {
        [
            "id": .string(approval.id), "asker": .string(approval.asker), "seconds_left": .init(approval.secondsLeft),
            "granted": approval.isGranted.map { .bool($0) } ?? .null, "answered_by": .string(approval.answeredBy),
            "used": .bool(approval.isUsed), "digest": .string(approval.plan.digest), "plan": approval.plan.json,
        ]
    }
}

/// What the gate's database side answers, or why it does not.
enum LedgerAnswer {
    static func of<Value: Sendable>(
        _ gate: Gate, _ body: @escaping @Sendable (any Ledger) async throws(LedgerError) -> Value
    ) throws(CommandFailure) -> Value {
        guard let ledger = gate.ledger else {
            throw CommandFailure(
                status: ExitStatus.configuration,
                message: "the account has no database user for environment \(gate.environment.name)",
                code: "no-ledger", hint: "set database_user and passfile of the account")
        }
        let result: Result<Value, LedgerError> = runBlocking {
            do throws(LedgerError) {
                return .success(try await body(ledger))
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(let value): return value
        case .failure(let error): throw SecondPerson.failure(error)
        }
    }
}

/// `galley operations list`
enum OperationsCommand {
    static func list(_ arguments: Arguments) throws(CommandFailure) -> Int32 {
        let gate = try GateSetup(arguments).gate
        let records = gate.journals.interrupted()
        if arguments.has("json") {
            let list = records.map { record -> JSON in
                [
                    "id": .string(record.id), "opened_at": .string(record.openedAt),
                    "title": .string(record.plan.title),
                    "steps": .array(
                        record.steps.map { ["summary": .string($0.summary), "state": .string($0.state)] }),
                ]
            }
            let object = SnapshotJSON.envelope(
                "operations", environment: gate.environment.name, at: Moment.now().wall, [("operations", .array(list))])
            Output.raw(object.write(pretty: true))
            return ExitStatus.done
        }
        if records.isEmpty { Output.line("No operation was interrupted.") }
        for record in records { print(record) }
        return ExitStatus.done
    }

    static func print(_ record: JournalRecord) {
        Output.line("\(record.id.prefix(12))  \(record.openedAt)  \(record.plan.title)")
        for step in record.steps { Output.line("    \(step.state): \(step.summary)") }
    }
}

/// `galley orders outbox`
enum OutboxCommand {
    static func list(_ arguments: Arguments) throws(CommandFailure) -> Int32 {
        let setup = try GateSetup(arguments)
        let (waiting, returned) = (setup.outbox.waiting(), setup.outbox.returned())
        if arguments.has("json") {
            let object = SnapshotJSON.envelope(
                "outbox", environment: setup.gate.environment.name, at: Moment.now().wall,
                [("waiting", .array(waiting.map(json))), ("returned", .array(returned.map(json)))])
            Output.raw(object.write(pretty: true))
            return ExitStatus.done
        }
        if waiting.isEmpty { Output.line("No order waits.") }
        for entry in waiting { print(entry, "waits") }
        for entry in returned { print(entry, "came back") }
        return ExitStatus.done
    }

    private static func print(_ entry: Outbox.Entry, _ word: String) {
        let lines = entry.draft.lines.map { "\($0.quantity) x \($0.item)" }.joined(separator: ", ")
        Output.line(
            "\(entry.id.prefix(12))  \(entry.addedAt)  \(word)  \(entry.draft.kitchen) from \(entry.draft.supplier): \(lines)"
        )
        if !entry.note.isEmpty { Output.line("    \(entry.note)") }
    }

    private static func json(_ entry: Outbox.Entry) -> JSON {
        [
            "id": .string(entry.id), "at": .string(entry.addedAt.description), "subject": .string(entry.subject),
            "key": .string(entry.key), "draft": entry.draft.input, "note": .string(entry.note),
        ]
    }
}

/// `galley account show|enrol`
enum AccountCommand {
    static func show(_ arguments: Arguments) throws(CommandFailure) -> Int32 {
        let setup = try GateSetup(arguments)
        let (gate, account) = (setup.gate, setup.account)
        let armed = gate.arming.current(for: gate.identity.subject)
        let freeze: FreezeState = runBlocking { await gate.ledger?.freeze(until: .after(.seconds(3))) ?? .none }
        let frozen =
            switch freeze {
            case .none: "no"
            case .frozen(let freeze): "by \(freeze.owner) until \(freeze.until): \(freeze.reason)"
            case .unknown(let cause): "unknown: \(cause)"
            }
        let kitchens = account.kitchens.contains("*") ? "all" : account.kitchens.joined(separator: ", ")
        let others = setup.environment.accounts.map(\.name).filter { $0 != account.name }.joined(separator: ", ")
        let rows: [(String, String)] = [
            ("environment", "\(gate.environment.name) (\(gate.environment.kind.rawValue))"),
            ("account", account.name), ("person", gate.identity.subject), ("role", gate.identity.role.word),
            ("kitchens", kitchens), ("identified by", gate.identity.source),
            ("second factor", account.totpFile == nil ? "none" : "authenticator"),
            (
                "actions",
                gate.policy.readOnly == .never
                    ? "allowed" : armed.map { "armed: \($0.reason)" } ?? "read-only until armed"
            ), ("frozen", frozen), ("database user", account.databaseUser ?? "none"),
            ("token", account.tokenFile ?? "none"), ("other accounts", others.isEmpty ? "none" : others),
        ]
        if arguments.has("json") {
            let members = rows.map { ($0.0.replacing(" ", with: "_"), JSON.string($0.1)) }
            Output.raw(
                SnapshotJSON.envelope(
                    "account", environment: gate.environment.name, at: Moment.now().wall, members
                ).write(pretty: true))
        } else {
            for (name, value) in rows {
                Output.line(name + String(repeating: " ", count: 16 - name.count) + value)
            }
        }
        return ExitStatus.done
    }

    static func enrol(_ arguments: Arguments) throws(CommandFailure) -> Int32 {
        let setup = try GateSetup(arguments)
        guard let path = setup.account.totpFile else {
            throw CommandFailure(
                status: ExitStatus.configuration, message: "the account \(setup.account.name) names no file for it",
                code: "configuration", hint: "set totp_file of the account first")
        }
        guard Question.canAsk else {
            throw CommandFailure(
                status: ExitStatus.usage, message: "this needs a person at a terminal", code: "usage")
        }
        let enrolment = SecondFactorEnrolment()
        Output.line("Give this to your authenticator application; it is shown only now:")
        Output.line("  secret   \(enrolment.secret)")
        Output.line("  address  \(enrolment.address(for: setup.gate.identity.subject))")
        guard let code = Question.line("The six digits that it shows: "), enrolment.accepts(code) else {
            throw CommandFailure(
                status: ExitStatus.notAllowed, message: "the code is wrong: nothing was changed", code: "wrong-code",
                hint: "this machine's clock must be right")
        }
        do {
            try enrolment.write(to: path)
        } catch {
            throw CommandFailure(
                status: ExitStatus.failed, message: error.description, code: error.code, hint: error.hint)
        }
        Output.line("The secret is in \(path).")
        return ExitStatus.done
    }
}
