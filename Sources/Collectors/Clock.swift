import CSystem
import PlatformModel

extension Moment {
    /// The present on both clocks (CLOCK_REALTIME and CLOCK_MONOTONIC).
    public static func now() -> Moment {
        Moment(wall: Timestamp(microseconds: galley_wall_ns() / 1000), ticks: galley_monotonic_ns())
    }
}
