import CSystem
import Glibc

/// One thread that turns the readiness of descriptors, timers and jobs into `await`.
///
/// It is a serial executor (a connection actor names it as its own and pays no hop for a wait) and a task
/// executor (`Task(executorPreference: loop)` keeps the callers there too). Nothing may block on it.
public final class EventLoop: SerialExecutor, TaskExecutor, @unchecked Sendable {
    // Guarded: `inbox` by its own lock; everything below `thread-confined` is touched by the loop's thread only.
    private struct Inbox {
        var jobs: [UnownedJob] = []
        var closures: [@Sendable () -> Void] = []
        var awake = false
        var stopping = false
    }

    /// The loop that a process normally has; it lives as long as the process.
    public static let shared = EventLoop(name: "galley-loop")

    private let epoll: Int32
    private let wakeup: Int32
    private let inbox = Locked(Inbox())
    private let identity = Locked<pthread_t?>(nil)

    // thread-confined
    private var waiters: [Int32: Waiter] = [:]
    private var timers = TimerQueue()

    public init(name: String) {
        epoll = galley_epoll_create()
        wakeup = galley_eventfd_create()
        precondition(epoll >= 0 && wakeup >= 0, "no descriptors left for the event loop")
        galley_epoll_arm(epoll, wakeup, GALLEY_READ)
        let thread = Thread(name: name) { [self] in run() }
        identity.withLock { $0 = thread.start() }
    }

    /// Ends the loop's thread after the work at hand; for tests and tools, the shared loop never stops.
    public func stop() {
        inbox.withLock { $0.stopping = true }
        galley_eventfd_signal(wakeup)
    }

    // MARK: Executor

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        post { $0.jobs.append(job) }
    }

    public func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        UnownedSerialExecutor(ordinary: self)
    }

    public var isCurrent: Bool {
        identity.withLock { $0.map { pthread_equal($0, pthread_self()) != 0 } ?? false }
    }

    public func checkIsolated() {
        precondition(isCurrent, "called off the event loop's thread")
    }

    public func isIsolatingCurrentContext() -> Bool? { isCurrent }

    /// Runs a closure on the loop's thread, at once when called from there, else soon.
    public func execute(_ body: @escaping @Sendable () -> Void) {
        if isCurrent {
            body()
        } else {
            post { $0.closures.append(body) }
        }
    }

    private func post(_ change: (inout sending Inbox) -> Void) {
        let mustWake = inbox.withLock { inbox in
            change(&inbox)
            defer { inbox.awake = true }
            return !inbox.awake
        }
        if mustWake { galley_eventfd_signal(wakeup) }
    }

    // MARK: Waiting

    public struct Interest: OptionSet, Sendable, Hashable {
        public let rawValue: UInt32
        public init(rawValue: UInt32) { self.rawValue = rawValue }
        public static let read = Interest(rawValue: GALLEY_READ)
        public static let write = Interest(rawValue: GALLEY_WRITE)
    }

    /// How a wait ended.
    public enum Readiness: Sendable, Hashable {
        case ready(Interest)
        case timedOut
        case cancelled
    }

    /// Suspends until the descriptor is ready, the deadline passes or the task is cancelled.
    ///
    /// One wait a descriptor at a time: a second one ends the first as cancelled. The descriptor must be
    /// non-blocking; before it is closed, or its number may be reused, call ``forget(_:)``.
    public func wait(_ descriptor: Int32, for interest: Interest, until deadline: Deadline) async -> Readiness {
        let waiter = Waiter(descriptor: descriptor)
        return await suspend(waiter, until: deadline) { [self] in
            waiters.updateValue(waiter, forKey: descriptor)?.finish(.cancelled)
            if galley_epoll_arm(epoll, descriptor, interest.rawValue) != 0 {
                // A closed or impossible descriptor: let the caller's read or write say what is wrong.
                finish(waiter, .ready(interest))
            }
        }
    }

    /// Suspends until the instant; returns false when the task was cancelled before it.
    @discardableResult
    public func sleep(until deadline: Deadline) async -> Bool {
        await suspend(Waiter(descriptor: nil), until: deadline) {} == .timedOut
    }

    private func suspend(
        _ waiter: Waiter, until deadline: Deadline, register: @escaping @Sendable () -> Void
    ) async -> Readiness {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                execute { [self] in
                    guard waiter.begin(continuation) else { return }
                    if deadline != .never { timers.add(waiter, at: deadline) }
                    register()
                }
            }
        } onCancel: {
            execute { [self] in finish(waiter, .cancelled) }
        }
    }

    /// Drops the registration of a descriptor; a wait on it ends as cancelled.
    public func forget(_ descriptor: Int32) {
        execute { [self] in
            galley_epoll_forget(epoll, descriptor)
            waiters.removeValue(forKey: descriptor)?.finish(.cancelled)
        }
    }

    private func finish(_ waiter: Waiter, _ result: Readiness) {
        if let descriptor = waiter.descriptor, waiters[descriptor] === waiter {
            waiters.removeValue(forKey: descriptor)
        }
        waiter.finish(result)
    }

    // MARK: The thread

    private func run() {
        var events = [galley_event](repeating: galley_event(), count: 64)
        while true {
            let work = inbox.withLock { inbox in
                let taken = inbox
                inbox.jobs = []
                inbox.closures = []
                inbox.awake = !(taken.jobs.isEmpty && taken.closures.isEmpty)
                return taken
            }
            if work.stopping { break }
            for closure in work.closures { closure() }
            for job in work.jobs {
                job.runSynchronously(isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
            }
            let busy = !(work.jobs.isEmpty && work.closures.isEmpty)
            let count = galley_epoll_wait(
                epoll, &events, Int32(events.count), busy ? 0 : timers.millisecondsToNext())
            // What the events resume is posted from this thread, which takes it before it sleeps again.
            inbox.withLock { $0.awake = true }
            if count > 0 {
                for event in events[..<Int(count)] { dispatch(event) }
            }
            while let waiter = timers.popExpired() { finish(waiter, .timedOut) }
        }
        close(wakeup)
        close(epoll)
    }

    private func dispatch(_ event: galley_event) {
        if event.fd == wakeup {
            galley_eventfd_drain(wakeup)
            galley_epoll_arm(epoll, wakeup, GALLEY_READ)
        } else if let waiter = waiters[event.fd] {
            finish(waiter, .ready(Interest(rawValue: event.interest)))
        }
    }
}
