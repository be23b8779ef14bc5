import Glibc
import Reactor

/// Runs asynchronous work to its end while the calling thread waits; for commands without a screen.
func runBlocking<Value: Sendable>(_ body: @escaping @Sendable () async -> Value) -> Value {
    let result = Locked<Value?>(nil)
    let done = Semaphore()
    Task(executorPreference: EventLoop.shared) {
        let value = await body()
        result.withLock { $0 = value }
        done.signal()
    }
    while true {
        done.wait()
        if let value = result.withLock({ $0 }) { return value }
    }
}

/// A POSIX semaphore: one side waits, any thread signals.
private final class Semaphore: @unchecked Sendable {
    // Guarded: sem_post and sem_wait may be called from any thread at any time.
    private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init() { sem_init(semaphore, 0, 0) }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    func signal() { sem_post(semaphore) }
    func wait() { while sem_wait(semaphore) != 0 && errno == EINTR {} }
}
