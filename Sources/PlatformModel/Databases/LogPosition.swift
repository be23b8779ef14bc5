/// A position in the write-ahead log (PostgreSQL's `pg_lsn`): a count of bytes.
public struct LogPosition: Sendable, Hashable, Comparable, CustomStringConvertible {
    public let bytes: UInt64

    public init(bytes: UInt64) { self.bytes = bytes }

    public static func < (left: LogPosition, right: LogPosition) -> Bool { left.bytes < right.bytes }

    /// How many bytes `self` is ahead of `other`, never negative.
    public func ahead(of other: LogPosition) -> Int64 {
        bytes <= other.bytes ? 0 : Int64(clamping: bytes - other.bytes)
    }

    /// `16/B374D848`, as PostgreSQL writes it.
    public var description: String {
        String(bytes >> 32, radix: 16, uppercase: true) + "/"
            + String(bytes & 0xffff_ffff, radix: 16, uppercase: true)
    }
}
