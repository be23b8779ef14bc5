import CCurl
import Glibc

/// What libcurl's result codes mean to a person.
extension Transfer {
    /// True once libcurl has sent a byte of the request (`CURLINFO_REQUEST_SIZE`).
    var mayHaveReached: Bool {
        easy.map { galley_curl_get_long($0, CURLINFO_REQUEST_SIZE) > 0 } ?? false
    }

    /// What a transfer that ran out of time was waiting for.
    var waitingFor: String {
        if deadline <= created { return "the deadline had passed before the request" }
        guard let easy else { return "no place among the transfers in flight became free within the deadline" }
        if headIsComplete { return "the answer did not end within the deadline" }
        if mayHaveReached { return "the server accepted the connection, but did not answer within the deadline" }
        if galley_curl_get_offset(easy, CURLINFO_NAMELOOKUP_TIME_T) == 0 {
            return "the name was not resolved within the deadline"
        }
        return galley_curl_get_offset(easy, CURLINFO_CONNECT_TIME_T) == 0
            ? "no connection within the deadline" : "the TLS negotiation did not end within the deadline"
    }

    /// The error of a finished transfer; nil when it succeeded.
    func failure(of code: CURLcode) -> HTTPError? {
        if code == CURLE_OK {
            // libcurl takes a header that is cut off for a whole one.
            guard !headIsComplete else { return nil }
            return error(.serverClosed, "the connection ended within the answer's header", mayHaveReached: true)
        }
        if let failure { return error(failure.kind, failure.cause, mayHaveReached: mayHaveReached) }
        let said = String(cString: message)
        // The first message stays, and this one tells nothing: the peer was gone when its address was asked for.
        let isUseless = said.isEmpty || said.contains("getpeername")
        let cause = isUseless ? String(cString: curl_easy_strerror(code)) : said
        let kind = kind(of: code, cause)
        // A handshake that failed ends before the request, or with an alert that refuses it.
        let reached = kind.isOfHandshake ? false : mayHaveReached
        return error(kind, cause, hint: hint(kind), mayHaveReached: reached)
    }

    /// In TLS 1.3 a server that misses a client certificate may just be gone when the request is written.
    private func hint(_ kind: HTTPError.Kind) -> String? {
        guard kind == .serverClosed, target.scheme == "https", status == 0, request.clientCertificate == nil else {
            return nil
        }
        return "look into the server's log; it may want a client certificate"
    }

    private func kind(of code: CURLcode, _ cause: String) -> HTTPError.Kind {
        switch code {
        case CURLE_URL_MALFORMAT: .invalidRequest
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .nameNotResolved
        case CURLE_COULDNT_CONNECT: connectKind
        case CURLE_OPERATION_TIMEDOUT: .timedOut
        case CURLE_PEER_FAILED_VERIFICATION: certificateKind()
        case CURLE_SSL_CERTPROBLEM: .clientCertificate
        case CURLE_SSL_CONNECT_ERROR where isClientCertificateAlert(cause): .clientCertificate
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_SSL_CACERT_BADFILE, CURLE_USE_SSL_FAILED,
            CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
            .tlsFailed
        case CURLE_RECV_ERROR, CURLE_SEND_ERROR: brokenKind(cause)
        case CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_SEND_FAIL_REWIND: .serverClosed
        case CURLE_TOO_MANY_REDIRECTS: .tooManyRedirects
        case CURLE_FILESIZE_EXCEEDED: .tooLarge
        // libcurl's own limit of 100 KiB a header line says "out of memory".
        case CURLE_OUT_OF_MEMORY: headIsComplete || !mayHaveReached ? .outOfResources : .tooLarge
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING, CURLE_HTTP2,
            CURLE_HTTP2_STREAM:
            .protocolViolation
        default: .failed
        }
    }

    private var connectKind: HTTPError.Kind {
        guard let easy else { return .connectionRefused }
        switch Int32(galley_curl_get_long(easy, CURLINFO_OS_ERRNO)) {
        case EHOSTUNREACH, ENETUNREACH, EHOSTDOWN, ENETDOWN, EADDRNOTAVAIL: return .unreachable
        case ETIMEDOUT: return .timedOut
        case EMFILE, ENFILE, ENOBUFS, ENOMEM: return .outOfResources
        default: return .connectionRefused
        }
    }

    /// The codes are OpenSSL's `X509_V_ERR_*`.
    private func certificateKind() -> HTTPError.Kind {
        guard let easy else { return .certificateNotTrusted }
        switch galley_curl_get_long(easy, CURLINFO_SSL_VERIFYRESULT) {
        case 10: return .certificateExpired
        case 9: return .certificateNotYetValid
        case 62, 64: return .certificateWrongHost
        // Not of the chain (1 is libcurl's start value), so what was refused is the name.
        case 0, 1: return .certificateWrongHost
        default: return .certificateNotTrusted
        }
    }

    /// A server's refusal of the client's certificate arrives as an alert, in TLS 1.3 only after the handshake.
    private func isClientCertificateAlert(_ cause: String) -> Bool {
        cause.contains("alert") && (cause.contains("certificate") || cause.contains("unknown ca"))
    }

    private func brokenKind(_ cause: String) -> HTTPError.Kind {
        if isClientCertificateAlert(cause) { return .clientCertificate }
        if cause.contains("chunk") { return .protocolViolation }
        return .serverClosed
    }
}

extension HTTPError.Kind {
    var isOfHandshake: Bool {
        switch self {
        case .tlsFailed, .certificateExpired, .certificateNotYetValid, .certificateWrongHost, .certificateNotTrusted,
            .clientCertificate:
            true
        default: false
        }
    }
}
