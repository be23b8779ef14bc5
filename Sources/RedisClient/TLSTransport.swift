import CHiredis
import Glibc
import Reactor

/// A TLS connection of libcurl's (`CURLOPT_CONNECT_ONLY`): certificate and host name are checked by it.
final class TLSTransport: Transport, @unchecked Sendable {
    // Guarded: the handle is used by the connecting thread until the transport is handed over, and then only by the
    // event loop's thread, where the connection that owns the transport runs.
    private let curl: UnsafeMutableRawPointer
    let descriptor: Int32
    /// A decrypted record may be larger than the buffer: only `blocked` means that the socket will tell.
    let holdsBack = true
    private let loop: EventLoop

    private init(curl: UnsafeMutableRawPointer, descriptor: Int32, loop: EventLoop) {
        self.curl = curl
        self.descriptor = descriptor
        self.loop = loop
    }

    deinit {
        let handle = Handle(curl: curl)
        let (descriptor, loop) = (descriptor, loop)
        loop.execute {
            loop.forget(descriptor)
            curl_easy_cleanup(handle.curl)
        }
    }

    private struct Handle: @unchecked Sendable {
        // Guarded: the last reference to the transport is gone, nobody else has the handle.
        let curl: UnsafeMutableRawPointer
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Progress {
        var count = 0
        let code = curl_easy_recv(curl, buffer.baseAddress, buffer.count, &count)
        // The end of the stream is a success with nothing.
        return code == CURLE_OK && count == 0 ? .ended : progress(code, count)
    }

    func write(_ bytes: UnsafeRawBufferPointer) -> Progress {
        var count = 0
        let code = curl_easy_send(curl, bytes.baseAddress, bytes.count, &count)
        return code == CURLE_OK && count == 0 ? .blocked : progress(code, count)
    }

    func shutDown() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    private func progress(_ code: CURLcode, _ count: Int) -> Progress {
        switch code {
        case CURLE_OK: .moved(count)
        case CURLE_AGAIN: .blocked
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING: .ended
        default: .failed(String(cString: curl_easy_strerror(code)))
        }
    }

    /// Connects and shakes hands; blocks for up to the connect timeout.
    ///
    /// - Parameter milliseconds: for resolution, connect and handshake together.
    static func connect(
        _ configuration: RedisConfiguration, target: String, milliseconds: Int, loop: EventLoop
    ) -> Result<TLSTransport, RedisError> {
        _ = started
        guard case .on(let caFile, let caPath, let verify, let certificate, let key) = configuration.tls,
            let curl = curl_easy_init()
        else { return .failure(TLSFailure.make(CURLE_FAILED_INIT, "libcurl did not start", target)) }
        let host = configuration.host.contains(":") ? "[\(configuration.host)]" : configuration.host
        galley_redis_curl_text(curl, CURLOPT_URL, "https://\(host):\(configuration.port)")
        galley_redis_curl_long(curl, CURLOPT_CONNECT_ONLY, 1)
        galley_redis_curl_long(curl, CURLOPT_NOSIGNAL, 1)
        galley_redis_curl_long(curl, CURLOPT_SSL_ENABLE_ALPN, 0)
        galley_redis_curl_text(curl, CURLOPT_NOPROXY, "*")
        galley_redis_curl_text(curl, CURLOPT_PROXY, "")
        galley_redis_curl_long(curl, CURLOPT_CONNECTTIMEOUT_MS, max(milliseconds, 1))
        galley_redis_curl_long(curl, CURLOPT_TIMEOUT_MS, max(milliseconds, 1))
        galley_redis_curl_long(curl, CURLOPT_SSL_VERIFYPEER, verify ? 1 : 0)
        galley_redis_curl_long(curl, CURLOPT_SSL_VERIFYHOST, verify ? 2 : 0)
        if let caFile { galley_redis_curl_text(curl, CURLOPT_CAINFO, caFile) }
        if let caPath { galley_redis_curl_text(curl, CURLOPT_CAPATH, caPath) }
        if let certificate { galley_redis_curl_text(curl, CURLOPT_SSLCERT, certificate) }
        if let key { galley_redis_curl_text(curl, CURLOPT_SSLKEY, key) }
        let words = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
        defer { words.deallocate() }
        words.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        galley_redis_curl_buffer(curl, words)
        let code = curl_easy_perform(curl)
        galley_redis_curl_buffer(curl, nil)
        var socket: curl_socket_t = -1
        guard code == CURLE_OK, galley_redis_curl_socket(curl, &socket) == CURLE_OK, socket >= 0 else {
            curl_easy_cleanup(curl)
            return .failure(TLSFailure.make(code, String(cString: words), target))
        }
        SocketConnector.tune(socket)
        return .success(TLSTransport(curl: curl, descriptor: socket, loop: loop))
    }

    private static let started: Bool = {
        // A TLS library writes without MSG_NOSIGNAL in places; a handler that somebody installed is left alone.
        var action = sigaction()
        sigaction(SIGPIPE, nil, &action)
        if action.__sigaction_handler.sa_handler == nil { signal(SIGPIPE, SIG_IGN) }
        return galley_redis_curl_start() == CURLE_OK
    }()
}

/// What libcurl's codes mean for a connect.
enum TLSFailure {
    static func make(_ code: CURLcode, _ words: String, _ target: String) -> RedisError {
        let cause = words.isEmpty ? String(cString: curl_easy_strerror(code)) : words
        let (kind, hint): (RedisError.Kind, String) =
            switch code {
            case CURLE_COULDNT_RESOLVE_HOST: (.nameNotResolved, "check the spelling of the host name")
            case CURLE_COULDNT_CONNECT:
                (.connectionRefused, "nothing listens there: is the server running, and the port its TLS port?")
            case CURLE_OPERATION_TIMEDOUT: (.timedOut, "a port in clear stays silent, too: is this the TLS port?")
            case CURLE_PEER_FAILED_VERIFICATION:
                (
                    .certificate,
                    "the certificate is expired, of another host, or of an authority that is not trusted: "
                        + "see its dates and names, and the CA file of this Redis in the configuration"
                )
            case CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CRL_BADFILE:
                (.certificate, "the CA file of this Redis in the configuration cannot be read")
            case CURLE_SSL_CERTPROBLEM:
                (.certificate, "the client certificate or its key cannot be used")
            case CURLE_SSL_CONNECT_ERROR:
                (.tls, "is this the server's TLS port, and not the one in clear?")
            case CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_GOT_NOTHING: (.serverClosed, "")
            default: (.tls, "")
            }
        return RedisError(kind, operation: "connect", target: target, cause: cause, hint: hint)
    }
}
