import Glibc
import PlatformModel
import Reactor
import TestSupport
import Testing

@testable import LocalPlatform

/// Actions by the real program on a real platform: refused, done, undone, waiting, recorded, tampered with.
@Suite(.serialized) struct ActionsTests {
    @Test func ordersGoThroughTheGate() async throws {
        let platform = LocalPlatform(folder: "/tmp/galley-actions-\(getpid())")
        var options = LocalOptions()
        var base = 40_000 + UInt16(getpid() % 900) * 16 % 9000
        while !(0..<16).allSatisfy({ Ports.isFree(base + $0) }) { base += 16 }
        options.portBase = base
        options.rate = 1
        do {
            try await platform.start(options)
            // Nobody else moves orders meanwhile.
            try await platform.fault("stop-workers", target: "worker")
            try await Galley.with { galley in
                let text = (Files.readText(platform.configuration) ?? "").replacing(
                    "environments.local", with: "environments.cli"
                )
                .replacing("default_environment = \"local\"", with: "")
                let file = try galley.configure(text)
                let actions = Actions(galley: galley, platform: platform, options: "--environment cli --config \(file)")
                let order = try await actions.placed()
                try await actions.refusals(order)
                try await actions.life(order)
                try await actions.freezes(try await actions.placed())
                try await actions.outbox()
                try await actions.audit()
            }
            try await platform.reset()
        } catch {
            _ = try? await platform.reset()
            throw error
        }
    }
}

private struct Actions {
    let galley: Galley
    let platform: LocalPlatform
    let options: String

    private func run(_ words: String) async throws -> Galley.Run {
        try await galley.run(
            "\(words) \(options)", pipe: "</dev/null", before: "XDG_STATE_HOME=\(galley.folder)/state")
    }

    private func sql(_ text: String) async throws -> String {
        let port = try await platform.status()["ports"]?["eu-west-1a"]?.int ?? 0
        let command =
            "psql -XAt -v ON_ERROR_STOP=1 -h \(platform.root)/run -p \(port) -U postgres -d platform "
            + "-c \(PostgresFiles.shellQuoted(text)) 2>&1"
        let text = await Thread.run("psql", on: .shared, until: .after(.seconds(60))) { () -> String in
            guard let stream = popen(command, "r") else { return "" }
            defer { pclose(stream) }
            var bytes: [UInt8] = []
            while true {
                let byte = getc(stream)
                if byte < 0 { return String(decoding: bytes, as: UTF8.self).trimmed }
                bytes.append(UInt8(byte))
            }
        }
        return text ?? ""
    }

    /// What a kitchen can order in one line, as options of `orders place`.
    private func line() async throws -> String {
        let row = try await sql(
            """
            SELECT '--kitchen MUC-01 --supplier ' || p.supplier_code || ' --line ' || p.item_code || '='
                   || (ceil(s.minimum_order_minor::numeric / p.price_minor) + 1)
            FROM galley.prices AS p JOIN galley.suppliers AS s ON s.code = p.supplier_code
            JOIN galley.kitchens AS k ON k.code = 'MUC-01' AND k.currency = s.currency
            WHERE p.in_stock ORDER BY p.price_minor LIMIT 1
            """)
        try #require(row.hasPrefix("--kitchen"), "\(row)")
        return row
    }

    /// Places an order as a kitchen does, and returns its number.
    func placed() async throws -> Int {
        let run = try await run("orders place \(try await line()) --as kitchen-MUC-01 --yes --json")
        #expect(run.status == 0, "\(run.output) \(run.errors)")
        #expect(run.json?["schema"]?.text == "galley.action/1" && run.json?["role"]?.text == "kitchen")
        let text = run.json?["outcome"]?["steps"]?[0]?["result"]?["text"]?.text ?? ""
        return try #require(Int(text.drop { $0 != "#" }.dropFirst().prefix { $0.isNumber }), "\(text)")
    }

    private func status(_ order: Int) async throws -> String {
        try await sql("SELECT status || ' ' || version FROM galley.orders WHERE id = \(order)")
    }

    func refusals(_ order: Int) async throws {
        let account = try await run("account show --json")
        #expect(account.json?["role"]?.text == "lead" && account.json?["identified_by"]?.text == "local account")
        let dry = try await run("orders hold \(order) --reason test --dry-run")
        #expect(dry.status == 0 && dry.output.contains("✓") && dry.output.contains("undo"), "\(dry)")
        let table: [(words: String, status: Int32, says: String)] = [
            // Nobody is there to be asked.
            ("orders hold \(order) --reason test", 6, "--yes"),
            ("orders hold \(order) --yes", 2, "--reason"),
            ("orders hold \(order) --reason test --yes --as kitchen-MUC-01", 4, "operator"),
            ("orders hold \(order) --reason test --yes --as viewer", 4, "operator"),
            ("orders hold \(order)@7 --reason test --yes", 6, "version"),
            ("orders hold 999999999 --reason test --yes", 5, "999999999"),
            ("orders hold x --reason test --yes", 2, "no order"),
            ("orders hold \(order) \(order) --reason test --yes", 2, "twice"),
            ("orders release \(order) --yes", 6, "submitted"),
            ("orders hold \(order) --reason test --yes --read-only", 8, "read-only"),
            // The letter is not enough for what cannot be undone.
            ("orders cancel \(order) --reason test --yes", 6, "--confirm"),
            ("orders cancel \(order) --reason test --confirm \(order + 1)", 6, "\(order)"),
            ("orders hold \(order) --reason test --yes --as nobody", 3, "nobody"),
        ]
        for (words, status, says) in table {
            let run = try await run(words)
            #expect(run.status == status, "\(words): \(run)")
            #expect((run.output + run.errors).contains(says), "\(words): \(run)")
        }
        #expect(try await self.status(order) == "submitted 1")
    }

    func life(_ order: Int) async throws {
        let hold = try await run("orders hold \(order)@1 --reason 'looks wrong' --yes")
        #expect(hold.status == 0 && hold.output.contains("held") && hold.output.contains("undo"), "\(hold)")
        #expect(try await status(order) == "held 2")
        #expect(
            try await sql("SELECT detail FROM galley.order_events WHERE order_id = \(order) AND move = 'hold'")
                == "looks wrong")
        #expect(try await run("orders hold \(order) --reason again --yes").status == 6)
        #expect(try await run("orders release \(order) --yes --as operator").status == 0)
        #expect(try await run("orders note \(order) --note 'back door' --yes").status == 0)
        #expect(try await status(order) == "approved 4")
        let cancel = try await run("orders cancel \(order)@4 --reason 'ordered twice' --confirm \(order) --json")
        #expect(cancel.status == 0 && cancel.json?["outcome"]?["state"]?.text == "done", "\(cancel)")
        #expect(try await status(order) == "cancelled 5")
        #expect(try await run("operations list").output.contains("No operation"))
    }

    func freezes(_ order: Int) async throws {
        #expect(try await run("freeze --for 10m --reason 'release 4.2' --yes").status == 0)
        let refused = try await run("orders hold \(order) --reason test --yes --as operator")
        #expect(refused.status == 8 && refused.errors.contains("release 4.2"), "\(refused)")
        // A kitchen goes on with its own orders.
        #expect(try await run("orders note \(order) --note hello --yes --as kitchen-MUC-01").status == 0)
        #expect(try await run("unfreeze --yes").status == 0)
        #expect(try await run("orders hold \(order) --reason test --yes --as operator").status == 0)
        #expect(try await run("unfreeze --yes").status == 5)
    }

    func outbox() async throws {
        let line = try await line()
        try await platform.fault("stop", target: "api")
        for number in 1...2 {
            let run = try await run("orders place \(line) --note waiting-\(number) --as kitchen-MUC-01 --yes")
            #expect(run.status == 7 && run.errors.contains("outbox"), "\(run)")
        }
        let waiting = try await run("orders outbox --json")
        #expect(waiting.json?["waiting"]?.array?.count == 2, "\(waiting)")
        try await platform.heal("api")
        let end = Deadline.after(.seconds(60))
        var sent = try await run("orders outbox send --yes --as kitchen-MUC-01")
        while sent.status == 7, !end.hasPassed { sent = try await run("orders outbox send --yes --as kitchen-MUC-01") }
        #expect(sent.status == 0, "\(sent)")
        #expect(try await run("orders outbox --json").json?["waiting"]?.array?.isEmpty == true)
        #expect(
            try await sql("SELECT string_agg(note, ' ' ORDER BY id) FROM galley.orders WHERE note LIKE 'waiting-%'")
                == "waiting-1 waiting-2")
    }

    func audit() async throws {
        let list = try await run("audit list --json --limit 200")
        let entries = list.json?["entries"]?.array ?? []
        #expect(list.status == 0 && entries.count > 20, "\(list.errors)")
        let hold = entries.filter { $0["command"]?.text == "orders.hold" && $0["event"]?.text == "ended" }
        #expect(hold.first?["details"]?["reason"]?.text == "looks wrong")
        #expect(
            entries.contains { $0["event"]?.text == "refused" && $0["outcome"]?.text?.contains("operator") == true })
        #expect(try await run("audit list --as kitchen-MUC-01").status == 4)
        let csv = try await run("audit export --format csv", pipe: "head")
        #expect(csv.output.hasPrefix("sequence,at,event,"))
        let whole = try await run("audit verify")
        #expect(whole.status == 0 && whole.output.contains("Nothing was changed"), "\(whole)")
        _ = try await sql("ALTER TABLE galley_ledger.audit DISABLE TRIGGER append_only")
        _ = try await sql(
            "UPDATE galley_ledger.audit SET entry = replace(entry, 'looks wrong', 'looks right') WHERE entry LIKE '%looks wrong%'"
        )
        let changed = try await run("audit verify")
        #expect(changed.status == 1 && changed.output.contains("was changed"), "\(changed)")
    }

    private func run(_ words: String, pipe: String) async throws -> Galley.Run {
        try await galley.run(
            "\(words) \(options)", pipe: "| \(pipe)", before: "XDG_STATE_HOME=\(galley.folder)/state")
    }
}
