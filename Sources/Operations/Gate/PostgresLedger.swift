import PlatformModel
import PostgresClient
import Reactor

/// The server's side of the gate in the platform's database, reached with the credentials of a role.
///
/// What the role may not do, the database refuses: a changed console gains nothing.
public struct PostgresLedger: Ledger, LedgerChanges {
    let primary: PostgresClient
    private let any: PostgresClient
    let schema: String
    /// What a session to the primary must set, because consoles' roles only read unless told otherwise.
    public static let writable = "default_transaction_read_only=off"

    /// - Parameters:
    ///   - primary: goes to the primary, wherever it is, and may write.
    ///   - any: goes to any node, for what must be known while there is no primary.
    ///   - schema: that holds Galley's views and functions.
    public init(primary: PostgresClient, any: PostgresClient, schema: String) {
        self.primary = primary
        self.any = any
        self.schema = "\"" + schema.replacing("\"", with: "\"\"") + "\""
    }

    public func freeze(until deadline: Deadline) async -> FreezeState {
        let sql = "SELECT id, owner, reason, since, until FROM \(schema).freezes ORDER BY id DESC LIMIT 1"
        let half = min(deadline, .after(deadline.remaining / 2))
        let rows: PostgresRows
        do throws(PostgresError) {
            do throws(PostgresError) {
                rows = try await primary.query(sql, until: half)
            } catch {
                // A replica knows of the freeze a moment later, and is there when the primary is not.
                rows = try await any.query(sql, until: deadline)
            }
            guard let row = rows.first else { return .none }
            let (since, until) = (
                try row.decode("since", as: PostgresTimestamp.self), try row.decode("until", as: PostgresTimestamp.self)
            )
            return .frozen(
                Freeze(
                    id: try row.decode("id"), owner: try row.decode("owner"), reason: try row.decode("reason"),
                    since: Timestamp(microseconds: since.microseconds),
                    until: Timestamp(microseconds: until.microseconds)))
        } catch {
            return .unknown(error.cause)
        }
    }

    public func append(id: String, text: String, until deadline: Deadline) async throws(LedgerError) -> AuditLink {
        let rows = try await ask(
            "append to the audit", "SELECT * FROM \(schema).audit_append($1, $2)", [.text(id), .text(text)],
            changes: true, until: deadline)
        guard let link = try links(rows).first else {
            throw LedgerError(code: "protocol", operation: "append to the audit", target: "", cause: "no row came")
        }
        return link
    }

    public func audit(
        after sequence: Int64, limit: Int, until deadline: Deadline
    ) async throws(LedgerError) -> [AuditLink] {
        try links(
            try await ask(
                "read the audit",
                """
                SELECT sequence, previous, stamp, entry, hash FROM \(schema).audit
                WHERE sequence > $1 ORDER BY sequence LIMIT $2
                """, [.int(sequence), .int(Int64(limit))], changes: false, until: deadline))
    }

    public func auditEnd(until deadline: Deadline) async throws(LedgerError) -> Int64 {
        let rows = try await ask(
            "read the audit", "SELECT coalesce(max(sequence), 0) AS sequence FROM \(schema).audit", [], changes: false,
            until: deadline)
        do throws(PostgresError) {
            return try rows.first?.decode("sequence") ?? 0
        } catch {
            throw LedgerError(error, "read the audit", changes: false)
        }
    }

    public func ask(
        id: String, plan: Plan, asker: String, for duration: Duration, until deadline: Deadline
    ) async throws(LedgerError) {
        _ = try await ask(
            "ask for approval", "SELECT \(schema).approval_ask($1, $2, $3, $4, $5)",
            [
                .text(id), .text(plan.digest), .text(plan.json.canonicalText), .text(asker),
                .int(duration.components.seconds),
            ], changes: true, until: deadline)
    }

    public func use(approval id: String, digest: String, until deadline: Deadline) async throws(LedgerError) {
        _ = try await ask(
            "use the approval", "SELECT \(schema).approval_use($1, $2)", [.text(id), .text(digest)], changes: true,
            until: deadline)
    }

    public func approval(id: String, until deadline: Deadline) async throws(LedgerError) -> Approval? {
        try approvals(
            try await ask(
                "read the request", "SELECT * FROM \(schema).approvals WHERE id = $1", [.text(id)], changes: false,
                until: deadline)
        ).first
    }

    public func openApprovals(until deadline: Deadline) async throws(LedgerError) -> [Approval] {
        try approvals(
            try await ask(
                "read the requests",
                "SELECT * FROM \(schema).approvals WHERE granted IS NULL AND seconds_left > 0 ORDER BY asked_at", [],
                changes: false, until: deadline))
    }

    // MARK: Decoding

    private func links(_ rows: PostgresRows) throws(LedgerError) -> [AuditLink] {
        do throws(PostgresError) {
            return try rows.map { (row) throws(PostgresError) in
                AuditLink(
                    sequence: try row.decode("sequence"), previous: try row.decode("previous"),
                    stamp: try row.decode("stamp"), text: try row.decode("entry"), hash: try row.decode("hash"))
            }
        } catch {
            throw LedgerError(error, "read the audit", changes: false)
        }
    }

    private func approvals(_ rows: PostgresRows) throws(LedgerError) -> [Approval] {
        do throws(PostgresError) {
            var approvals: [Approval] = []
            for row in rows {
                let text = try row.decode("plan", as: String.self)
                guard let plan = (try? JSON.parse(text)).flatMap(Plan.init(json:)) else { continue }
                approvals.append(
                    Approval(
                        id: try row.decode("id"), plan: plan, asker: try row.decode("asker"),
                        secondsLeft: try row.decode("seconds_left"),
                        isGranted: try row.decode("granted", as: Bool?.self),
                        answeredBy: try row.decode("answered_by", as: String?.self) ?? "",
                        isUsed: !row.isNull("used_at")))
            }
            return approvals
        } catch {
            throw LedgerError(error, "read the requests", changes: false)
        }
    }

    func ask(
        _ operation: String, _ sql: String, _ parameters: [PostgresValue], changes: Bool, until deadline: Deadline
    ) async throws(LedgerError) -> PostgresRows {
        do throws(PostgresError) {
            return try await primary.query(sql, parameters, until: deadline)
        } catch {
            throw LedgerError(error, operation, changes: changes)
        }
    }
}

extension LedgerError {
    /// The functions' own refusals have states that begin with GA.
    init(_ error: PostgresError, _ operation: String, changes: Bool) {
        let isRefusal = error.sqlState?.hasPrefix("GA") ?? false
        let isForbidden = error.sqlState == "42501"
        let isMissing = ["42P01", "42883", "3F000"].contains(error.sqlState)
        self.init(
            code: isRefusal ? "refused-\(error.sqlState ?? "")" : isForbidden ? "refused-role" : error.code,
            operation: operation, target: error.target, cause: error.cause,
            hint: isForbidden
                ? "the account's database user has not the role: galley account show"
                : isMissing ? "the database lacks the gate's tables: see CONTRACT.md, section 1.5" : error.hint,
            mayHaveHappened: changes && error.mayHaveExecuted && error.sqlState == nil)
    }
}
