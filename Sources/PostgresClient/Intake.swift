import CPostgres
import Glibc

/// Counts what libpq takes in, which libpq itself does not tell.
///
/// Cheap while little comes: the bytes that wait before each read are added up. They are counted again while they go on
/// waiting, so that sum is too high; only when it nears the limit is the kernel asked for the exact figure.
struct Intake {
    /// The sum of what waited before each read: more than what was read, but for what arrived meanwhile.
    private(set) var noted = 0
    private var start: Int64?
    private var waiting = 0
    private var readFromSocket = 0

    mutating func reset() { self = Intake() }

    /// Notes what waits now; false at the end of the stream or after an error.
    mutating func note(_ descriptor: Int32) -> Bool {
        waiting = Self.waiting(descriptor)
        noted += waiting
        if waiting > 0 { return true }
        var byte: UInt8 = 0
        let count = recv(descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
        return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR))
    }

    /// Whether more was read than `limit`, give or take a quarter.
    mutating func exceeds(_ limit: Int, _ descriptor: Int32) -> Bool {
        guard noted > limit / 4 else { return false }
        let left = Self.waiting(descriptor)
        // A Unix socket has no figure of its own: at least this much was read.
        readFromSocket += max(min(waiting, 8192), waiting - left)
        let total = galley_pg_tcp_received(descriptor)
        guard total >= 0 else { return readFromSocket > limit }
        let read = total - Int64(left)
        guard let start else {
            start = read
            return false
        }
        return read - start > Int64(limit)
    }

    private static func waiting(_ descriptor: Int32) -> Int {
        var count: Int32 = 0
        return ioctl(descriptor, UInt(FIONREAD), &count) == 0 ? Int(count) : 0
    }
}
