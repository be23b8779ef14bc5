import Glibc
import PlatformModel

/// The clocks that the gate trusts, as a value so that tests can turn them.
public struct GateClock: Sendable {
    /// UTC, for people and records only: nothing is allowed or forbidden by it.
    public let wall: @Sendable () -> Timestamp
    /// Nanoseconds since the machine was started, sleep included (CLOCK_BOOTTIME): a step of UTC does not move it.
    public let ticks: @Sendable () -> UInt64
    /// Of this start of the machine: ticks of another one mean nothing.
    public let boot: String

    public init(
        wall: @escaping @Sendable () -> Timestamp, ticks: @escaping @Sendable () -> UInt64, boot: String
    ) {
        self.wall = wall
        self.ticks = ticks
        self.boot = boot
    }

    /// The machine's own.
    public static let system = GateClock(
        wall: {
            let time = read(CLOCK_REALTIME)
            return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
        },
        ticks: {
            let time = read(CLOCK_BOOTTIME)
            return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
        },
        boot: StateFolder.text(of: "/proc/sys/kernel/random/boot_id")?.split(separator: "\n").first.map(String.init)
            ?? "")

    private static func read(_ clock: clockid_t) -> timespec {
        var time = timespec()
        clock_gettime(clock, &time)
        return time
    }
}
