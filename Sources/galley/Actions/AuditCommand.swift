import Operations
import PlatformModel
import Reactor

/// `galley audit list|verify|export`
enum AuditCommand {
    private static let patience = Duration.seconds(60)

    static func list(_ arguments: Arguments) throws(CommandFailure) -> Int32 {
        let gate = try GateSetup(arguments).gate
        let limit = Int(arguments.option("limit") ?? "50").flatMap { (1...100_000).contains($0) ? $0 : nil }
        guard let limit else { throw IntentWords.usage("--limit: allowed is 1 to 100000") }
        let wanted = { (entry: AuditEntry) -> Bool in
            let command = arguments.option("command")
            return (arguments.option("subject").map { entry.subject.contains($0) } ?? true)
                && (command.map { entry.command == $0 || entry.command.hasPrefix($0 + ".") } ?? true)
        }
        let entries = try newest(gate, limit, local: arguments.has("local"), wanted)
        if arguments.has("json") {
            let object = SnapshotJSON.envelope(
                "audit", environment: gate.environment.name, at: Moment.now().wall,
                [("entries", .array(entries.map(\.summary)))])
            Output.raw(object.write(pretty: true))
            return ExitStatus.done
        }
        var table = TextTable([
            ("AT", .left), ("WHO", .left), ("ROLE", .left), ("FROM", .left), ("EVENT", .left), ("WHAT", .left),
            ("OUTCOME", .left),
        ])
        for entry in entries {
            let from = entry.console.from.isEmpty ? entry.console.host : entry.console.from
            table.add([
                entry.at.description, entry.subject, entry.role, from, entry.event.rawValue, entry.title, entry.outcome,
            ])
        }
        table.print()
        return ExitStatus.done
    }

    /// The newest entries that are wanted, newest last: windows of the chain are read from its end.
    private static func newest(
        _ gate: Gate, _ limit: Int, local: Bool, _ wanted: (AuditEntry) -> Bool
    ) throws(CommandFailure) -> [AuditEntry] {
        if local { return Array(gate.audit.local.entries().filter(wanted).suffix(limit)) }
        var upper = try LedgerAnswer.of(gate) { (ledger) async throws(LedgerError) in
            try await ledger.auditEnd(until: .after(patience))
        }
        var found: [AuditEntry] = []
        while upper > 0, found.count < limit {
            let lower = max(0, upper - 500)
            let links = try page(gate, after: lower, limit: Int(upper - lower))
            found = links.compactMap { AuditEntry(text: $0.text) }.filter(wanted) + found
            upper = lower
        }
        return Array(found.suffix(limit))
    }

    private static func page(_ gate: Gate, after sequence: Int64, limit: Int) throws(CommandFailure) -> [AuditLink] {
        try LedgerAnswer.of(gate) { (ledger) async throws(LedgerError) in
            try await ledger.audit(after: sequence, limit: limit, until: .after(patience))
        }
    }

    static func verify(_ arguments: Arguments) throws(CommandFailure) -> Int32 {
        let gate = try GateSetup(arguments).gate
        let result: Result<AuditReport, LedgerError> = runBlocking {
            await gate.audit.flush(until: .after(patience))
            do throws(LedgerError) {
                return .success(try await gate.audit.verify(until: .after(patience)))
            } catch {
                return .failure(error)
            }
        }
        guard case .success(let report) = result else {
            if case .failure(let error) = result { throw SecondPerson.failure(error) }
            return ExitStatus.failed
        }
        let problems =
            report.localProblems.map { ("this machine", $0) } + (report.server?.problems ?? []).map { ("database", $0) }
        if arguments.has("json") {
            let list = problems.map { place, text -> JSON in ["chain": .string(place), "problem": .string(text)] }
            let object = SnapshotJSON.envelope(
                "audit-verify", environment: gate.environment.name, at: Moment.now().wall,
                [
                    ("whole", .bool(report.isWhole)), ("local_entries", .integer(report.localCount)),
                    ("database_entries", report.server.map { .integer($0.count) } ?? .null),
                    ("head", report.server?.last.map { .string($0.hash) } ?? .null), ("problems", .array(list)),
                ])
            Output.raw(object.write(pretty: true))
        } else {
            Output.line("this machine  \(report.localCount) links, \(gate.audit.local.path)")
            if let server = report.server {
                let head = server.last.map { ", head \($0.sequence) \($0.hash)" } ?? ""
                Output.line("database      \(server.count) entries\(head)")
            }
            for (place, text) in problems { Output.line("✕ \(place): \(text)") }
            Output.line(report.isWhole ? "Nothing was changed, removed or moved." : "The audit is not whole.")
        }
        return report.isWhole ? ExitStatus.done : ExitStatus.failed
    }

    static func export(_ arguments: Arguments) throws(CommandFailure) -> Int32 {
        let gate = try GateSetup(arguments).gate
        let isCSV = arguments.option("format") == "csv"
        if isCSV { Output.bytes(AuditCSV.heading) }
        func tell(_ links: [AuditLink]) {
            for link in links { Output.bytes(isCSV ? AuditCSV.row(link) : AuditCSV.line(link)) }
        }
        if arguments.has("local") {
            tell(gate.audit.local.chain())
            return ExitStatus.done
        }
        var last: Int64 = 0
        while true {
            let links = try page(gate, after: last, limit: 1000)
            tell(links)
            guard let end = links.last, links.count == 1000 else { return ExitStatus.done }
            last = end.sequence
        }
    }
}

extension AuditEntry {
    var summary: JSON {
        [
            "id": .string(id), "at": .string(at.description), "event": .string(event.rawValue),
            "subject": .string(subject), "role": .string(role), "identified": .string(identified),
            "host": .string(console.host), "from": .string(console.from), "terminal": .string(console.terminal),
            "command": .string(command), "intent": .string(intent), "title": .string(title),
            "outcome": .string(outcome), "details": details,
        ]
    }
}

/// The forms in which the audit leaves.
enum AuditCSV {
    static let heading = "sequence,at,event,subject,role,identified,host,from,command,intent,title,outcome,stamp,hash"

    /// A link as one line of JSON, with its entry as JSON and to the letter, so that the chain can be checked elsewhere.
    static func line(_ link: AuditLink) -> String {
        let json: JSON = [
            "sequence": .integer(link.sequence), "previous": .string(link.previous), "stamp": .string(link.stamp),
            "hash": .string(link.hash), "entry": (try? JSON.parse(link.text)) ?? .null, "text": .string(link.text),
        ]
        return json.write()
    }

    static func row(_ link: AuditLink) -> String {
        let entry = AuditEntry(text: link.text)
        let cells = [
            "\(link.sequence)", entry?.at.description ?? "", entry?.event.rawValue ?? "", entry?.subject ?? "",
            entry?.role ?? "", entry?.identified ?? "", entry?.console.host ?? "", entry?.console.from ?? "",
            entry?.command ?? "", entry?.intent ?? "", entry?.title ?? "", entry?.outcome ?? "", link.stamp, link.hash,
        ]
        return cells.map(cell).joined(separator: ",")
    }

    /// RFC 4180, and no cell that a spreadsheet would take for a formula.
    static func cell(_ text: String) -> String {
        let isFormula = text.first.map { "=+-@\t\r".contains($0) } ?? false
        let safe = isFormula ? "'" + text : text
        guard safe.contains(where: { ",\"\n\r".contains($0) || $0 == "\r\n" }) else { return safe }
        return "\"" + safe.replacing("\"", with: "\"\"") + "\""
    }
}
