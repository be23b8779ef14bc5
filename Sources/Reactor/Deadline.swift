import CSystem

/// An instant on the monotonic clock at which a wait gives up.
///
/// Never the wall clock: a step of the time of day neither shortens nor lengthens a wait.
public struct Deadline: Sendable, Hashable, Comparable {
    /// Nanoseconds of CLOCK_MONOTONIC.
    public let nanoseconds: UInt64

    public init(nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    /// A wait without an end of its own: only cancellation or the event ends it.
    public static let never = Deadline(nanoseconds: .max)

    public static var now: Deadline { Deadline(nanoseconds: galley_monotonic_ns()) }

    /// The instant that lies `duration` ahead; a negative duration has already passed.
    public static func after(_ duration: Duration) -> Deadline {
        Deadline.now.advanced(by: duration)
    }

    public func advanced(by duration: Duration) -> Deadline {
        let step = duration.nanoseconds
        guard step > 0 else { return self }
        let (sum, overflow) = nanoseconds.addingReportingOverflow(UInt64(step))
        return Deadline(nanoseconds: overflow ? .max : sum)
    }

    public var hasPassed: Bool { nanoseconds <= galley_monotonic_ns() }

    /// What is left until then; zero when it has passed.
    public var remaining: Duration {
        let now = galley_monotonic_ns()
        return nanoseconds <= now ? .zero : .nanoseconds(Int64(clamping: nanoseconds - now))
    }

    public static func < (left: Deadline, right: Deadline) -> Bool { left.nanoseconds < right.nanoseconds }
}

extension Duration {
    /// The duration in nanoseconds, clamped to what fits 64 bits (292 years).
    public var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        if overflow { return seconds < 0 ? .min : .max }
        let (sum, overflowed) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        return overflowed ? .max : sum
    }

    /// The duration in seconds.
    public var seconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }
}
