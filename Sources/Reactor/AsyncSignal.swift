import CSystem
import Glibc

/// A wake-up that any thread can give and one task can await: an eventfd.
public final class AsyncSignal: Sendable {
    private let loop: EventLoop
    /// Readable while a wake-up is pending; may be polled by a loop of one's own.
    public let descriptor: Int32

    public init(loop: EventLoop) {
        self.loop = loop
        descriptor = galley_eventfd_create()
        precondition(descriptor >= 0, "no descriptor left for a signal")
    }

    deinit {
        let descriptor = descriptor
        let loop = loop
        loop.execute {
            loop.forget(descriptor)
            close(descriptor)
        }
    }

    /// Wakes the waiter, or the next one; several calls before a wait count as one.
    public func fire() {
        galley_eventfd_signal(descriptor)
    }

    /// Suspends until ``fire()``; false when the deadline passed or the task was cancelled first.
    public func wait(until deadline: Deadline) async -> Bool {
        guard case .ready = await loop.wait(descriptor, for: .read, until: deadline) else { return false }
        galley_eventfd_drain(descriptor)
        return true
    }
}
