import Reactor

/// One reader of notifications.
struct Listener {
    let channels: Set<String>
    let continuation: AsyncStream<PostgresNotificationEvent>.Continuation
    /// Whether it has been told that listening began.
    var hasBegun = false
    /// Whether it was told of the loss of the connection last.
    var isDown = false
    /// Events dropped since it was last told so; nil when none were.
    var dropped: Int?
}

extension PostgresClient {
    /// Events that a slow reader may be behind by.
    private static let listenerBuffer = 1024

    /// Listens on channels until the returned stream is let go of or the client is closed.
    ///
    /// While there is a listener, the connection is watched and made again by itself; after it was lost, the stream
    /// gives ``PostgresNotificationEvent/reconnected`` so that the reader can read what it missed.
    /// - Parameter channels: exact names, of at most 63 bytes.
    public func notifications(on channels: [String]) -> AsyncStream<PostgresNotificationEvent> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: PostgresNotificationEvent.self, bufferingPolicy: .bufferingNewest(Self.listenerBuffer))
        guard !isClosed else {
            continuation.finish()
            return stream
        }
        let ticket = nextTicket
        nextTicket += 1
        listeners[ticket] = Listener(channels: Set(channels), continuation: continuation)
        continuation.onTermination = { [weak self] _ in
            Task { await self?.endListener(ticket) }
        }
        if pump == nil {
            pump = Task { await runPump() }
        } else {
            wakePump()
        }
        return stream
    }

    private func endListener(_ ticket: UInt64) {
        guard listeners.removeValue(forKey: ticket) != nil else { return }
        wakePump()
    }

    private var wantedChannels: Set<String> {
        listeners.values.reduce(into: []) { $0.formUnion($1.channels) }
    }

    /// Ends the pump's wait, whichever it is, so that it looks again at what is wanted.
    private func wakePump() {
        unparkPump()
        // Sticks even when the wait has not begun yet.
        pumpWait?.cancel()
    }

    func unparkPump() {
        parkedPump?.resume()
        parkedPump = nil
    }

    /// Looks again, as ``enterLine(_:until:_:)`` does and for the same reason.
    private func parkPump(_ continuation: CheckedContinuation<Void, Never>) {
        if isTaken, !isClosed, !listeners.isEmpty { parkedPump = continuation } else { continuation.resume() }
    }

    /// Keeps the connection up and its channels right, and reads while no call does.
    private func runPump() async {
        while !isClosed, !listeners.isEmpty {
            guard let link, link.isOpen, link.listening == wantedChannels, listeners.values.allSatisfy(\.hasBegun)
            else {
                await adjustListening()
                continue
            }
            if isTaken {
                // Whoever holds the turn reads, and delivers when it is done.
                await withCheckedContinuation { parkPump($0) }
                continue
            }
            let descriptor = link.descriptor
            let wait = Task { await loop.wait(descriptor, for: .read, until: .never) }
            pumpWait = wait
            let readiness = await wait.value
            pumpWait = nil
            guard case .ready = readiness else { continue }
            guard !isTaken, self.link === link, link.isOpen else { continue }
            if link.isAlive() {
                deliverNotifications()
            } else {
                loseLink(link)
            }
        }
        pump = nil
        if !isClosed, let link, !link.listening.isEmpty { await stopListening() }
    }

    private func loseLink(_ link: Link) {
        let error = lostError(link, "listen")
        dropLink()
        lastError = error
        tellListenersOfLoss(error)
    }

    private func tellListenersOfLoss(_ error: PostgresError) {
        for ticket in listeners.keys where listeners[ticket]?.isDown == false {
            listeners[ticket]?.isDown = true
            if listeners[ticket]?.hasBegun == true { send(.disconnected(error), to: ticket) }
        }
    }

    /// Connects if need be, and sends LISTEN and UNLISTEN until the session hears what is wanted.
    private func adjustListening() async {
        let deadline = Deadline.after(configuration.connectTimeout * 2)
        do throws(PostgresError) {
            let link = try await begin("listen", until: deadline)
            let wanted = wantedChannels
            let script =
                (wanted.subtracting(link.listening).map { "LISTEN " + quotedIdentifier($0) }
                + link.listening.subtracting(wanted).map { "UNLISTEN " + quotedIdentifier($0) }).joined(separator: "; ")
            let wasNew = link.listening.isEmpty
            try await runListening(script, link, until: deadline)
            link.listening = wanted
            for ticket in listeners.keys.sorted() where listeners[ticket]?.channels.isSubset(of: wanted) == true {
                if listeners[ticket]?.hasBegun != true {
                    send(.listening, to: ticket)
                } else if wasNew {
                    // A session of which this listener has heard nothing yet.
                    if listeners[ticket]?.isDown == false { send(.disconnected(lostNotice), to: ticket) }
                    send(.reconnected, to: ticket)
                }
                listeners[ticket]?.hasBegun = true
                listeners[ticket]?.isDown = false
            }
            releaseTurn()
        } catch {
            if isClosed { return }
            tellListenersOfLoss(error)
            let pause = nextAttempt.map { max($0, .after(.milliseconds(50))) } ?? .after(.milliseconds(200))
            await loop.sleep(until: pause)
        }
    }

    /// The loss that another call noticed and repaired before the listener was told.
    private var lostNotice: PostgresError {
        problem(PostgresError.Code.serverClosed, "listen", "the connection was made anew")
    }

    private func runListening(_ script: String, _ link: Link, until deadline: Deadline) async throws(PostgresError) {
        if script.isEmpty { return }
        do throws(Failure) {
            guard link.send(script: script) else { throw lost(link, "listen") }
            try await flush(link, "listen", until: deadline)
            var failure: Failure?
            while let result = try await nextResult(link, "listen", until: deadline) {
                do throws(Failure) { _ = try rows(result, link, "listen") } catch { failure = failure ?? error }
            }
            if let failure { throw failure }
        } catch {
            throw conclude(error, link)
        }
    }

    private func stopListening() async {
        let deadline = Deadline.after(.seconds(1))
        guard let link = try? await begin("unlisten", until: deadline) else { return }
        guard listeners.isEmpty else {
            releaseTurn()
            return
        }
        guard (try? await runListening("UNLISTEN *", link, until: deadline)) != nil else { return }
        link.listening = []
        releaseTurn()
    }

    private func quotedIdentifier(_ name: String) -> String {
        "\"" + name.filter { $0 != "\0" }.replacing("\"", by: "\"\"") + "\""
    }

    /// Hands out what has arrived.
    func deliverNotifications() {
        guard let link else { return }
        for notification in link.takeNotifications() {
            for (ticket, listener) in listeners where listener.channels.contains(notification.channel) {
                send(.notification(notification), to: ticket)
            }
        }
    }

    private func send(_ event: PostgresNotificationEvent, to ticket: UInt64) {
        guard let listener = listeners[ticket] else { return }
        guard case .dropped = listener.continuation.yield(event) else {
            listeners[ticket]?.dropped = nil
            return
        }
        // Told at the first drop and again before the word of it could be dropped itself.
        let dropped = listener.dropped.map { $0 + 1 } ?? 0
        listeners[ticket]?.dropped = dropped
        if dropped % (Self.listenerBuffer / 2) == 0 { listener.continuation.yield(.overflowed) }
    }
}
