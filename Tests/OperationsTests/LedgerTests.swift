import PlatformModel
import PostgresClient
import Reactor
import TestSupport
import Testing

@testable import Operations

/// The server's side of the gate on a real database: what it keeps, and what it refuses whoever asks.
@Suite(.serialized) struct LedgerTests {
    private func entry(_ title: String) -> AuditEntry {
        AuditEntry(
            at: Timestamp(seconds: 1), environment: "test", event: .ended, identity: .test(.lead), secondFactor: nil,
            console: .test, command: "orders.hold", intent: Digest.identity(), title: title, outcome: "done",
            details: ["text": "ünïcode \u{202E} 'quoted' \"too\" \\ and\nbreaks"])
    }

    private func append(_ entry: AuditEntry, _ ledger: PostgresLedger) async throws -> AuditLink {
        try await ledger.append(id: entry.id, text: entry.json.write(), until: .generous)
    }

    private func verify(_ ledger: PostgresLedger) async throws -> [String] {
        var verifier = AuditVerifier()
        for link in try await ledger.audit(after: 0, limit: 10_000, until: .generous) { verifier.check(link) }
        return verifier.problems
    }

    @Test func theDatabaseMakesTheSameChain() async throws {
        let database = try await LedgerDatabase.shared()
        let (lead, kitchen) = (database.ledger(.lead), database.ledger(.kitchen))
        let one = entry("one")
        let first = try await append(one, lead)
        #expect(try await append(one, kitchen) == first)
        let second = try await append(entry("two"), kitchen)
        #expect(second.sequence == first.sequence + 1 && second.previous == first.hash)
        #expect(second.stamp.hasPrefix("galley_kitchen "))
        #expect(AuditEntry(text: first.text) == one)
        #expect(try await lead.auditEnd(until: .generous) == second.sequence)
        #expect(try await verify(lead).isEmpty)
        let other = await ledgerFailure { () throws(LedgerError) in
            _ = try await lead.append(id: one.id, text: "{}", until: .generous)
        }
        #expect(other?.code == "refused-GA001")
    }

    @Test func consolesAppendAtOnceWithoutAFork() async throws {
        let database = try await LedgerDatabase.shared()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<6 {
                group.addTask {
                    let ledger = database.ledger(.operator)
                    for number in 0..<10 { _ = try await append(entry("\(number)"), ledger) }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await verify(database.ledger(.lead)).isEmpty)
    }

    /// What a changed console with the role's password could try.
    @Test func rolesCannotDoMoreThanTheyMay() async throws {
        let database = try await LedgerDatabase.shared()
        _ = try await append(entry("mine"), database.ledger(.operator))
        let table: [(role: Role, sql: String)] = [
            (.viewer, "SELECT galley.audit_append('12345678', '{}')"), (.viewer, "SELECT * FROM galley.audit"),
            (.viewer, "SELECT galley.freeze('k', 'o', 'r', 60)"), (.kitchen, "SELECT * FROM galley.audit"),
            (.kitchen, "SELECT * FROM galley.approvals"), (.kitchen, "SELECT galley.freeze('k', 'o', 'r', 60)"),
            (.kitchen, "SELECT galley.approval_answer('12345678', 'd', 'p', true)"),
            (.operator, "UPDATE galley_ledger.audit SET entry = ''"), (.operator, "DELETE FROM galley_ledger.audit"),
            (.operator, "DELETE FROM galley.audit"), (.operator, "UPDATE galley.audit SET entry = ''"),
            (.operator, "INSERT INTO galley_ledger.audit SELECT * FROM galley_ledger.audit"),
            (.lead, "TRUNCATE galley_ledger.audit"), (.lead, "UPDATE galley.approvals SET granted = true"),
            (.lead, "DELETE FROM galley_ledger.freezes"), (.lead, "SET ROLE galley_ledger"),
            (.lead, "ALTER TABLE galley_ledger.audit DISABLE TRIGGER append_only"),
        ]
        for (role, sql) in table {
            let client = database.client(role == .viewer ? "galley_reader" : "galley_\(role.word)")
            do {
                _ = try await client.query(sql, until: .generous)
                Issue.record("\(role.word) may \(sql)")
            } catch {
                #expect(error.sqlState == "42501", "\(role.word): \(sql): \(error)")
            }
            await client.close()
        }
        // Nor the owner itself, as long as the trigger is there.
        let owner = database.server.configuration(database: "platform")
        let client = PostgresClient(owner, name: "owner")
        for sql in ["UPDATE galley_ledger.audit SET entry = ''", "DELETE FROM galley_ledger.audit"] {
            do {
                _ = try await client.query(sql, until: .generous)
                Issue.record("the owner may \(sql)")
            } catch {
                #expect(error.sqlState == "42501")
            }
        }
        await client.close()
    }

    @Test func aFreezeIsOneForAllAndItsOwners() async throws {
        let database = try await LedgerDatabase.shared()
        let (one, two, lead) = (database.ledger(.operator), database.ledger(.operator), database.ledger(.lead))
        #expect(await two.freeze(until: .generous) == .none)
        try await withFolder { folder in
            let anna = gate(folder, .test(.operator, "anna@a"), ledger: one, performers: [])
            let bert = gate(
                folder.folder("b"), .test(.operator, "bert@b"), ledger: two,
                performers: [WorldPerformer(kind: "world", world: FileWorld(folder.folder("world")))])
            let intent = Intent(
                command: "freeze.set", environment: "test", arguments: ["seconds": 3600], reason: "release",
                origin: .commandLine)
            let plan = try await anna.plan(intent, until: .generous)
            #expect(await anna.submit(plan, proof: try plan.proof()).state == .done)
            guard case .frozen(let freeze) = await two.freeze(until: .generous) else {
                Issue.record("not frozen")
                return
            }
            #expect(freeze.owner == "anna@a" && freeze.reason == "release")
            // The other console hears of it, says by whom, and does nothing.
            let orders = Plan.lines()
            let refused = await bert.submit(orders, proof: try orders.proof())
            #expect(refused.code == "frozen" && refused.text.contains("anna@a") && refused.text.contains("release"))
            // Neither by its plan nor past it can somebody else lift it.
            let lift = Intent(command: "freeze.lift", environment: "test", origin: .commandLine)
            #expect(try await bert.plan(lift, until: .generous).refusals.map(\.code) == ["not-owner"])
            let denied = await ledgerFailure { () throws(LedgerError) in
                _ = try await two.ask(
                    "lift", "SELECT galley.unfreeze($1, $2)",
                    [PostgresValue(integerLiteral: freeze.id), .text("bert@b")], changes: true,
                    until: .generous)
            }
            #expect(denied?.code == "refused-GA003")
            let boss = gate(folder.folder("c"), .test(.lead, "lead1@c"), ledger: lead, performers: [])
            let lifting = try await boss.plan(lift, until: .generous)
            #expect(await boss.submit(lifting, proof: try lifting.proof()).state == .done)
            #expect(await bert.submit(orders, proof: try orders.proof()).state == .done)
            // The end of a freeze is the server's clock's.
            let again = try await anna.plan(
                Intent(
                    command: "freeze.set", environment: "test", arguments: ["seconds": 60], reason: "again",
                    origin: .commandLine), until: .generous)
            #expect(await anna.submit(again, proof: try again.proof()).state == .done)
            try await database.psql("-c \"UPDATE galley_ledger.freezes SET until = now() - interval '1 s'\"")
            #expect(await two.freeze(until: .generous) == .none)
        }
    }

    @Test func aSecondPersonAgreesToOnePlanOnce() async throws {
        let database = try await LedgerDatabase.shared()
        let policy = EnvironmentPolicy(readOnly: .never, secondPerson: .low)
        try await withFolder { folder in
            let world = FileWorld(folder.folder("world"))
            let performer = WorldPerformer(kind: "world", world: world)
            func console(_ name: String, _ policy: EnvironmentPolicy) -> Gate {
                gate(
                    folder.folder(name), .test(.operator, "\(name)@x"), policy: policy,
                    ledger: database.ledger(.operator), performers: [performer])
            }
            let anna = console("anna", policy)
            let plan = Plan.lines()
            let without = await anna.submit(plan, proof: try plan.proof())
            #expect(without.code == "second-person" && world.attempts.isEmpty)
            let request = try await anna.askApproval(of: plan, until: .generous)
            // The other console sees exactly the plan.
            let ledger = database.ledger(.operator)
            let seen = try #require(try await ledger.openApprovals(until: .generous).first { $0.id == request })
            #expect(seen.plan == plan && seen.asker == "anna@x" && (200...300).contains(seen.secondsLeft))
            // Not yet answered; nor can the first person answer, on any console of theirs.
            #expect(await anna.submit(plan, proof: try plan.proof(), approval: request).code == "second-person")
            let own = Intent(
                command: "approvals.grant", environment: "test", targets: [.init(kind: "approval", id: request)],
                origin: .commandLine)
            #expect(try await anna.plan(own, until: .generous).refusals.map(\.code) == ["same-person"])
            #expect(await answer(request, plan.digest, "anna@x", ledger)?.code == "refused-GA005")
            #expect(await answer(request, "other digest", "bert@x", ledger)?.code == "refused-GA007")
            // Bert's console need not ask a third.
            let bert = console("bert", EnvironmentPolicy(readOnly: .never))
            let grant = try await bert.plan(own, until: .generous)
            #expect(await bert.submit(grant, proof: try grant.proof()).state == .done)
            // Another plan does not pass under it, and this one passes once, whoever is first.
            let other = Plan.lines(arguments: [["n": 1]])
            #expect(await anna.submit(other, proof: try other.proof(), approval: request).code == "second-person")
            async let left = anna.submit(plan, proof: try plan.proof(), approval: request)
            async let right = console("anna", policy).submit(plan, proof: try plan.proof(), approval: request)
            let both = try await [left, right]
            #expect(both.filter { $0.state == .done }.count == 1, "\(both)")
            #expect(world.effects.count == 3)
        }
    }

    private func answer(
        _ id: String, _ digest: String, _ person: String, _ ledger: PostgresLedger
    ) async -> LedgerError? {
        await ledgerFailure { () throws(LedgerError) in
            _ = try await ledger.ask(
                "answer", "SELECT galley.approval_answer($1, $2, $3, true)", [.text(id), .text(digest), .text(person)],
                changes: true, until: .generous)
        }
    }

    @Test func silenceIsARefusal() async throws {
        let database = try await LedgerDatabase.shared()
        let ledger = database.ledger(.operator)
        let plan = Plan.lines()
        let id = Digest.identity()
        try await ledger.ask(id: id, plan: plan, asker: "anna@x", for: .seconds(60), until: .generous)
        try await database.psql("-c \"UPDATE galley_ledger.approvals SET expires_at = now() WHERE id = '\(id)'\"")
        #expect(await answer(id, plan.digest, "bert@x", ledger)?.code == "refused-GA006")
        #expect(try await !ledger.openApprovals(until: .generous).contains { $0.id == id })
        // Granted in time and used too late is too late as well.
        let late = Digest.identity()
        try await ledger.ask(id: late, plan: plan, asker: "anna@x", for: .seconds(60), until: .generous)
        _ = try await ledger.ask(
            "answer", "SELECT galley.approval_answer($1, $2, 'bert@x', true)", [.text(late), .text(plan.digest)],
            changes: true, until: .generous)
        try await database.psql("-c \"UPDATE galley_ledger.approvals SET expires_at = now() WHERE id = '\(late)'\"")
        let used = await ledgerFailure { () throws(LedgerError) in
            try await ledger.use(approval: late, digest: plan.digest, until: .generous)
        }
        #expect(used?.code == "refused-GA006")
    }
}

/// The two chains together: a database that was away, and one that was tampered with.
@Suite(.serialized) struct AuditTrailTests {
    @Test func whatHappenedWithoutTheDatabaseReachesItLater() async throws {
        let database = try await LedgerDatabase.make()
        try await withFolder { folder in
            let world = FileWorld(folder.folder("world"))
            let console = gate(
                folder, .test(.kitchen, "kitchen1", kitchens: .only(["MUC-01"])), ledger: database.ledger(.kitchen),
                performers: [WorldPerformer(kind: "world", world: world)])
            try await database.server.stop()
            let plan = Plan.lines("orders.note")
            #expect(await console.submit(plan, proof: try plan.proof()).state == .done)
            #expect(world.effects.count == 3 && console.audit.local.unsent().entries.count == 2)
            try await database.server.launch()
            // A connection that was refused is not tried again at once.
            var left = await console.audit.flush(until: .generous)
            let end = Deadline.generous
            while left != nil, !end.hasPassed {
                await EventLoop.shared.sleep(until: .after(.milliseconds(50)))
                left = await console.audit.flush(until: .generous)
            }
            #expect(left == nil && console.audit.local.unsent().entries.isEmpty)
            let lead = database.ledger(.lead)
            let entries = try await lead.audit(after: 0, limit: 10, until: .generous).compactMap {
                AuditEntry(text: $0.text)
            }
            #expect(entries.map(\.event) == [.started, .ended] && entries.allSatisfy { $0.subject == "kitchen1" })
            #expect(entries[0].details["plan"]?["title"]?.text == plan.title)
        }
        try await database.server.stop(signal: 3)
    }

    @Test func tamperingWithTheDatabaseIsFound() async throws {
        let database = try await LedgerDatabase.make()
        try await withFolder { folder in
            let lead = database.ledger(.lead)
            let console = gate(
                folder, .test(.lead), ledger: lead,
                performers: [WorldPerformer(kind: "world", world: FileWorld(folder.folder("world")))])
            for _ in 1...3 {
                let plan = Plan.lines()
                #expect(await console.submit(plan, proof: try plan.proof()).state == .done)
            }
            func problems(_ sql: String) async throws -> [String] {
                let script =
                    "ALTER TABLE galley_ledger.audit DISABLE TRIGGER append_only; \(sql)"
                try await database.psql("-c \"CREATE TABLE kept AS TABLE galley_ledger.audit\"")
                try await database.psql("-c \"\(script)\"")
                let report = try await console.audit.verify(until: .generous)
                try await database.psql(
                    "-c \"TRUNCATE galley_ledger.audit; INSERT INTO galley_ledger.audit TABLE public.kept; DROP TABLE public.kept\""
                )
                #expect(report.localProblems.isEmpty)
                #expect(report.isWhole == (report.server?.problems.isEmpty ?? false))
                return report.server?.problems ?? ["no server"]
            }
            #expect(try await problems("SELECT 1").isEmpty)
            #expect(
                try await problems(
                    "UPDATE galley_ledger.audit SET entry = replace(entry, 'anna', 'bert') WHERE sequence = 2")
                    == ["entry 2 was changed"])
            #expect(
                try await problems("UPDATE galley_ledger.audit SET stamp = 'galley_kitchen x' WHERE sequence = 3")
                    == ["entry 3 was changed"])
            #expect(
                try await problems("DELETE FROM galley_ledger.audit WHERE sequence = 4").first == "entry 4 is missing")
            // The end cut off: the chain that is left is whole, and this machine's receipts tell.
            #expect(
                try await problems("DELETE FROM galley_ledger.audit WHERE sequence > 4")
                    == [5, 6].map { "entry \($0) is missing, and this machine has a receipt for it" })
            #expect(
                try await !problems(
                    "UPDATE galley_ledger.audit SET sequence = 104 WHERE sequence = 4; UPDATE galley_ledger.audit SET sequence = 4 WHERE sequence = 5; UPDATE galley_ledger.audit SET sequence = 5 WHERE sequence = 104"
                ).isEmpty)
            // Written anew from the second entry on, with right digests throughout: the receipts tell.
            let forged = try await problems(
                """
                DO \\$\\$ DECLARE r record; last text; BEGIN
                UPDATE galley_ledger.audit SET entry = replace(entry, 'anna', 'bert') WHERE sequence = 2;
                FOR r IN SELECT * FROM galley_ledger.audit ORDER BY sequence LOOP
                  UPDATE galley_ledger.audit SET previous = coalesce(last, previous), hash = encode(sha256(convert_to(
                    coalesce(last, previous) || E'\\n' || sequence || E'\\n' || stamp || E'\\n' || entry, 'UTF8')), 'hex')
                  WHERE sequence = r.sequence RETURNING hash INTO last;
                END LOOP; END \\$\\$
                """)
            #expect(
                !forged.isEmpty
                    && forged.allSatisfy { $0.contains("is not the one that this machine has a receipt for") })
        }
        try await database.server.stop(signal: 3)
    }
}
