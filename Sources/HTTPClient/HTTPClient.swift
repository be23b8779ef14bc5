import Reactor

/// An HTTP client over libcurl: one thread, one multi handle, kept connections.
///
/// It knows nothing of what is said over it. HTTP/1.1 unless configured otherwise, no proxy unless configured,
/// no cookies, no compression, no redirects unless the request asks for them.
public final class HTTPClient: Sendable {
    public struct Configuration: Sendable {
        /// The `User-Agent` field; empty sends none.
        public var userAgent = "galley"
        /// Transfers at once; further ones wait in line.
        public var maximumInFlight = 64
        /// Transfers at once to one scheme, host and port, so that one that hangs leaves places to the others.
        public var maximumInFlightPerOrigin = 32
        /// Offers HTTP/2 in TLS negotiations.
        public var usesHTTP2 = false
        /// The address of a proxy. The environment's `http_proxy` is ignored; loopback is never proxied.
        public var proxy: String?

        public init() {}
    }

    private let thread: LateThread

    /// Costs nothing before the first request, which loads libcurl and starts the client's thread.
    public init(configuration: Configuration = Configuration()) {
        thread = LateThread(configuration)
    }

    deinit { thread.stop() }

    /// Ends all transfers with `client-closed`, and the thread. Returns at once.
    public func close() { thread.stop() }

    /// Sends a request and collects the answer.
    ///
    /// - Parameters:
    ///   - request: what to send. A 404 or 500 is an answer, not an error.
    ///   - deadline: covers everything, waiting in line included.
    /// - Throws: why there is no complete answer; `cancelled` soon after the task is cancelled.
    public func send(_ request: HTTPRequest, until deadline: Deadline) async throws(HTTPError) -> HTTPResponse {
        let thread = try await thread.get()
        return try await run(try transfer(request, until: deadline, download: nil), on: thread)
    }

    /// Sends a request and returns when the head of the answer is there; the body follows as it is read.
    ///
    /// - Parameters:
    ///   - request: what to send; its `maximumResponseBytes` does not apply.
    ///   - deadline: covers everything, the last byte of the body included.
    /// - Throws: why there is no answer; what goes wrong later is thrown by the body.
    public func stream(_ request: HTTPRequest, until deadline: Deadline) async throws(HTTPError) -> HTTPStream {
        let thread = try await thread.get()
        let pipe = DownloadPipe()
        let transfer = try transfer(request, until: deadline, download: pipe)
        let lifetime = HTTPBody.Lifetime(
            pipe: pipe, resume: { thread.post(.resume(transfer)) }, cancel: { thread.post(.cancel(transfer)) })
        let response = try await run(transfer, on: thread)
        return HTTPStream(head: response.head, body: HTTPBody(lifetime: lifetime))
    }

    private func run(_ transfer: Transfer, on thread: TransferThread) async throws(HTTPError) -> HTTPResponse {
        try await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                transfer.continuation = continuation
                thread.post(.start(transfer))
            }
        } onCancel: {
            thread.post(.cancel(transfer))
        }.get()
    }

    private func transfer(
        _ request: HTTPRequest, until deadline: Deadline, download: DownloadPipe?
    ) throws(HTTPError) -> Transfer {
        var target: HTTPTarget
        do {
            target = try HTTPTarget(request.url)
        } catch {
            throw HTTPError(.invalidRequest, at: .invalid, error.cause, mayHaveReached: false)
        }
        target.method = request.method
        if let refusal = Transfer.refusal(of: request) {
            throw HTTPError(.invalidRequest, at: target, refusal, mayHaveReached: false)
        }
        var upload: HTTPBodyProducer?
        switch request.body {
        case .none, .bytes: break
        case .producer(let producer): upload = producer
        case .file(let path):
            do {
                upload = try FileBody.open(path)
            } catch {
                throw HTTPError(.bodyFailed, at: target, error.description, mayHaveReached: false)
            }
        }
        return Transfer(request, target, until: deadline, upload: upload, download: download)
    }
}
