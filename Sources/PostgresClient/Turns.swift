import Reactor

/// A call that waits until the ones before it are done.
struct Waiting {
    let ticket: UInt64
    let continuation: CheckedContinuation<Outcome, Never>

    enum Outcome { case granted, timedOut, cancelled, closed }
}

extension PostgresClient {
    /// Waits for the turn and for a connection; then the connection is the caller's until ``releaseTurn()``.
    func begin(_ operation: String, until deadline: Deadline) async throws(PostgresError) -> Link {
        try await takeTurn(operation, until: deadline)
        do throws(PostgresError) {
            return try await connected(operation, until: deadline)
        } catch {
            releaseTurn()
            throw error
        }
    }

    func takeTurn(_ operation: String, until deadline: Deadline) async throws(PostgresError) {
        if isClosed { throw closedError(operation) }
        if Task.isCancelled { throw cancelledError(operation) }
        if deadline.hasPassed { throw timedOutError(operation) }
        if link == nil, let paused = pausedError(operation) { throw paused }
        guard isTaken else {
            isTaken = true
            return
        }
        let ticket = nextTicket
        nextTicket += 1
        let clock =
            deadline == .never
            ? nil
            : Task { [loop] in
                if await loop.sleep(until: deadline) { endWaiting(ticket, .timedOut) }
            }
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { enterLine(ticket, until: deadline, $0) }
        } onCancel: {
            Task { await endWaiting(ticket, .cancelled) }
        }
        clock?.cancel()
        switch outcome {
        case .granted: return
        case .timedOut: throw timedOutError(operation, "other calls on this connection took all of the time")
        case .cancelled: throw cancelledError(operation)
        case .closed: throw closedError(operation)
        }
    }

    /// Looks again, because the actor may have done other things on the way here: an end of the wait that came
    /// before it began would never come again.
    private func enterLine(
        _ ticket: UInt64, until deadline: Deadline, _ continuation: CheckedContinuation<Waiting.Outcome, Never>
    ) {
        if isClosed {
            continuation.resume(returning: .closed)
        } else if Task.isCancelled {
            continuation.resume(returning: .cancelled)
        } else if deadline.hasPassed {
            continuation.resume(returning: .timedOut)
        } else if !isTaken {
            isTaken = true
            continuation.resume(returning: .granted)
        } else {
            line.append(Waiting(ticket: ticket, continuation: continuation))
        }
    }

    private func endWaiting(_ ticket: UInt64, _ outcome: Waiting.Outcome) {
        guard let index = line.firstIndex(where: { $0.ticket == ticket }) else { return }
        line.remove(at: index).continuation.resume(returning: outcome)
    }

    /// Lets the next one go.
    func releaseTurn() {
        if link?.isOpen == true { deliverNotifications() }
        if line.isEmpty {
            isTaken = false
            unparkPump()
        } else {
            line.removeFirst().continuation.resume(returning: .granted)
        }
    }

    func closedError(_ operation: String) -> PostgresError {
        problem(PostgresError.Code.clientClosed, operation, "the client was closed")
    }

    func cancelledError(_ operation: String) -> PostgresError {
        problem(PostgresError.Code.cancelled, operation, "the task was cancelled")
    }

    func timedOutError(_ operation: String, _ cause: String = "the deadline passed") -> PostgresError {
        problem(PostgresError.Code.timedOut, operation, cause)
    }
}
