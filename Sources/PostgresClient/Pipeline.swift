import CPostgres
import Reactor

extension PostgresClient {
    /// Runs several statements in one round trip, each in a transaction of its own.
    ///
    /// A failing statement does not hide the others. Suspends until all have answered; deadline and cancellation as in
    /// ``query(_:_:until:)``. (`PQenterPipelineMode`, a synchronisation point a statement.)
    /// - Returns: one result a statement, in order.
    public func pipeline(
        _ statements: [PostgresStatement], until deadline: Deadline
    ) async throws(PostgresError) -> [Result<PostgresRows, PostgresError>] {
        let results = try await pipeline(statements, syncEach: true, "pipeline", until: deadline)
        guard results.contains(where: { $0.isUnknownPlan }) else { return results }
        // A pooler gave another session from the one that parsed: this server is not asked to keep plans again.
        keepsPlans = false
        return try await pipeline(statements, syncEach: true, "pipeline", until: deadline)
    }

    /// Runs one statement, by its plan when it is a prepared one; else as ``query(_:_:until:)``.
    public func query(
        _ statement: PostgresStatement, until deadline: Deadline
    ) async throws(PostgresError) -> PostgresRows {
        guard statement.isPrepared else {
            return try await query(statement.sql, statement.parameters, until: deadline)
        }
        return try await pipeline([statement], until: deadline)[0].get()
    }

    /// Runs several statements in one round trip and one transaction: all take effect, or none.
    /// - Returns: one result a statement.
    /// - Throws: the error of the first failing statement.
    public func transaction(
        _ statements: [PostgresStatement], until deadline: Deadline
    ) async throws(PostgresError) -> [PostgresRows] {
        let results = try await pipeline(statements, syncEach: false, "transaction", until: deadline)
        var rows: [PostgresRows] = []
        for result in results { rows.append(try result.get()) }
        return rows
    }

    private func pipeline(
        _ statements: [PostgresStatement], syncEach: Bool, _ operation: String, until deadline: Deadline
    ) async throws(PostgresError) -> [Result<PostgresRows, PostgresError>] {
        // Checked before anything is sent.
        for statement in statements { _ = try encoded(statement.sql, statement.parameters, operation) }
        if statements.isEmpty { return [] }
        let link = try await begin(operation, until: deadline)
        do throws(Failure) {
            guard link.enterPipeline() else { throw lost(link, operation) }
            var answers = Answers(capacity: statements.count)
            for (index, statement) in statements.enumerated() {
                guard let one = try? encoded(statement.sql, statement.parameters, operation),
                    send(one, of: statement, &answers, link)
                else { throw lost(link, operation) }
                if syncEach || index == statements.count - 1 {
                    guard link.pipelineSync() else { throw lost(link, operation) }
                    link.pendingSyncs += 1
                }
                // What has been answered is taken while the rest is sent, so that neither side's buffer fills up.
                while link.flush() == .pending {
                    try await input(link, operation, for: [.read, .write], until: deadline)
                    try take(&answers, link, operation)
                }
            }
            try await flush(link, operation, until: deadline)
            while link.pendingSyncs > 0 {
                while link.isBusy { try await input(link, operation, for: .read, until: deadline) }
                guard link.isOpen, !link.isBroken || answers.isAtResult else { throw lost(link, operation) }
                try take(&answers, link, operation)
            }
            guard answers.all.count == statements.count, link.exitPipeline() else { throw lost(link, operation) }
            releaseTurn()
            return answers.all
        } catch {
            throw conclude(error, link)
        }
    }

    private func send(
        _ encoded: borrowing EncodedStatement, of statement: PostgresStatement, _ answers: inout Answers, _ link: Link
    ) -> Bool {
        guard statement.isPrepared, keepsPlans else {
            answers.awaited.append(.rows(of: nil))
            return link.send(encoded)
        }
        var name = link.plans[statement.sql]
        if name == nil {
            name = link.sendParse(encoded)
            if let name { answers.awaited.append(.parsed(statement.sql, as: name)) }
        }
        guard let name else { return false }
        answers.awaited.append(.rows(of: statement.sql))
        return link.send(encoded, parsedAs: name)
    }

    /// What the server owes next.
    private enum Awaited {
        /// The word that it has parsed a statement.
        case parsed(String, as: String)
        /// The answer of a statement; with its text when it runs by name.
        case rows(of: String?)
    }

    /// What has come back of a pipeline.
    private struct Answers {
        var awaited: [Awaited] = []
        var taken = 0
        /// The last answer stands for the statement whose parsing failed.
        var hasFailedToParse = false
        var all: [Result<PostgresRows, PostgresError>] = []
        /// Results that ended with nothing, one after the other: more than one means that libpq is at its end.
        var empties = 0
        var isAtResult: Bool { empties < 3 }
        var rows = 0
        var bytes = 0

        init(capacity: Int) { all.reserveCapacity(capacity) }

        /// What the answer at hand is of; a server that says more than it was asked is told by the count at the end.
        mutating func next() -> Awaited {
            defer { taken += 1 }
            return taken < awaited.count ? awaited[taken] : .rows(of: nil)
        }
    }

    /// Takes every answer that is complete, without waiting.
    private func take(_ answers: inout Answers, _ link: Link, _ operation: String) throws(Failure) {
        while link.pendingSyncs > 0, !link.isBusy {
            guard let result = link.nextResult() else {
                answers.empties += 1
                if answers.empties > 2 { throw lost(link, operation) }
                continue
            }
            answers.empties = 0
            switch PQresultStatus(result) {
            case PGRES_PIPELINE_SYNC:
                PQclear(result)
                link.pendingSyncs -= 1
            case PGRES_PIPELINE_ABORTED:
                PQclear(result)
                if case .parsed = answers.next() { continue }
                if answers.hasFailedToParse {
                    answers.hasFailedToParse = false
                } else {
                    answers.all.append(
                        .failure(
                            problem("sqlstate-25P02", operation, "not run, because a statement before it failed")))
                }
            default:
                let awaited = answers.next()
                do throws(Failure) {
                    let rows = try rows(result, link, operation)
                    if case .parsed(let sql, let name) = awaited {
                        link.plans[sql] = name
                        continue
                    }
                    answers.rows += rows.count
                    answers.all.append(.success(rows))
                } catch {
                    guard case .statement(let error) = error else { throw error }
                    answers.all.append(.failure(error))
                    switch awaited {
                    case .parsed: answers.hasFailedToParse = true
                    // A plan that failed may be of tables as they were before: it is made anew.
                    case .rows(let sql): if let sql { link.plans[sql] = nil }
                    }
                }
            }
            // The bound is for the whole answer, which is held in memory: counted on, not reset, while rows come.
            if answers.rows > configuration.resultLimit.rows {
                throw .broken(
                    problem(
                        PostgresError.Code.tooLarge, operation,
                        "the answers have more than \(configuration.resultLimit.rows) rows", hint: "narrow the queries"
                    ).afterSending())
            }
        }
        if link.pendingSyncs == 0 { link.resetIntake() }
    }
}

extension Result where Success == PostgresRows, Failure == PostgresError {
    /// `invalid_sql_statement_name`: the session does not know the plan that it was asked to run.
    fileprivate var isUnknownPlan: Bool {
        if case .failure(let error) = self { error.sqlState == "26000" } else { false }
    }
}
