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
        try await pipeline(statements, syncEach: true, "pipeline", until: deadline)
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
                guard let one = try? encoded(statement.sql, statement.parameters, operation), link.send(one) else {
                    throw lost(link, operation)
                }
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

    /// What has come back of a pipeline.
    private struct Answers {
        var all: [Result<PostgresRows, PostgresError>] = []
        /// Results that ended with nothing, one after the other: more than one means that libpq is at its end.
        var empties = 0
        var isAtResult: Bool { empties < 3 }
        var rows = 0
        var bytes = 0

        init(capacity: Int) { all.reserveCapacity(capacity) }
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
                answers.all.append(
                    .failure(
                        problem("sqlstate-25P02", operation, "not run, because a statement before it failed")))
            default:
                do throws(Failure) {
                    let rows = try rows(result, link, operation)
                    answers.rows += rows.count
                    answers.all.append(.success(rows))
                } catch {
                    guard case .statement(let error) = error else { throw error }
                    answers.all.append(.failure(error))
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
