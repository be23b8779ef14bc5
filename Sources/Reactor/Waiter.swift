/// One suspended wait: it is resumed exactly once, by readiness, time or cancellation.
final class Waiter: @unchecked Sendable {
    // Guarded: touched by the event loop's thread only.
    let descriptor: Int32?
    private var continuation: CheckedContinuation<EventLoop.Readiness, Never>?
    private var early: EventLoop.Readiness?
    private(set) var isFinished = false

    init(descriptor: Int32?) {
        self.descriptor = descriptor
    }

    /// Takes the continuation; false when the wait has ended before it began (cancelled on the way here).
    func begin(_ continuation: CheckedContinuation<EventLoop.Readiness, Never>) -> Bool {
        if let early {
            continuation.resume(returning: early)
            return false
        }
        self.continuation = continuation
        return true
    }

    func finish(_ result: EventLoop.Readiness) {
        guard !isFinished else { return }
        isFinished = true
        if let continuation {
            self.continuation = nil
            continuation.resume(returning: result)
        } else {
            early = result
        }
    }
}
