import Reactor

/// One connection, from connected to lost; it is never revived.
///
/// Requests of several tasks are written in the order they come and answered in that order. A request that is
/// given up keeps its place until its reply has come and gone, so that no other request gets that reply.
actor RedisConnection {
    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
    nonisolated let target: String
    /// A blocked server is not told that nobody waits any more, except by closing.
    private let closesWhenAbandoned: Bool
    private let secret: RedisSecret?
    private let transport: any Transport
    private let reader: ReplyReader
    private var requests = RequestQueue()
    private var output = OutputBuffer()
    private var nextId: UInt64 = 0
    private var received: UInt64 = 0
    private var waitsForWrite = false
    private var watchdog: (deadline: Deadline, task: Task<Void, Never>)?
    private var push: (@Sendable (RedisValue) -> Void)?
    private var mourners: [@Sendable (RedisError) -> Void] = []
    private(set) var loss: RedisError?

    /// Requests whose asker went away may be this many before a server that answers none is given up.
    private static let mostAbandoned = 1024

    init(
        _ transport: any Transport, _ configuration: RedisConfiguration, target: String, loop: EventLoop,
        closesWhenAbandoned: Bool
    ) {
        self.transport = transport
        self.loop = loop
        self.target = target
        self.closesWhenAbandoned = closesWhenAbandoned
        secret = configuration.password
        reader = ReplyReader(limits: configuration.limits)
    }

    deinit { transport.shutDown() }

    /// How a request ended.
    enum Outcome: Sendable {
        case replies([RedisValue])
        /// Told to the asker; the error says whether the command may have executed.
        case failed(RedisError)
        /// The connection was lost and not a byte of the request had been sent: it may be sent over another one.
        case unsent(RedisError)
    }

    /// Writes the encoded commands and suspends until all replies are there, the deadline passes or the task is
    /// cancelled.
    func request(_ bytes: [UInt8], replies: Int, operation: String, until deadline: Deadline) async -> Outcome {
        let id = nextId
        nextId += 1
        if let loss { return .unsent(loss) }
        if Task.isCancelled { return .failed(failure(.cancelled, operation, "cancelled")) }
        if deadline.hasPassed { return .failed(failure(.timedOut, operation, "the deadline had passed")) }
        let answer = await withTaskCancellationHandler {
            await withCheckedContinuation { asker in
                begin(asker, id: id, bytes, replies: replies, operation: operation, until: deadline)
            }
        } onCancel: {
            Task(executorPreference: loop) { await self.giveUp(id, .cancelled) }
        }
        switch answer {
        case .success(let replies): return .replies(replies)
        case .failure(let error):
            return loss != nil && error.kind != .cancelled && error.kind != .timedOut && !error.mayHaveExecuted
                ? .unsent(error) : .failed(error)
        }
    }

    private func begin(
        _ asker: CheckedContinuation<RequestQueue.Answer, Never>, id: UInt64, _ bytes: [UInt8], replies: Int,
        operation: String, until deadline: Deadline
    ) {
        if let loss { return asker.resume(returning: .failure(loss)) }
        if Task.isCancelled {
            return asker.resume(returning: .failure(failure(.cancelled, operation, "cancelled")))
        }
        let start = output.end
        output.append(bytes)
        requests.append(
            .init(
                id: id, operation: operation, deadline: deadline, start: start, end: output.end,
                receivedBefore: received, remaining: replies, asker: asker))
        watch(deadline)
        flush()
    }

    // MARK: Bytes

    /// Reads until the connection is lost; the task that runs this keeps the connection alive.
    func run() async {
        while loss == nil {
            waitsForWrite = !output.isEmpty
            let interest: EventLoop.Interest = waitsForWrite ? [.read, .write] : .read
            let readiness = await loop.wait(transport.descriptor, for: interest, until: .never)
            guard loss == nil else { break }
            // Cancelled means that something is to be written, too.
            guard case .ready(let interest) = readiness else { continue }
            if interest.contains(.write) { flush() }
            await receive()
        }
        watchdog?.task.cancel()
    }

    private func flush() {
        while loss == nil, !output.isEmpty {
            switch output.drain({ transport.write($0) }) {
            case .moved: continue
            case .blocked:
                if !waitsForWrite { loop.forget(transport.descriptor) }
                return
            case .ended: lose(failure(.serverClosed, "send", "the server closed the connection"))
            case .failed(let words): lose(failure(.serverClosed, "send", words))
            }
        }
    }

    private func receive() async {
        var rounds = 0
        while loss == nil {
            let progress = withUnsafeTemporaryAllocation(byteCount: 32 << 10, alignment: 16) { buffer in
                let progress = transport.read(into: buffer)
                if case .moved(let count) = progress { take(UnsafeRawBufferPointer(rebasing: buffer[..<count])) }
                return progress
            }
            switch progress {
            case .moved(let count):
                if count < 32 << 10, !transport.holdsBack { return }
                rounds += 1
                // Others on the loop get their turn during a reply of many megabytes.
                if rounds.isMultiple(of: 16) { await Task.yield() }
            case .blocked: return
            case .ended: lose(endOfStream())
            case .failed(let words): lose(failure(.serverClosed, "receive", words))
            }
        }
    }

    private func endOfStream() -> RedisError {
        failure(
            .serverClosed, "receive",
            reader.isBetweenReplies ? "the server closed the connection" : "the server closed in the middle of a reply")
    }

    private func take(_ bytes: UnsafeRawBufferPointer) {
        received += UInt64(bytes.count)
        do throws(ReplyReader.Failure) {
            try reader.feed(bytes)
            while loss == nil, let reply = try reader.next() { deliver(reply) }
        } catch {
            switch error {
            case .malformed(let words):
                lose(failure(.protocolViolation, "receive", words, "is this a Redis server, and the port its own?"))
            case .tooLarge(let words):
                lose(failure(.tooLarge, "receive", words, "ask for less at a time"))
            }
        }
    }

    private func deliver(_ reply: RedisValue) {
        if let push { return push(reply) }
        switch requests.answer(reply) {
        case .more: break
        case .finished(let request): request.asker?.resume(returning: .success(request.replies))
        case .nobodyAsked:
            // Redis says why it closes before it does: too many clients, protected mode.
            if case .error(let text) = reply {
                lose(.reply(text, operation: "receive", target: target, secret: secret))
            } else {
                lose(failure(.protocolViolation, "receive", "a reply to no request"))
            }
        }
    }

    // MARK: Giving up

    private func watch(_ deadline: Deadline) {
        guard deadline != .never else { return }
        if let watchdog {
            if watchdog.deadline <= deadline { return }
            watchdog.task.cancel()
        }
        let task = Task(executorPreference: loop) { [weak self, loop] in
            guard await loop.sleep(until: deadline) else { return }
            await self?.expire()
        }
        watchdog = (deadline, task)
    }

    private func expire() {
        watchdog = nil
        for id in requests.expired() { giveUp(id, .timedOut) }
        if loss == nil, let next = requests.earliestDeadline { watch(next) }
    }

    private func giveUp(_ id: UInt64, _ kind: RedisError.Kind) {
        guard let request = requests[id], let asker = request.asker else { return }
        let isUnsent = request.start >= output.written
        if isUnsent {
            output.withdraw(from: request.start, to: request.end)
            requests.remove(id)
        } else {
            requests.abandon(id)
        }
        let cause = kind == .cancelled ? "cancelled" : "no reply within the deadline"
        asker.resume(returning: .failure(failure(kind, request.operation, cause).executed(!isUnsent)))
        if closesWhenAbandoned, !isUnsent {
            lose(failure(.closed, request.operation, "given up while the server was at it"))
        } else if kind == .timedOut, requests.live == 0, received == request.receivedBefore {
            // Nobody else waits and not a byte came: the next request is better off with a new connection.
            lose(failure(.timedOut, request.operation, "the server is silent"))
        } else if requests.abandoned > Self.mostAbandoned {
            lose(failure(.timedOut, request.operation, "the server leaves too many requests without a reply"))
        }
    }

    /// Ends the connection; what waits fails with `error`, and knows whether it was sent.
    func lose(_ error: RedisError) {
        guard loss == nil else { return }
        loss = error
        loop.forget(transport.descriptor)
        transport.shutDown()
        for request in requests.drain() {
            let isSent = request.start < output.written
            request.asker?.resume(
                returning: .failure(error.during(request.operation, mayHaveExecuted: isSent)))
        }
        for mourner in mourners { mourner(error) }
        mourners = []
        push = nil
    }

    /// Calls back on the loop's thread when the connection is lost, at once when it is already.
    func whenLost(_ body: @escaping @Sendable (RedisError) -> Void) {
        if let loss { body(loss) } else { mourners.append(body) }
    }

    // MARK: Pushes

    /// From now on every reply goes to `handler`, on the loop's thread; no request may be open.
    func startPushing(_ handler: @escaping @Sendable (RedisValue) -> Void) { push = handler }

    /// Writes without a request: the replies go to the push handler.
    func post(_ bytes: [UInt8]) {
        guard loss == nil else { return }
        output.append(bytes)
        flush()
    }

    /// Bytes received so far: a sign of life.
    var receivedBytes: UInt64 { received }
    /// Whether it can be handed to another exclusive user.
    var isIdle: Bool { loss == nil && requests.isEmpty && output.isEmpty }

    private func failure(
        _ kind: RedisError.Kind, _ operation: String, _ cause: String, _ hint: String = ""
    ) -> RedisError {
        RedisError(kind, operation: operation, target: target, cause: cause, hint: hint)
    }
}

extension RedisError {
    fileprivate func executed(_ mayHaveExecuted: Bool) -> RedisError {
        during(operation, mayHaveExecuted: mayHaveExecuted)
    }
}
