import CCurl
import Glibc
import Reactor

/// The one thread that owns the multi handle (`curl_multi_perform`, `curl_multi_poll`) and all transfers.
final class TransferThread: @unchecked Sendable {
    // Guarded: `inbox` by its lock, under which other threads also wake the multi handle while it exists; everything
    // below `thread-confined` is touched by the thread only.
    enum Command: Sendable {
        case start(Transfer)
        case cancel(Transfer)
        case resume(Transfer)
    }

    private struct Inbox {
        var commands: [Command] = []
        var awake = false
        var stopping = false
        var isOver = false
    }

    private let configuration: HTTPClient.Configuration
    private let multi: UnsafeMutableRawPointer
    private let inbox = Locked(Inbox())

    // thread-confined
    private var active: [UnsafeMutableRawPointer: Transfer] = [:]
    private var queue: TransferQueue
    private var idle: [UnsafeMutableRawPointer] = []
    private var nextDeadline = Deadline.never

    /// Libcurl is loaded and initialized: see ``LateThread``.
    init(_ configuration: HTTPClient.Configuration) {
        guard let multi = curl_multi_init() else { preconditionFailure("out of memory or descriptors") }
        self.configuration = configuration
        self.multi = multi
        queue = TransferQueue(
            limit: configuration.maximumInFlight, limitPerOrigin: configuration.maximumInFlightPerOrigin)
        galley_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, configuration.maximumInFlight)
        Thread(name: "galley-http") { [self] in run() }.start()
    }

    // MARK: From any thread

    func post(_ command: Command) {
        let isTaken = inbox.withLock { inbox in
            guard !inbox.isOver else { return false }
            inbox.commands.append(command)
            wake(&inbox)
            return true
        }
        if !isTaken, case .start(let transfer) = command { refuse(transfer) }
    }

    /// Ends every transfer and the thread, soon.
    func stop() {
        inbox.withLock { inbox in
            inbox.stopping = true
            if !inbox.isOver { wake(&inbox) }
        }
    }

    private func wake(_ inbox: inout Inbox) {
        if !inbox.awake { curl_multi_wakeup(multi) }
        inbox.awake = true
    }

    private func refuse(_ transfer: Transfer) {
        transfer.complete(transfer.error(.clientClosed, "the client is closed", mayHaveReached: false), head: nil)
    }

    // MARK: The thread

    private func run() {
        ignoreBrokenPipes()
        while true {
            let (commands, stopping) = inbox.withLock { inbox in
                defer {
                    inbox.commands = []
                    inbox.awake = false
                }
                return (inbox.commands, inbox.stopping)
            }
            for command in commands { handle(command) }
            if stopping { break }
            var running: Int32 = 0
            curl_multi_perform(multi, &running)
            reap()
            expire()
            if admit() { continue }
            curl_multi_poll(multi, nil, 0, pollTimeout(), nil)
        }
        end()
    }

    /// A write to a connection that is gone must not end the process; the mask is this thread's and its children's.
    private func ignoreBrokenPipes() {
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    private func handle(_ command: Command) {
        switch command {
        case .start(let transfer):
            transfer.isStarted = true
            if transfer.isCancelled { return abort(transfer, .cancelled, "the task was cancelled") }
            queue.add(transfer)
            nextDeadline = min(nextDeadline, transfer.deadline)
        case .cancel(let transfer) where !transfer.isStarted:
            transfer.isCancelled = true
        case .cancel(let transfer):
            abort(transfer, .cancelled, "the task was cancelled")
        case .resume(let transfer):
            if let easy = transfer.easy { curl_easy_pause(easy, CURLPAUSE_CONT) }
        }
    }

    private func reap() {
        var easy: UnsafeMutableRawPointer?
        var code = CURLE_OK
        while galley_curl_next_done(multi, &easy, &code) {
            guard let easy, let transfer = active[easy] else { continue }
            finish(transfer, easy, transfer.failure(of: code))
        }
    }

    /// Ends what is past its deadline; also finds the next one.
    private func expire() {
        guard nextDeadline.hasPassed else { return }
        for transfer in active.values where transfer.deadline.hasPassed {
            abort(transfer, .timedOut, transfer.waitingFor)
        }
        for transfer in queue.all where transfer.deadline.hasPassed {
            abort(transfer, .timedOut, transfer.waitingFor)
        }
        nextDeadline = .never
        for transfer in active.values { nextDeadline = min(nextDeadline, transfer.deadline) }
        for transfer in queue.all { nextDeadline = min(nextDeadline, transfer.deadline) }
    }

    private func pollTimeout() -> Int32 {
        // HTTP/2 of libcurl 7.88 stalls now and then unless it is polled again.
        let limit: Int64 = configuration.usesHTTP2 && !active.isEmpty ? 50 : 60_000
        guard nextDeadline != .never else { return Int32(limit) }
        // Rounded up, so that the deadline has passed afterwards.
        return Int32(min(limit, nextDeadline.remaining.nanoseconds / 1_000_000 + 1))
    }

    /// Starts what has a place; true when something was started.
    private func admit() -> Bool {
        var started = false
        while let transfer = queue.next() {
            transfer.queued = .nanoseconds(Int64(clamping: Deadline.now.nanoseconds - transfer.created.nanoseconds))
            guard let easy = idle.popLast() ?? curl_easy_init() else {
                queue.release(transfer)
                let error = transfer.error(.outOfResources, "out of memory", mayHaveReached: false)
                transfer.complete(error, head: nil)
                continue
            }
            active[easy] = transfer
            let code = transfer.configure(easy, configuration)
            guard code == CURLE_OK, curl_multi_add_handle(multi, easy) == CURLM_OK else {
                finish(transfer, easy, transfer.failure(of: code == CURLE_OK ? CURLE_OUT_OF_MEMORY : code))
                continue
            }
            if let upload = transfer.upload {
                upload.pipe.start(upload.body) { [weak self, weak transfer] in
                    if let transfer { self?.post(.resume(transfer)) }
                }
            }
            started = true
        }
        return started
    }

    /// Ends a transfer before its time, wherever it is.
    private func abort(_ transfer: Transfer, _ kind: HTTPError.Kind, _ cause: String) {
        guard !transfer.isOver else { return }
        if let easy = transfer.easy {
            finish(transfer, easy, transfer.error(kind, cause, mayHaveReached: transfer.mayHaveReached))
        } else {
            _ = queue.remove(transfer)
            transfer.complete(transfer.error(kind, cause, mayHaveReached: false), head: nil)
        }
    }

    private func finish(_ transfer: Transfer, _ easy: UnsafeMutableRawPointer, _ error: HTTPError?) {
        let head = transfer.head()
        active[easy] = nil
        queue.release(transfer)
        curl_multi_remove_handle(multi, easy)
        curl_easy_reset(easy)
        curl_slist_free_all(transfer.headerList)
        transfer.headerList = nil
        transfer.easy = nil
        if idle.count < configuration.maximumInFlight {
            idle.append(easy)
        } else {
            curl_easy_cleanup(easy)
        }
        transfer.complete(error, head: head)
    }

    private func end() {
        for transfer in Array(active.values) + queue.all { abort(transfer, .clientClosed, "the client is closed") }
        let late = inbox.withLock { inbox in
            inbox.isOver = true
            return inbox.commands
        }
        for case .start(let transfer) in late { refuse(transfer) }
        for easy in idle { curl_easy_cleanup(easy) }
        curl_multi_cleanup(multi)
    }
}
