/// An instant of UTC in microseconds since 1970, the precision of PostgreSQL's `timestamptz`.
public struct Timestamp: Sendable, Hashable, Comparable {
    public let microseconds: Int64

    public init(microseconds: Int64) { self.microseconds = microseconds }
    /// What lies beyond the range of microseconds becomes its end.
    public init(milliseconds: Int64) { microseconds = milliseconds.multipliedOrClamped(by: 1000) }
    /// What lies beyond the range of microseconds becomes its end.
    public init(seconds: Int64) { microseconds = seconds.multipliedOrClamped(by: 1_000_000) }

    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.microseconds < right.microseconds }

    /// The span between two instants; negative when `self` is the earlier one.
    public static func - (left: Timestamp, right: Timestamp) -> Duration {
        // A duration has twice the bits: no two instants are too far apart.
        .microseconds(left.microseconds) - .microseconds(right.microseconds)
    }

    /// What lies beyond the range of microseconds becomes its end.
    public static func + (left: Timestamp, right: Duration) -> Timestamp {
        let (seconds, attoseconds) = right.components
        let span = seconds.multipliedOrClamped(by: 1_000_000).addedOrClamped(attoseconds / 1_000_000_000_000)
        return Timestamp(microseconds: left.microseconds.addedOrClamped(span))
    }
}

extension Int64 {
    fileprivate func multipliedOrClamped(by factor: Int64) -> Int64 {
        let (product, overflow) = multipliedReportingOverflow(by: factor)
        return overflow ? (self < 0 ? .min : .max) : product
    }

    fileprivate func addedOrClamped(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }
}

extension Timestamp: CustomStringConvertible {
    /// The fields of the proleptic Gregorian calendar in UTC.
    public struct Fields: Sendable, Hashable {
        public let year: Int
        public let month: Int
        public let day: Int
        public let hour: Int
        public let minute: Int
        public let second: Int
        public let microsecond: Int
        /// 0 is Monday.
        public let weekday: Int
    }

    public var fields: Fields {
        let seconds = Int(microseconds.flooredQuotient(1_000_000))
        // Not by multiplying back, which the first instant of all would not survive.
        let fraction = microseconds % 1_000_000
        let days = seconds.flooredQuotient(86400)
        let time = seconds - days * 86400
        // Days are counted from 1 March of year 0, so that the leap day is the last of its year; 400 years
        // are an era of 146,097 days.
        let shifted = days + 719_468
        let era = shifted.flooredQuotient(146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return Fields(
            year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
            month: month,
            day: dayOfYear - (153 * shiftedMonth + 2) / 5 + 1,
            hour: time / 3600,
            minute: time / 60 % 60,
            second: time % 60,
            microsecond: Int(fraction < 0 ? fraction + 1_000_000 : fraction),
            weekday: ((days + 3) % 7 + 7) % 7)
    }

    /// `2026-11-23T14:03:22.104Z`, as RFC 3339 has it.
    public var description: String {
        let f = fields
        return "\(dateText)T\(clockText).\((f.microsecond / 1000).padded(3))Z"
    }

    /// `2026-11-23`.
    public var dateText: String {
        let f = fields
        return "\(f.year.padded(4))-\(f.month.padded(2))-\(f.day.padded(2))"
    }

    /// `14:03:22`.
    public var clockText: String {
        let f = fields
        return "\(f.hour.padded(2)):\(f.minute.padded(2)):\(f.second.padded(2))"
    }
}

extension BinaryInteger {
    fileprivate func flooredQuotient(_ divisor: Self) -> Self {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }

    /// The number with zeros before it, up to `width` digits.
    func padded(_ width: Int) -> String {
        let digits = String(self)
        return String(repeating: "0", count: Swift.max(0, width - digits.count)) + digits
    }
}
