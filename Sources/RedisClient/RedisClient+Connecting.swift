import Reactor

extension RedisClient {
    /// The shared connection, made when there is none. All that ask meanwhile wait for the same attempt.
    func connected(until deadline: Deadline, operation: String) async throws(RedisError) -> RedisConnection {
        if let connection { return connection }
        try checkReachable(operation)
        if !isConnecting { startConnecting() }
        let id = nextWaiter
        nextWaiter += 1
        let timer = Task(executorPreference: loop) { [weak self, loop] in
            guard await loop.sleep(until: deadline) else { return }
            await self?.stopWaiting(id, .timedOut, operation)
        }
        defer { timer.cancel() }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if isConnecting, !Task.isCancelled {
                    waiting[id] = continuation
                } else {
                    // The attempt may have ended on the way here.
                    continuation.resume(returning: settled(operation))
                }
            }
        } onCancel: {
            Task(executorPreference: loop) { await self.stopWaiting(id, .cancelled, operation) }
        }
        return try result.get()
    }

    private func settled(_ operation: String) -> Result<RedisConnection, RedisError> {
        if Task.isCancelled { return .failure(cancelled(operation)) }
        if let connection { return .success(connection) }
        return .failure(failure?.error ?? closedMeanwhile(operation))
    }

    private func closedMeanwhile(_ operation: String) -> RedisError {
        RedisError(
            isClosed ? .closed : .serverClosed, operation: operation, target: target,
            cause: isClosed ? "the client was closed" : "the server closed the connection at once")
    }

    /// Throws while requests are to fail without an attempt.
    func checkReachable(_ operation: String) throws(RedisError) {
        if isClosed {
            throw RedisError(.closed, operation: operation, target: target, cause: "the client was closed")
        }
        if let failure, !failure.until.hasPassed {
            throw failure.error
        }
    }

    private func startConnecting() {
        isConnecting = true
        // The attempt belongs to nobody: who asked first may be cancelled while others wait. It ends by its timeout.
        Task(executorPreference: loop) { [weak self, configuration, target, loop] in
            var result: Result<RedisConnection, RedisError>
            do throws(RedisError) {
                result = .success(
                    try await .open(configuration, target: target, loop: loop, exclusive: false, until: .never))
            } catch {
                result = .failure(error)
            }
            if let self {
                await self.connectingEnded(result)
            } else if case .success(let connection) = result {
                await connection.lose(
                    RedisError(.closed, operation: "connect", target: target, cause: "the client was released"))
            }
        }
    }

    private func connectingEnded(_ result: Result<RedisConnection, RedisError>) async {
        note(result)
        guard !isClosed else {
            if case .success(let connection) = result {
                await connection.lose(
                    RedisError(.closed, operation: "connect", target: target, cause: "the client was closed"))
            }
            return
        }
        if case .success(let connection) = result {
            self.connection = connection
            await connection.whenLost { [weak self, weak connection] _ in
                guard let self, let connection else { return }
                Task(executorPreference: self.loop) { await self.forget(connection) }
            }
        }
        finishConnecting(result)
    }

    /// Remembers a failure for the pause that follows it.
    func note(_ result: Result<RedisConnection, RedisError>) {
        switch result {
        case .success:
            backoff.reset()
            failure = nil
        case .failure(let error):
            failure = (error, .after(backoff.next()))
        }
    }

    func finishConnecting(_ result: Result<RedisConnection, RedisError>) {
        isConnecting = false
        let all = waiting
        waiting = [:]
        for continuation in all.values { continuation.resume(returning: result) }
    }

    private func stopWaiting(_ id: UInt64, _ kind: RedisError.Kind, _ operation: String) {
        guard let continuation = waiting.removeValue(forKey: id) else { return }
        let error =
            kind == .cancelled
            ? cancelled(operation)
            : RedisError(kind, operation: operation, target: target, cause: "not connected within the deadline")
        continuation.resume(returning: .failure(error))
    }

    private func cancelled(_ operation: String) -> RedisError {
        RedisError(.cancelled, operation: operation, target: target, cause: "cancelled")
    }

    /// Drops a lost connection, unless another one has taken its place.
    func forget(_ lost: RedisConnection) {
        if connection === lost { connection = nil }
        spare.removeAll { $0 === lost }
    }

    // MARK: Exclusive use

    private static let mostSpare = 4

    /// Runs `body` with a connection that nobody else uses meanwhile; a spare one when there is one.
    ///
    /// The connection closes when a request on it is cancelled or times out, which also ends it on the server.
    func withExclusive(
        until deadline: Deadline, operation: String,
        _ body: (RedisConnection) async -> RedisConnection.Outcome
    ) async throws(RedisError) -> [RedisValue] {
        var attempt = 0
        while true {
            let connection = try await borrow(until: deadline, operation: operation)
            let outcome = await body(connection)
            await giveBack(connection)
            switch outcome {
            case .replies(let values): return values
            case .failed(let error): throw error
            case .unsent(let error):
                attempt += 1
                if attempt == 3 || isClosed { throw error.during(operation, mayHaveExecuted: false) }
            }
        }
    }

    func borrow(until deadline: Deadline, operation: String) async throws(RedisError) -> RedisConnection {
        while let connection = spare.popLast() {
            guard await connection.isIdle else { continue }
            exclusive[ObjectIdentifier(connection)] = connection
            return connection
        }
        try checkReachable(operation)
        do throws(RedisError) {
            let connection = try await RedisConnection.open(
                configuration, target: target, loop: loop, exclusive: true, until: deadline)
            note(.success(connection))
            if isClosed {
                let error = RedisError(.closed, operation: operation, target: target, cause: "the client was closed")
                await connection.lose(error)
                throw error
            }
            exclusive[ObjectIdentifier(connection)] = connection
            await connection.whenLost { [weak self, weak connection] _ in
                guard let self, let connection else { return }
                Task(executorPreference: self.loop) { await self.forget(connection) }
            }
            return connection
        } catch {
            // Its own deadline and cancellation say nothing about the server.
            if error.kind != .cancelled, error.kind != .closed, !deadline.hasPassed { note(.failure(error)) }
            throw error
        }
    }

    func giveBack(_ connection: RedisConnection) async {
        exclusive[ObjectIdentifier(connection)] = nil
        let isIdle = await connection.isIdle
        if isIdle, !isClosed, spare.count < Self.mostSpare {
            spare.append(connection)
        } else {
            await connection.lose(
                RedisError(.closed, operation: "close", target: target, cause: "not needed any more"))
        }
    }
}
