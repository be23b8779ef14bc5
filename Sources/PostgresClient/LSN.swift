/// A position in the write-ahead log: `16/B374D848`.
public struct PostgresLSN: Sendable, Hashable, Comparable, Codable, CustomStringConvertible, RawRepresentable {
    public let rawValue: UInt64

    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// Reads `16/B374D848`; nil for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2,
            parts.allSatisfy({ !$0.isEmpty && $0.count <= 8 && $0.first != "+" && $0.first != "-" }),
            let high = UInt32(parts[0], radix: 16), let low = UInt32(parts[1], radix: 16)
        else { return nil }
        rawValue = UInt64(high) << 32 | UInt64(low)
    }

    public var description: String {
        String(rawValue >> 32, radix: 16, uppercase: true) + "/"
            + String(rawValue & 0xffff_ffff, radix: 16, uppercase: true)
    }

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// Bytes from `right` to `left`; negative when `left` lies before it.
    public static func - (left: Self, right: Self) -> Int64 { Int64(bitPattern: left.rawValue &- right.rawValue) }
}

extension PostgresLSN: PostgresDecodable {
    public init(postgres cell: PostgresCell) throws(PostgresDecodeProblem) {
        guard let value = PostgresLSN(try String(postgres: cell)) else { throw cell.problem("log position") }
        self = value
    }
}
