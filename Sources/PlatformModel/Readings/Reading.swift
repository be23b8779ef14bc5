/// A value with when, from where and how long it took; or why it could not be had.
///
/// A failed attempt keeps the last value with its age: old data is shown as old, never blanked.
public struct Reading<Value: Sendable & Equatable>: Sendable, Equatable {
    /// Where it comes from, as a person would say it: `eu-west-1a`, `redis`.
    public private(set) var origin: String
    /// The newest value ever had; nil before the first success.
    public private(set) var value: Value?
    /// When that value was asked for; its age counts from here.
    public private(set) var readAt: Moment?
    /// How long the newest attempt took, failed or not.
    public private(set) var duration: Duration = .zero
    /// Why the newest attempt brought nothing; nil after a success.
    public private(set) var failure: ReadFailure?
    /// Since when every attempt has failed.
    public private(set) var failingSince: Moment?

    /// A reading that has not been tried yet.
    public init(origin: String) { self.origin = origin }

    /// - Parameter origin: where this value came from, when it was not the usual place.
    public mutating func succeed(_ value: Value, at moment: Moment, took duration: Duration, origin: String? = nil) {
        self.value = value
        if let origin { self.origin = origin }
        readAt = moment
        self.duration = duration
        failure = nil
        failingSince = nil
    }

    public mutating func fail(_ failure: ReadFailure, at moment: Moment, took duration: Duration) {
        self.failure = failure
        self.duration = duration
        failingSince = failingSince ?? moment
    }

    /// How old the value is; nil when there is none.
    public func age(at now: Moment) -> Duration? { readAt.map { now.since($0) } }

    public func state(at now: Moment, staleAfter limit: Duration) -> ReadingState {
        if let failure { return value == nil ? .unavailable(failure) : .failing(failure) }
        guard let age = age(at: now) else { return .loading }
        return age > limit ? .stale : .live
    }

    public var isFailing: Bool { failure != nil }

    /// Whether any attempt has come to an end, good or bad.
    public var isTried: Bool { value != nil || failure != nil }
}

/// How far a reading can be trusted now.
public enum ReadingState: Sendable, Hashable {
    /// Not asked for yet.
    case loading
    case live
    /// Older than its limit, though nothing failed.
    case stale
    /// The newest attempt failed; an older value is there.
    case failing(ReadFailure)
    /// Never had.
    case unavailable(ReadFailure)
}
