/// A span of time as `interval` holds it, in the server's default style: `1 mon -2 days 03:04:05.5`.
public struct PostgresInterval: Sendable, Hashable, Codable {
    /// The whole span in microseconds; a year counts as 365.25 days, a month as 30 and a day as 24 hours, as
    /// `extract(epoch from …)` does.
    public let microseconds: Int64

    public init(microseconds: Int64) { self.microseconds = microseconds }

    public var duration: Duration { .microseconds(microseconds) }

    init?(_ text: String) {
        var total: Int64 = 0
        var words = text.split(separator: " ")[...]
        guard !words.isEmpty else { return nil }
        while let word = words.popFirst() {
            if word.contains(":") {
                var scanner = Scanner(String(word))
                let sign = scanner.sign() ?? 1
                guard let time = scanner.time(), scanner.isAtEnd, words.isEmpty else { return nil }
                total += sign * time
            } else {
                guard let count = Int64(word), let unit = words.popFirst() else { return nil }
                let seconds: Int64
                switch unit {
                case "year", "years": seconds = 31_557_600
                case "mon", "mons": seconds = 2_592_000
                case "day", "days": seconds = 86_400
                default: return nil
                }
                let (part, overflow) = count.multipliedReportingOverflow(by: seconds * 1_000_000)
                let (sum, overflowed) = total.addingReportingOverflow(part)
                if overflow || overflowed { return nil }
                total = sum
            }
        }
        microseconds = total
    }
}

extension PostgresInterval: PostgresDecodable {
    public init(postgres cell: PostgresCell) throws(PostgresDecodeProblem) {
        guard let value = PostgresInterval(try String(postgres: cell)) else { throw cell.problem("interval") }
        self = value
    }
}

/// Reads numbers and marks off the front of a text.
struct Scanner {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = Substring(text).utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func skip(_ mark: Unicode.Scalar) -> Bool {
        guard let first = rest.first, UInt32(first) == mark.value else { return false }
        rest.removeFirst()
        return true
    }

    /// Takes all that is left when it is exactly this.
    mutating func rest(_ word: String) -> Bool {
        guard rest.elementsEqual(word.utf8) else { return false }
        rest = rest[rest.endIndex...]
        return true
    }

    mutating func sign() -> Int64? { skip("-") ? -1 : skip("+") ? 1 : nil }

    mutating func number(digits: ClosedRange<Int>) -> Int64? {
        let run = rest.prefix(digits.upperBound).prefix { $0 >= 48 && $0 <= 57 }
        guard run.count >= digits.lowerBound else { return nil }
        rest = rest.dropFirst(run.count)
        return run.reduce(0) { $0 * 10 + Int64($1 - 48) }
    }

    /// `23:59:59.123456` in microseconds; the hours of an interval may have many digits.
    mutating func time() -> Int64? {
        guard let hours = number(digits: 2...9), skip(":"), let minutes = number(digits: 2...2), skip(":"),
            let seconds = number(digits: 2...2), minutes < 60, seconds <= 60
        else { return nil }
        var micros = ((hours * 60 + minutes) * 60 + seconds) * 1_000_000
        if skip(".") {
            let before = rest.count
            guard let fraction = number(digits: 1...6) else { return nil }
            micros += (before - rest.count..<6).reduce(fraction) { value, _ in value * 10 }
        }
        return micros
    }

    /// `02`, `02:30`, `02:30:15` in seconds.
    mutating func offset() -> Int64? {
        guard let hours = number(digits: 2...2) else { return nil }
        var total = hours * 3600
        for unit in [60, 1] as [Int64] where skip(":") {
            guard let part = number(digits: 2...2) else { return nil }
            total += part * unit
        }
        return total
    }
}
