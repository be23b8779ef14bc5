import CHiredis

/// Builds one ``RedisValue`` from what hiredis's reader calls out, within limits that hiredis does not have.
///
/// The reader is given no memory of ours: every object it holds is the same meaningless non-null pointer, and
/// null refuses a value.
final class ReplyBuilder {
    private struct Frame {
        let expected: Int
        var values: [RedisValue]
    }

    private let limits: RedisLimits
    private var frames: [Frame] = []
    private var bytes = 0
    private var elements = 0
    private var root: RedisValue?
    /// Why the last value was refused: its size.
    private(set) var refusal: String?
    /// Why the last value was refused: its form.
    private(set) var fault: String?

    init(limits: RedisLimits) { self.limits = limits }

    /// The finished reply, once.
    func take() -> RedisValue? {
        defer {
            root = nil
            bytes = 0
            elements = 0
        }
        return root
    }

    /// How many more bytes the strings of this reply may have.
    var bytesLeft: Int { limits.bytes - bytes }

    fileprivate func add(_ value: RedisValue, bytes size: Int) -> Token? {
        guard admit(bytes: size) else { return nil }
        close(value)
        return Self.token
    }

    fileprivate func open(_ count: Int) -> Token? {
        // The elements are counted when they are announced: a lie about them must not be believed first.
        guard count <= limits.elements - elements - 1 else {
            refusal = "an array of \(count) values, with the limit at \(limits.elements) values a reply"
            return nil
        }
        elements += count
        if count == 0 {
            close(.array([]))
        } else {
            var values: [RedisValue] = []
            values.reserveCapacity(min(count, 1024))
            frames.append(Frame(expected: count, values: values))
        }
        return Self.token
    }

    /// hiredis skips the two bytes after a string without a look; a length that lies shows there first.
    fileprivate func addBulk(_ bytes: UnsafeRawBufferPointer, followedBy end: UnsafePointer<CChar>) -> Token? {
        guard end[0] == 0x0d, end[1] == 0x0a else {
            fault = "a string is not as long as announced"
            return nil
        }
        return add(.bulk([UInt8](bytes)), bytes: bytes.count)
    }

    private func admit(bytes size: Int) -> Bool {
        bytes += size
        if bytes > limits.bytes { refusal = "more bytes than the limit of \(limits.bytes) a reply" }
        return refusal == nil
    }

    private func close(_ value: RedisValue) {
        var value = value
        while let last = frames.indices.last {
            frames[last].values.append(value)
            guard frames[last].values.count == frames[last].expected else { return }
            value = .array(frames.removeLast().values)
        }
        root = value
    }

    fileprivate typealias Token = UnsafeMutableRawPointer
    private static var token: Token? { Token(bitPattern: 1) }

    fileprivate static func of(_ task: UnsafePointer<redisReadTask>?) -> ReplyBuilder? {
        guard let context = task?.pointee.privdata else { return nil }
        return Unmanaged<ReplyBuilder>.fromOpaque(context).takeUnretainedValue()
    }
}

/// The table that hiredis calls.
enum ReplyFunctions {
    // Written once, before its first use, and only read by hiredis.
    nonisolated(unsafe) static let table: UnsafeMutablePointer<redisReplyObjectFunctions> = {
        let table = UnsafeMutablePointer<redisReplyObjectFunctions>.allocate(capacity: 1)
        table.initialize(
            to: redisReplyObjectFunctions(
                createString: { task, text, length in
                    guard let task, let text, let builder = ReplyBuilder.of(task) else { return nil }
                    let raw = UnsafeRawBufferPointer(start: text, count: length)
                    return switch task.pointee.type {
                    case REDIS_REPLY_STRING: builder.addBulk(raw, followedBy: text + length)
                    case REDIS_REPLY_ERROR: builder.add(.error(String(decoding: raw, as: UTF8.self)), bytes: length)
                    default: builder.add(.simple(String(decoding: raw, as: UTF8.self)), bytes: length)
                    }
                },
                createArray: { task, count in ReplyBuilder.of(task)?.open(Int(count)) },
                createInteger: { task, number in ReplyBuilder.of(task)?.add(.integer(number), bytes: 0) },
                createNil: { task in ReplyBuilder.of(task)?.add(.null, bytes: 0) },
                freeObject: nil))
        return table
    }()
}
