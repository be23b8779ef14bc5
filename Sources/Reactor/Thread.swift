import CSystem
import Glibc

/// A named pthread that runs one closure.
///
/// For the loop itself and for C calls that block (name resolution, `PQcancel`); everything else is a task.
public struct Thread: Sendable {
    private let name: String
    private let body: @Sendable () -> Void

    /// - Parameter name: at most 15 bytes are kept by the kernel.
    public init(name: String, body: @escaping @Sendable () -> Void) {
        self.name = name
        self.body = body
    }

    /// Starts the thread, detached; its handle serves only for comparison.
    @discardableResult
    public func start() -> pthread_t {
        let box = Unmanaged.passRetained(Box(name: name, body: body))
        var thread = pthread_t()
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        let result = pthread_create(
            &thread, &attributes,
            { context in
                guard let context else { return nil }
                let box = Unmanaged<Box>.fromOpaque(context).takeRetainedValue()
                galley_name_thread(box.name)
                box.body()
                return nil
            }, box.toOpaque())
        pthread_attr_destroy(&attributes)
        precondition(result == 0, "no thread could be started")
        return thread
    }

    private final class Box: Sendable {
        let name: String
        let body: @Sendable () -> Void
        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }

    /// Runs a blocking call on a thread of its own and suspends until it returns.
    ///
    /// The call itself cannot be cancelled; when the task is cancelled or the deadline passes, `nil` comes
    /// back at once and the result is dropped when it arrives.
    public static func run<Value: Sendable>(
        _ name: String, on loop: EventLoop, until deadline: Deadline, _ body: @escaping @Sendable () -> Value
    ) async -> Value? {
        let result = Locked<Value?>(nil)
        let (done, signal) = (Locked(false), AsyncSignal(loop: loop))
        Thread(name: name) {
            let value = body()
            result.withLock { $0 = value }
            done.withLock { $0 = true }
            signal.fire()
        }.start()
        while !done.withLock({ $0 }) {
            guard await signal.wait(until: deadline) else { return nil }
        }
        return result.withLock { $0 }
    }
}
