import CPostgres
import Glibc
import Reactor

extension PostgresClient {
    /// The connection, made anew when there is none; called with the turn in hand.
    func connected(_ operation: String, until deadline: Deadline) async throws(PostgresError) -> Link {
        if isClosed { throw closedError(operation) }
        if let link {
            // Asked first: a lost session no longer tells.
            let lostTransaction = link.inTransaction
            if link.isAlive() { return link }
            let lost = lostError(link, operation)
            dropLink()
            lastError = lost
            // The session's open transaction is gone: going on outside it would change what the statement means.
            if lostTransaction { throw lost }
        }
        while true {
            if let paused = pausedError(operation) {
                guard configuration.retriesUntilDeadline, let nextAttempt, nextAttempt < deadline else { throw paused }
                guard await loop.sleep(until: nextAttempt) else { throw cancelledError(operation) }
                if isClosed { throw closedError(operation) }
            }
            do throws(PostgresError) {
                return try await connectNow(until: deadline)
            } catch {
                if error.code == PostgresError.Code.cancelled || error.code == PostgresError.Code.clientClosed {
                    throw error
                }
                lastError = error
                nextAttempt = .after(backoff.next())
                guard configuration.retriesUntilDeadline, isWorthRetrying(error), !deadline.hasPassed else {
                    throw error
                }
            }
        }
    }

    /// The last error, while the pause after it lasts.
    func pausedError(_ operation: String) -> PostgresError? {
        guard let nextAttempt, let lastError, !nextAttempt.hasPassed else { return nil }
        return lastError
    }

    private func isWorthRetrying(_ error: PostgresError) -> Bool {
        switch error.code {
        case PostgresError.Code.passwordRejected, PostgresError.Code.passwordMissing, PostgresError.Code.notAllowed,
            PostgresError.Code.tlsFailed, PostgresError.Code.badParameter, "sqlstate-3D000":
            false
        default: true
        }
    }

    private func connectNow(until deadline: Deadline) async throws(PostgresError) -> Link {
        let link =
            configuration.hosts.isEmpty
            ? try await connectAsServiceSays(until: deadline) : try await connectToHosts(until: deadline)
        if isClosed {
            link.close(on: loop)
            throw closedError("connect")
        }
        self.link = link
        backoff.reset()
        nextAttempt = nil
        lastError = nil
        connectedSince = .now
        connections += 1
        return link
    }

    // MARK: Hosts in order

    private func connectToHosts(until deadline: Deadline) async throws(PostgresError) -> Link {
        var failures: [PostgresError] = []
        let passes: [String] =
            configuration.targetSessionAttributes == .preferStandby
            ? ["standby", "any"] : [configuration.targetSessionAttributes.rawValue]
        for (pass, wanted) in passes.enumerated() {
            for (index, host) in configuration.hosts.enumerated() {
                let left = (passes.count - pass) * configuration.hosts.count - index
                // A host that does not answer leaves its share of the time to the others.
                let share = min(configuration.connectTimeout, deadline.remaining / left)
                let end = left == 1 ? min(deadline, .after(configuration.connectTimeout)) : Deadline.after(share)
                do throws(PostgresError) {
                    return try await connect(to: host, wanting: wanted, until: end)
                } catch {
                    if Task.isCancelled || isClosed { throw error }
                    failures.append(error)
                    // A refused password is not tried elsewhere: accounts get locked that way.
                    if error.code == PostgresError.Code.passwordRejected { throw error }
                }
            }
        }
        guard let last = failures.last, failures.count > 1 else {
            throw failures.last ?? problem(PostgresError.Code.connectionFailed, "connect", "no host is configured")
        }
        let telling = failures.last { $0.code != PostgresError.Code.wrongSession } ?? last
        throw PostgresError(
            telling.code, sqlState: telling.sqlState, operation: "connect", target: target,
            cause: tidy(failures.map { "\($0.target): \($0.cause)" }.joined(separator: "; ")), hint: telling.hint)
    }

    private func connect(
        to host: PostgresConfiguration.Host, wanting: String, until deadline: Deadline
    ) async throws(PostgresError) -> Link {
        let target = targetName(host)
        if host.isSocketFolder {
            return try await attempt(host, address: nil, wanting: wanting, target: target, until: deadline)
        }
        let addresses: [ResolvedAddress]
        do throws(ResolveError) {
            addresses = try await resolve(host.address ?? host.host, port: host.port, on: loop, until: deadline)
        } catch {
            let code = error.code == "cancelled" || error.code == "timed-out" ? error.code : "name-not-resolved"
            throw PostgresError(
                code, operation: "connect", target: target, cause: "\(tidy(host.host)): \(error.cause)",
                hint: error.hint)
        }
        var failure: PostgresError?
        for (index, address) in addresses.enumerated() {
            let left = addresses.count - index
            let end = left == 1 ? deadline : Deadline.after(deadline.remaining / left)
            do throws(PostgresError) {
                return try await attempt(host, address: address.text, wanting: wanting, target: target, until: end)
            } catch {
                if Task.isCancelled || isClosed || error.code == PostgresError.Code.passwordRejected { throw error }
                failure = error
            }
        }
        throw failure ?? problem(PostgresError.Code.nameNotResolved, "connect", "no address")
    }

    func targetName(_ host: PostgresConfiguration.Host) -> String {
        (host.name.isEmpty ? name : host.name) + " (" + host.endpoint + ")"
    }

    // MARK: One attempt

    /// What a server may say before it is ready; more is a flood.
    private static let handshakeLimit = 1 << 20

    private func attempt(
        _ host: PostgresConfiguration.Host, address: String?, wanting: String, target: String, until deadline: Deadline
    ) async throws(PostgresError) -> Link {
        let keywords = configuration.keywords(host: host, address: address, wanting: wanting)
        guard let pointer = startConnection(keywords) else {
            throw PostgresError(
                PostgresError.Code.connectionFailed, operation: "connect", target: target, cause: "out of memory")
        }
        let link = Link(adopting: pointer, target: target, host: host)
        var stage = Stage(status: link.status)
        guard !link.isBroken else { throw await refusal(link, stage, keywords: keywords, until: deadline) }
        var interest = EventLoop.Interest.write
        while true {
            let descriptor = link.descriptor
            let readiness = await loop.wait(descriptor, for: interest, until: deadline)
            // The next step may close the socket and open another one under the same number.
            loop.forget(descriptor)
            if Task.isCancelled { throw cancelledError("connect") }
            if readiness == .timedOut || deadline.hasPassed {
                throw PostgresError(
                    PostgresError.Code.timedOut, operation: "connect", target: target, cause: stage.silence,
                    hint: stage.silenceHint)
            }
            stage = Stage(status: link.status)
            if interest == .read, link.measure() > Self.handshakeLimit {
                throw PostgresError(
                    PostgresError.Code.protocolViolation, operation: "connect", target: target,
                    cause: "the server talks without end instead of accepting the session",
                    hint: "check that the port belongs to PostgreSQL")
            }
            let step: PostgresPollingStatusType
            if link.isAuthenticating {
                // The proof of a password costs as many rounds as the server asks for: never on the loop.
                let answer = await Thread.run("pg-auth", on: loop, until: deadline) { Poll(link.connectPoll()) }
                guard let answer else {
                    if Task.isCancelled { throw cancelledError("connect") }
                    throw PostgresError(
                        PostgresError.Code.timedOut, operation: "connect", target: target,
                        cause: "the password proof that the server asks for takes too long")
                }
                step = answer.status
            } else {
                step = link.connectPoll()
            }
            switch step {
            case PGRES_POLLING_READING: interest = .read
            case PGRES_POLLING_WRITING: interest = .write
            case PGRES_POLLING_OK:
                link.becomeReady()
                return link
            default:
                throw await refusal(link, stage, keywords: keywords, until: deadline)
            }
        }
    }

    /// libpq looks up names and a service file itself and blocks: the whole connect runs on a thread of its own.
    private func connectAsServiceSays(until deadline: Deadline) async throws(PostgresError) -> Link {
        var keywords = configuration.keywords(
            host: nil, address: nil, wanting: configuration.targetSessionAttributes.rawValue)
        let end = min(deadline, .after(configuration.connectTimeout))
        keywords.append(("connect_timeout", String(max(2, Int(end.remaining.seconds.rounded(.up))))))
        let (target, all) = (name, keywords)
        let link = await Thread.run("pg-connect", on: loop, until: end) {
            connectBlocking(all).map { Link(adopting: $0, target: target, host: nil) }
        }
        guard let link else {
            throw Task.isCancelled ? cancelledError("connect") : timedOutError("connect", "no server answered in time")
        }
        guard let link else { throw problem(PostgresError.Code.connectionFailed, "connect", "out of memory") }
        guard !link.isBroken else {
            throw await refusal(link, Stage(status: CONNECTION_AWAITING_RESPONSE), keywords: nil, until: end)
        }
        link.becomeReady()
        return link
    }
}

/// A status of libpq that may cross threads.
private struct Poll: Sendable {
    let status: PostgresPollingStatusType
    init(_ status: PostgresPollingStatusType) { self.status = status }
}
