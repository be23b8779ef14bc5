/// An instant: microseconds since 1970-01-01 00:00 UTC, as `timestamp`, `timestamptz` and `date` hold it.
///
/// A `timestamp` without zone and a `date` are read as UTC.
public struct PostgresTimestamp: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    public let microseconds: Int64

    public init(microseconds: Int64) { self.microseconds = microseconds }

    /// The server's `infinity` and `-infinity`.
    public static let distantFuture = PostgresTimestamp(microseconds: .max)
    public static let distantPast = PostgresTimestamp(microseconds: .min)

    public static func < (left: Self, right: Self) -> Bool { left.microseconds < right.microseconds }

    /// `2026-01-31 23:59:59.000001+00`, which the server reads back unchanged.
    public var description: String {
        if self == .distantFuture { return "infinity" }
        if self == .distantPast { return "-infinity" }
        let day = microseconds.flooredQuotient(86_400_000_000)
        // Not by multiplying back, which an instant near the first of all would not survive.
        let within = microseconds % 86_400_000_000
        let rest = within < 0 ? within + 86_400_000_000 : within
        let (year, month, dayOfMonth) = civil(fromDay: day)
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        func padded(_ value: Int64, _ width: Int) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let shown = year > 0 ? year : 1 - year
        let seconds = rest / 1_000_000
        let fraction = rest % 1_000_000
        return "\(padded(shown, 4))-\(two(month))-\(two(dayOfMonth)) "
            + "\(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
            + (fraction == 0 ? "" : "." + padded(fraction, 6)) + "+00" + (year > 0 ? "" : " BC")
    }

    /// Reads the server's ISO form: `2026-01-31 23:59:59.5+02:30`, `2026-01-31`, `infinity`.
    public init?(_ text: String) {
        if text == "infinity" {
            self = .distantFuture
            return
        }
        if text == "-infinity" {
            self = .distantPast
            return
        }
        var scanner = Scanner(text)
        guard var year = scanner.number(digits: 4...7), scanner.skip("-"), let month = scanner.number(digits: 2...2),
            scanner.skip("-"), let day = scanner.number(digits: 2...2), (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        var micros: Int64 = 0
        if scanner.skip(" ") || scanner.skip("T") {
            if !scanner.rest("BC") {
                guard let time = scanner.time() else { return nil }
                micros = time
                if let sign = scanner.sign() {
                    guard let offset = scanner.offset() else { return nil }
                    micros -= sign * offset * 1_000_000
                } else {
                    _ = scanner.skip("Z")
                }
                if scanner.skip(" ") {
                    guard scanner.rest("BC") else { return nil }
                    year = 1 - year
                }
            } else {
                year = 1 - year
            }
        }
        guard scanner.isAtEnd else { return nil }
        let (whole, overflow) = dayNumber(year, month, day).multipliedReportingOverflow(by: 86_400_000_000)
        let (sum, overflowed) = whole.addingReportingOverflow(micros)
        guard !overflow, !overflowed else { return nil }
        microseconds = sum
    }
}

extension PostgresTimestamp: PostgresDecodable {
    public init(postgres cell: PostgresCell) throws(PostgresDecodeProblem) {
        guard let value = PostgresTimestamp(try String(postgres: cell)) else { throw cell.problem("ISO timestamp") }
        self = value
    }
}

extension Int64 {
    fileprivate func flooredQuotient(_ divisor: Int64) -> Int64 {
        self / divisor - (self % divisor < 0 ? 1 : 0)
    }
}

/// Days from 1970-01-01 in the proleptic Gregorian calendar; the year 0 is 1 BC.
private func dayNumber(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    // March begins the year, so that the leap day is its last day.
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted.flooredQuotient(400)
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
}

private func civil(fromDay number: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = number + 719_468
    let era = shifted.flooredQuotient(146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch + (monthFromMarch < 10 ? 3 : -9)
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
}
