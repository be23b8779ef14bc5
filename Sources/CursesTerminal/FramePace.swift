import Reactor

/// How often data alone may repaint the screen: four times a second on average, keys not counted.
///
/// A screen that was quiet has saved up for a burst (the generic cell rate algorithm), so that answers that arrive
/// together, as at the start, are each shown as they come.
struct FramePace {
    private static let interval = Duration.milliseconds(250)
    private static let burst = Duration.seconds(2)
    /// When a frame every `interval` would be due.
    private var due = Deadline(nanoseconds: 0)

    /// The earliest instant of the next frame.
    var next: Deadline {
        let saved = UInt64(Self.burst.nanoseconds)
        return Deadline(nanoseconds: due.nanoseconds - min(saved, due.nanoseconds))
    }

    mutating func painted(at now: Deadline) {
        due = max(due, now).advanced(by: Self.interval)
    }
}
