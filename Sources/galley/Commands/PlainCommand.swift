import CSystem
import Console
import Glibc
import Operations
import PlatformModel
import PlatformStore
import Reactor

/// `galley --plain`: the console for people who listen and for logs. A status in sentences, then what changes as it
/// changes; commands are words typed at a prompt. No alternate screen, nothing drawn over.
enum PlainCommand {
    /// Runs until the input ends, `quit` or Ctrl-C.
    ///
    /// - Parameter readsCommands: false only tells what changes, until it is stopped: `status --watch --plain`.
    static func run(_ arguments: Arguments, _ setup: Setup, readsCommands: Bool = true) throws(CommandFailure) -> Int32
    {
        let connections = try Connections(try setup.environment(arguments))
        let wakeups = PlainWakeups()
        let watch = PlatformWatch(
            collectors: connections.collectors, store: connections.store, pace: .seconds(1)
        ) { wakeups.post($0) }
        let watching = Task(executorPreference: EventLoop.shared) { await watch.run() }
        defer { watching.cancel() }
        var session = PlainSession(arguments, connections, wakeups, readsCommands: readsCommands)
        session.run()
        return ExitStatus.done
    }
}

/// What wakes the session beside its input: a newer snapshot, or Ctrl-C.
final class PlainWakeups: Sendable {
    private let newest = Locked<Snapshot?>(nil)
    private let posted = AsyncSignal(loop: .shared)
    private let interrupted = AsyncSignal(loop: .shared)

    init() { galley_signal_to_eventfd(SIGINT, interrupted.descriptor) }

    func post(_ snapshot: Snapshot) {
        newest.withLock { $0 = snapshot }
        posted.fire()
    }

    /// The newest snapshot since the last call.
    func take() -> Snapshot? {
        newest.withLock { snapshot in
            defer { snapshot = nil }
            return snapshot
        }
    }

    /// What a wait ended with.
    struct Ready {
        var input = false
        var interrupted = false
        var other = false
    }

    /// Blocks until there is a snapshot, Ctrl-C, input, another signal, or the deadline.
    ///
    /// - Parameters:
    ///   - input: the descriptor that commands come from, nil while they have to wait.
    ///   - other: one more to wait for.
    func wait(input: Int32?, other: AsyncSignal? = nil, until deadline: Deadline) -> Ready {
        var entries = [
            pollfd(fd: interrupted.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: other?.descriptor ?? -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: input ?? -1, events: Int16(POLLIN), revents: 0),
            // While an answer is awaited, news waits too.
            pollfd(fd: other == nil ? posted.descriptor : -1, events: Int16(POLLIN), revents: 0),
        ]
        let count = poll(&entries, nfds_t(entries.count), deadline.milliseconds)
        guard count > 0 else { return Ready() }
        if entries[3].revents != 0 { galley_eventfd_drain(posted.descriptor) }
        if entries[1].revents != 0, let other { galley_eventfd_drain(other.descriptor) }
        return Ready(
            input: entries[2].revents != 0, interrupted: entries[0].revents != 0, other: entries[1].revents != 0)
    }
}

extension Deadline {
    /// For `poll`: rounded up, -1 for never.
    fileprivate var milliseconds: Int32 {
        if self == .never { return -1 }
        let now = Deadline.now.nanoseconds
        guard nanoseconds > now else { return 0 }
        return Int32(clamping: (nanoseconds - now + 999_999) / 1_000_000)
    }
}
