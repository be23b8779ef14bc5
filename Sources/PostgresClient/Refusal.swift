import CPostgres
import Glibc
import Reactor

/// How far a handshake has come.
enum Stage {
    case reaching, encrypting, authenticating, settling

    init(status: ConnStatusType) {
        switch status {
        case CONNECTION_SSL_STARTUP: self = .encrypting
        case CONNECTION_AWAITING_RESPONSE: self = .authenticating
        case CONNECTION_STARTED, CONNECTION_NEEDED, CONNECTION_BAD: self = .reaching
        case CONNECTION_MADE: self = .reaching
        default: self = .settling
        }
    }

    var silence: String {
        switch self {
        case .reaching: "no answer to the connection attempt in time"
        case .encrypting: "connected, but no answer to the TLS handshake in time"
        case .authenticating, .settling: "connected, but the server did not accept the session in time"
        }
    }

    var silenceHint: String {
        switch self {
        case .reaching: "check the address, the route and firewalls that drop packets"
        case .encrypting, .authenticating, .settling:
            "the server or its host hangs, or the port belongs to something else"
        }
    }
}

extension PostgresClient {
    /// Why a handshake failed, from where it had come to and what libpq says.
    func refusal(_ link: Link, _ stage: Stage, keywords: Keywords?, until deadline: Deadline) async -> PostgresError {
        let complaint = ConnectionComplaint(link.message)
        let cause = link.clean(shorten(complaint.text), configuration: configuration)
        let endpoint = link.host?.endpoint ?? "host:port"
        func error(_ code: String, _ hint: String) -> PostgresError {
            PostgresError(
                code, sqlState: complaint.sqlState, operation: "connect", target: link.target, cause: cause, hint: hint)
        }
        if let state = complaint.sqlState {
            return error(
                Hints.code(state),
                Hints.hint(
                    state, user: configuration.user, endpoint: endpoint, database: configuration.database,
                    message: cause))
        }
        if link.needsPassword {
            return error(
                PostgresError.Code.passwordMissing,
                "add a ~/.pgpass line for \(endpoint) (the file must be readable by its owner only), or set PGPASSWORD")
        }
        if stage == .encrypting || complaint.text.contains("certificate") {
            return error(PostgresError.Code.tlsFailed, await tlsHint(complaint.text, link, keywords, until: deadline))
        }
        if complaint.text.contains("session is") || complaint.text.contains("server is") {
            return error(
                PostgresError.Code.wrongSession,
                "no host is in the wanted role (target_session_attrs): check who is primary")
        }
        if complaint.text.contains(String(cString: strerror(ECONNREFUSED))) {
            return error(
                PostgresError.Code.connectionRefused,
                "no server listens at \(endpoint): start it, or check the port and listen_addresses")
        }
        if link.host?.isSocketFolder == true, stage == .reaching {
            return error(
                PostgresError.Code.connectionRefused, "no server listens at \(endpoint): start it, or name a host")
        }
        if link.sawEnd {
            return error(
                PostgresError.Code.serverClosed, "the server or a proxy before it ended the connection: see its log")
        }
        if stage == .reaching {
            return error(PostgresError.Code.connectionFailed, "check the address and the route to it")
        }
        return error(
            PostgresError.Code.protocolViolation, "check that the port belongs to PostgreSQL and not to something else")
    }

    /// Drops libpq's own beginning, which repeats the target.
    private func shorten(_ text: String) -> String {
        let mark = " failed: "
        guard text.hasPrefix("connection to server"), let range = text.firstRange(of: mark) else { return text }
        return String(text[range.upperBound...])
    }

    private func tlsHint(_ text: String, _ link: Link, _ keywords: Keywords?, until deadline: Deadline) async -> String
    {
        let root = configuration.tls.rootCertificate ?? "~/.postgresql/root.crt"
        if text.contains("does not match host name") {
            return "connect by a name that the certificate carries, or have it issued for this name"
        }
        if text.contains("root certificate file") { return "put the authority's certificate into \(root)" }
        if text.contains("does not support SSL") { return "turn ssl on in postgresql.conf, or lower sslmode" }
        if text.contains("private key file") { return "the client key must belong to you, with mode 0600" }
        if text.contains("verify failed"), let keywords, let seen = await peek(link, keywords, until: deadline) {
            let now = Int(time(nil))
            if seen.not_after < now {
                return "the server's certificate expired at \(instant(seen.not_after)): renew it on the server"
            }
            if seen.not_before > now {
                return "the server's certificate is valid only from \(instant(seen.not_before)): check the clocks"
            }
            let issuer = withUnsafeBytes(of: seen.issuer) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            return
                "\(root) does not hold the authority that issued the server's certificate (\(tidy(issuer, limit: 120)))"
        }
        if text.contains("verify failed") {
            return "the server's certificate expired, or \(root) does not hold its issuer"
        }
        return "compare the server's ssl settings and certificate with sslmode \(configuration.tls.mode.rawValue)"
    }

    private func instant(_ seconds: Int64) -> String {
        PostgresTimestamp(microseconds: seconds * 1_000_000).description
    }

    /// Looks at the certificate that was refused: a handshake without checks that ends before anything is sent.
    private func peek(_ link: Link, _ keywords: Keywords, until deadline: Deadline) async -> galley_pg_certificate? {
        var unchecked = keywords.filter { !["sslmode", "sslrootcert", "password", "passfile"].contains($0.0) }
        // A file that is not there: `require` checks nothing then.
        unchecked += [("sslmode", "require"), ("sslrootcert", "/nonexistent")]
        guard let pointer = startConnection(unchecked) else { return nil }
        let second = Link(adopting: pointer, target: link.target, host: link.host)
        let end = min(deadline, .after(.seconds(1)))
        var interest = EventLoop.Interest.write
        while !second.isBroken {
            let descriptor = second.descriptor
            let readiness = await loop.wait(descriptor, for: interest, until: end)
            loop.forget(descriptor)
            guard case .ready = readiness, !end.hasPassed else { return nil }
            let wasEncrypting = second.status == CONNECTION_SSL_STARTUP
            let step = second.connectPoll()
            // The handshake is done, and the session's first message is not sent yet.
            if wasEncrypting, second.status == CONNECTION_MADE { return second.peerCertificate() }
            switch step {
            case PGRES_POLLING_READING: interest = .read
            case PGRES_POLLING_WRITING: interest = .write
            default: return nil
            }
        }
        return nil
    }
}
