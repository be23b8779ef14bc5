import CCurl
import Reactor

/// One request on its way.
final class Transfer: @unchecked Sendable {
    // Guarded: the variables belong to the transfer thread from the moment `start` is posted to it; before, to the
    // task that made the transfer. The constants are Sendable.
    let request: HTTPRequest
    let target: HTTPTarget
    let deadline: Deadline
    let created = Deadline.now
    let upload: (pipe: UploadPipe, body: HTTPBodyProducer)?
    /// Where a streamed body goes; nil when it is collected here.
    let download: DownloadPipe?

    var continuation: CheckedContinuation<Result<HTTPResponse, HTTPError>, Never>?
    var isOver = false
    var isStarted = false
    /// Cancelled before it was started.
    var isCancelled = false
    var easy: UnsafeMutableRawPointer?
    var headerList: UnsafeMutablePointer<curl_slist>?
    var queued = Duration.zero
    /// What one of our own callbacks found, which libcurl reports only as "aborted".
    var failure: (kind: HTTPError.Kind, cause: String)?
    /// libcurl writes why a transfer failed here.
    let message: UnsafeMutablePointer<CChar>

    var headerBytes = 0
    var expectsStatusLine = true
    var headIsComplete = false
    var status = 0
    var headers = HTTPHeaders()
    var tls: HTTPTLS?
    var body: [UInt8] = []

    init(
        _ request: HTTPRequest, _ target: HTTPTarget, until deadline: Deadline,
        upload: HTTPBodyProducer?, download: DownloadPipe?
    ) {
        self.request = request
        self.target = target
        self.deadline = deadline
        self.upload = upload.map { (UploadPipe(length: $0.length), $0) }
        self.download = download
        message = .allocate(capacity: Int(CURL_ERROR_SIZE))
        message.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit { message.deallocate() }

    func error(_ kind: HTTPError.Kind, _ cause: String, hint: String? = nil, mayHaveReached: Bool) -> HTTPError {
        HTTPError(kind, at: target, target.redact(cause), hint: hint, mayHaveReached: mayHaveReached)
    }

    /// Tells the head of a streamed answer, once.
    func deliverHead() {
        guard download != nil, let head = head() else { return }
        continuation?.resume(returning: .success(HTTPResponse(head: head, body: [])))
        continuation = nil
    }

    /// Tells how the transfer ended, once.
    func complete(_ error: HTTPError?, head: HTTPResponseHead?) {
        guard !isOver else { return }
        isOver = true
        upload?.pipe.close()
        var error = error
        if error == nil, head == nil {
            error = self.error(.protocolViolation, "the answer has no head", mayHaveReached: true)
        }
        if let error {
            continuation?.resume(returning: .failure(error))
        } else if let head {
            continuation?.resume(returning: .success(HTTPResponse(head: head, body: body)))
        }
        continuation = nil
        download?.finish(error)
        body = []
    }

    /// What is known of the answer now; nil before its head has come. Only while the easy handle is in use.
    func head() -> HTTPResponseHead? {
        guard let easy, status > 0 else { return nil }
        let microseconds = { (info: CURLINFO) in Duration.microseconds(galley_curl_get_offset(easy, info)) }
        let resolved = microseconds(CURLINFO_NAMELOOKUP_TIME_T)
        let connected = microseconds(CURLINFO_CONNECT_TIME_T)
        let secured = microseconds(CURLINFO_APPCONNECT_TIME_T)
        let reused = galley_curl_get_long(easy, CURLINFO_NUM_CONNECTS) == 0
        let versions = [CURL_HTTP_VERSION_1_0: "1.0", CURL_HTTP_VERSION_2_0: "2"]
        return HTTPResponseHead(
            status: status, headers: headers,
            httpVersion: versions[Int(galley_curl_get_long(easy, CURLINFO_HTTP_VERSION))] ?? "1.1",
            timing: HTTPTiming(
                queued: queued, resolve: reused ? .zero : resolved,
                connect: reused ? .zero : max(.zero, connected - resolved),
                tls: reused || secured == .zero ? .zero : max(.zero, secured - connected),
                firstByte: microseconds(CURLINFO_STARTTRANSFER_TIME_T), total: microseconds(CURLINFO_TOTAL_TIME_T)),
            tls: tls, connectionReused: reused)
    }
}
