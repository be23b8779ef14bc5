/// The pauses between attempts: doubling, bounded, and jittered so that many clients do not return at once.
public struct Backoff: Sendable {
    private let first: Duration
    private let limit: Duration
    private var attempts = 0

    /// - Parameters:
    ///   - first: the longest first pause.
    ///   - limit: the longest pause ever.
    public init(first: Duration = .milliseconds(200), limit: Duration = .seconds(5)) {
        self.first = first
        self.limit = limit
    }

    /// The next pause: between half and all of the doubled bound.
    public mutating func next() -> Duration {
        let bound = min(first * (1 << min(attempts, 16)), limit)
        attempts += 1
        return bound * Double.random(in: 0.5...1)
    }

    /// Starts over after a success.
    public mutating func reset() { attempts = 0 }
}
