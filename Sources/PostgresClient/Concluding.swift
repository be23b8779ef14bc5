import CPostgres
import Reactor

extension PostgresClient {
    /// Ends a failed call: passes the turn on when the connection is fit for the next one, and gives the error.
    func conclude(_ failure: Failure, _ link: Link) -> PostgresError {
        switch failure {
        case .statement(let error):
            // The server may have ended the session with it; if that is not known yet, the next call finds out.
            if link.isBroken, self.link === link {
                dropLink()
                lastError = error
            }
            releaseTurn()
            return error
        case .broken(let error):
            abandon(link, error)
            return error
        case .interrupted(let error):
            stop(link)
            return error
        }
    }

    /// Drops the connection, and the statement on the server with it.
    func abandon(_ link: Link, _ error: PostgresError) {
        if self.link === link {
            // A server that computes does not notice a closed connection by itself.
            if let ticket = link.cancelTicket(), !link.isBroken {
                Thread(name: "pg-cancel") { ticket.cancel() }.start()
            }
            dropLink()
            if error.code != PostgresError.Code.tooLarge, error.code != PostgresError.Code.unsupported {
                lastError = error
            }
        }
        releaseTurn()
    }

    /// Cancels the running statement and reads its answer away; the turn passes on when both are done.
    ///
    /// In a task of its own, because the caller's is cancelled or out of time.
    func stop(_ link: Link) {
        guard let ticket = link.cancelTicket() else {
            abandon(link, lostError(link, "cancel"))
            return
        }
        Task {
            let end = Deadline.after(configuration.cancelTimeout)
            let drained = await drain(link, ticket, until: end)
            if !drained, self.link === link { dropLink() }
            releaseTurn()
        }
    }

    private func drain(_ link: Link, _ ticket: CancelTicket, until end: Deadline) async -> Bool {
        // First the request: until the server has taken it, it could hit the next statement.
        let sent = await Thread.run("pg-cancel", on: loop, until: end) {
            ticket.cancel()
            return true
        }
        guard sent == true, link.isOpen else { return false }
        do throws(Failure) {
            try await flush(link, "cancel", until: end)
            if link.isInPipeline { return try await drainPipeline(link, until: end) }
            while let result = try await nextResult(link, "cancel", until: end) {
                let status = PQresultStatus(result)
                PQclear(result)
                if status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH { return false }
            }
            return !link.isBroken
        } catch {
            return false
        }
    }

    /// A pipeline is drained statement by statement only when little is left; a long one costs a connection.
    private func drainPipeline(_ link: Link, until end: Deadline) async throws(Failure) -> Bool {
        while link.pendingSyncs > 0 {
            guard let result = try await nextResult(link, "cancel", until: end) else {
                if link.isBroken { return false }
                continue
            }
            if PQresultStatus(result) == PGRES_PIPELINE_SYNC { link.pendingSyncs -= 1 }
            PQclear(result)
        }
        return link.exitPipeline()
    }
}
