/// One instant on both clocks: UTC to show, monotonic to measure ages, which a step of UTC must not change.
public struct Moment: Sendable, Hashable {
    public let wall: Timestamp
    /// Nanoseconds of the monotonic clock of the machine that took it.
    public let ticks: UInt64

    public init(wall: Timestamp, ticks: UInt64) {
        self.wall = wall
        self.ticks = ticks
    }

    /// How long ago `earlier` was, never negative.
    public func since(_ earlier: Moment) -> Duration {
        ticks <= earlier.ticks ? .zero : .nanoseconds(Int64(clamping: ticks - earlier.ticks))
    }
}
