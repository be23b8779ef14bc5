import CHiredis

/// Bytes in, replies out: hiredis's reader, held to limits.
///
/// hiredis believes lengths: it would buffer a bulk string of any announced size and a line without end. What it
/// waits for is therefore checked after each feed.
final class ReplyReader {
    enum Failure: Error, Hashable {
        case malformed(String)
        case tooLarge(String)
    }

    /// Status and error lines, and the digits of lengths; Redis itself cuts them far below.
    private static let longestLine = 64 << 10

    private let reader: UnsafeMutablePointer<redisReader>
    private let builder: ReplyBuilder
    private let limits: RedisLimits

    init(limits: RedisLimits) {
        guard let reader = redisReaderCreateWithFunctions(ReplyFunctions.table) else { fatalError("out of memory") }
        builder = ReplyBuilder(limits: limits)
        self.reader = reader
        self.limits = limits
        // Unretained: the builder lives as long as this object, which frees the reader first.
        reader.pointee.privdata = Unmanaged.passUnretained(builder).toOpaque()
    }

    deinit { redisReaderFree(reader) }

    /// Takes received bytes; few enough at a time (64 KiB) that they need no limit of their own.
    func feed(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
        let result = redisReaderFeed(reader, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
        if result != REDIS_OK { throw failure() }
    }

    /// The next complete reply; nil when more bytes are needed.
    func next() throws(Failure) -> RedisValue? {
        var token: UnsafeMutableRawPointer?
        guard redisReaderGetReply(reader, &token) == REDIS_OK else { throw failure() }
        if token != nil { return builder.take() }
        try checkExpectation()
        return nil
    }

    /// Whether nothing of a reply was received since the last complete one.
    var isBetweenReplies: Bool { reader.pointee.ridx < 0 && reader.pointee.pos == reader.pointee.len }

    private func checkExpectation() throws(Failure) {
        var text: UnsafePointer<CChar>?
        var length = 0
        let type = galley_redis_pending(reader, &text, &length)
        guard let text else { return }
        let waiting = UnsafeRawBufferPointer(start: text, count: length)
        if type == REDIS_REPLY_STRING {
            guard let announced = Self.length(waiting) else {
                if length > 32 { throw .malformed("a length without end") }
                return
            }
            if announced > builder.bytesLeft {
                throw .tooLarge("a string of \(announced) bytes, with the limit at \(limits.bytes) bytes a reply")
            }
        } else if length > Self.longestLine {
            throw .tooLarge("a line of more than \(Self.longestLine) bytes")
        }
    }

    /// The number before the end of the line; nil while the line is incomplete. A malformed one is hiredis's to tell.
    private static func length(_ bytes: UnsafeRawBufferPointer) -> Int? {
        guard let end = bytes.prefix(32).firstIndex(of: 0x0d) else { return nil }
        return Int(String(decoding: bytes[..<end], as: UTF8.self))
    }

    private func failure() -> Failure {
        if let refusal = builder.refusal { return .tooLarge(refusal) }
        if let fault = builder.fault { return .malformed(fault) }
        return .malformed(String(cString: galley_redis_error(reader)))
    }
}
