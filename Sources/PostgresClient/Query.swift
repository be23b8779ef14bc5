import CPostgres
import Reactor

/// How a call on a connection ended badly, and what becomes of the connection.
enum Failure: Error {
    /// The connection is as good as before.
    case statement(PostgresError)
    /// A statement still runs on the server: it is to be cancelled and its answer drained.
    case interrupted(PostgresError)
    /// Nothing more can be done with the connection.
    case broken(PostgresError)
}

extension PostgresClient {
    /// Runs one statement and gives all of its rows.
    ///
    /// Suspends until the answer is complete. A passed deadline or a cancelled task ends the call at once and cancels
    /// the statement on the server. (`PQsendQueryParams`, text format.)
    /// - Parameters:
    ///   - sql: one statement; `$1`… stand for the parameters.
    ///   - deadline: covers the wait for the turn, the connection if one is needed, and the answer.
    /// - Throws: ``PostgresError``
    public func query(
        _ sql: String, _ parameters: [PostgresValue] = [], until deadline: Deadline
    ) async throws(PostgresError) -> PostgresRows {
        let statement = try encoded(sql, parameters, "query")
        let link = try await begin("query", until: deadline)
        do throws(Failure) {
            guard link.send(statement) else { throw lost(link, "query") }
            try await flush(link, "query", until: deadline)
            let answer = try await answer(link, "query", until: deadline)
            releaseTurn()
            return answer
        } catch {
            throw conclude(error, link)
        }
    }

    /// Runs a script of several statements without parameters, in one transaction unless it says otherwise.
    ///
    /// The simple protocol: the first failing statement ends it. (`PQsendQuery`.)
    /// - Returns: one result a statement.
    @discardableResult
    public func execute(script: String, until deadline: Deadline) async throws(PostgresError) -> [PostgresRows] {
        guard !script.utf8.contains(0) else {
            throw problem(PostgresError.Code.badParameter, "execute", "the script contains a zero byte")
        }
        let link = try await begin("execute", until: deadline)
        do throws(Failure) {
            guard link.send(script: script) else { throw lost(link, "execute") }
            try await flush(link, "execute", until: deadline)
            var answers: [PostgresRows] = []
            var failure: PostgresError?
            while let result = try await nextResult(link, "execute", until: deadline) {
                do throws(Failure) {
                    answers.append(try rows(result, link, "execute"))
                } catch {
                    // The rest of the answer is still to be read.
                    guard case .statement(let error) = error else { throw error }
                    failure = failure ?? error
                }
            }
            if let failure { throw .statement(failure) }
            releaseTurn()
            return answers
        } catch {
            throw conclude(error, link)
        }
    }

    // MARK: Parts that every kind of call shares

    func encoded(
        _ sql: String, _ parameters: [PostgresValue], _ operation: String
    ) throws(PostgresError) -> EncodedStatement {
        do throws(EncodedStatement.BadParameter) {
            return try EncodedStatement(sql, parameters)
        } catch {
            throw problem(PostgresError.Code.badParameter, operation, error.reason)
        }
    }

    /// Sends what is buffered; reads meanwhile, or two full buffers would wait for each other.
    func flush(_ link: Link, _ operation: String, until deadline: Deadline) async throws(Failure) {
        while true {
            switch link.flush() {
            case .done: return
            case .pending: try await input(link, operation, for: [.read, .write], until: deadline)
            default:
                // What the server said before it went is told with the result.
                if link.consume(limit: configuration.resultLimit.bytes) == .tooLarge || link.isBusy {
                    throw lost(link, operation)
                }
                return
            }
        }
    }

    /// Waits until the descriptor is ready and takes in what has come.
    func input(
        _ link: Link, _ operation: String, for interest: EventLoop.Interest, until deadline: Deadline
    ) async throws(Failure) {
        let readiness = await loop.wait(link.descriptor, for: interest, until: deadline)
        guard link.isOpen else { throw .broken(isClosed ? closedError(operation) : lostError(link, operation)) }
        if Task.isCancelled { throw .interrupted(cancelledError(operation).afterSending()) }
        if readiness == .timedOut || deadline.hasPassed { throw .interrupted(timedOutError(operation).afterSending()) }
        guard case .ready(let ready) = readiness, ready.contains(.read) else { return }
        switch link.consume(limit: configuration.resultLimit.bytes) {
        case .done, .pending: return
        case .failed:
            // What the server said before it went may be complete: it is the better reason.
            if link.isBusy { throw lost(link, operation) }
        case .tooLarge:
            // libpq would go on collecting while it drains: only the end of the connection bounds that.
            throw .broken(
                problem(
                    PostgresError.Code.tooLarge, operation,
                    "the answer is larger than \(configuration.resultLimit.bytes) bytes",
                    hint: "narrow the query, page it, or stream it"
                ).afterSending())
        }
    }

    /// The next result of the statement under way; nil at its end.
    func nextResult(_ link: Link, _ operation: String, until deadline: Deadline) async throws(Failure) -> OpaquePointer?
    {
        while link.isBusy { try await input(link, operation, for: .read, until: deadline) }
        guard link.isOpen else { throw lost(link, operation) }
        let result = link.nextResult()
        link.resetIntake()
        return result
    }

    /// The one answer of a statement.
    private func answer(_ link: Link, _ operation: String, until deadline: Deadline) async throws(Failure)
        -> PostgresRows
    {
        guard let first = try await nextResult(link, operation, until: deadline) else { throw lost(link, operation) }
        var outcome: Result<PostgresRows, Failure>
        do throws(Failure) {
            outcome = .success(try rows(first, link, operation))
        } catch {
            outcome = .failure(error)
            guard case .statement = error else { throw error }
        }
        while let extra = try await nextResult(link, operation, until: deadline) { PQclear(extra) }
        return try outcome.get()
    }

    /// Takes ownership of a result and tells rows from an error.
    func rows(_ result: OpaquePointer, _ link: Link, _ operation: String) throws(Failure) -> PostgresRows {
        switch PQresultStatus(result) {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY, PGRES_SINGLE_TUPLE:
            let storage = ResultStorage(result, target: link.target)
            guard storage.rowCount <= configuration.resultLimit.rows else {
                throw .statement(
                    problem(
                        PostgresError.Code.tooLarge, operation,
                        "the answer has \(storage.rowCount) rows, the limit is \(configuration.resultLimit.rows)",
                        hint: "narrow the query, page it, or stream it"
                    ).afterSending())
            }
            return PostgresRows(storage: storage)
        case PGRES_FATAL_ERROR, PGRES_BAD_RESPONSE, PGRES_NONFATAL_ERROR:
            let error = link.error(of: result, operation: operation, configuration: configuration)
            PQclear(result)
            if link.isBroken, error.sqlState == nil { throw lost(link, operation) }
            if error.sqlState == nil { throw .broken(error.afterSending()) }
            throw .statement(error)
        default:
            // COPY and replication: the connection is in a mode that this client does not speak.
            PQclear(result)
            throw .broken(
                problem(
                    PostgresError.Code.unsupported, operation, "COPY is not supported",
                    hint: "use psql's \\copy, or INSERT and SELECT"))
        }
    }

    /// The connection failed under a statement that was sent, at least in part.
    func lost(_ link: Link, _ operation: String) -> Failure {
        .broken((isClosed ? closedError(operation) : lostError(link, operation)).afterSending())
    }

    func lostError(_ link: Link, _ operation: String) -> PostgresError {
        let complaint = ConnectionComplaint(link.message)
        let cause = link.clean(complaint.text, configuration: configuration)
        if complaint.text.contains("synchronization") || complaint.text.contains("unexpected message")
            || complaint.text.contains("insufficient data") || complaint.text.contains("unexpected response")
        {
            return PostgresError(
                PostgresError.Code.protocolViolation, operation: operation, target: link.target, cause: cause,
                hint: "a proxy or the server breaks the protocol: check what stands between")
        }
        let hint = complaint.sqlState.map {
            Hints.hint(
                $0, user: configuration.user, endpoint: link.host?.endpoint ?? "", database: configuration.database,
                message: cause)
        }
        return PostgresError(
            PostgresError.Code.serverClosed, sqlState: complaint.sqlState, operation: operation, target: link.target,
            cause: cause.isEmpty ? "the connection was closed" : cause,
            hint: hint ?? "the server ended or a network in between cut the connection: see the server's log")
    }
}
