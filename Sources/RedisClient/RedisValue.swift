/// One reply of the RESP2 protocol (https://redis.io/docs/reference/protocol-spec).
public enum RedisValue: Sendable, Hashable {
    /// `$-1` or `*-1`.
    case null
    case integer(Int64)
    /// Any bytes.
    case bulk([UInt8])
    /// A status such as `OK`.
    case simple(String)
    /// An error reply inside an array (of EXEC); at the top it is thrown as a ``RedisError`` instead.
    case error(String)
    case array([RedisValue])

    /// A string or a number as text; bytes that are no UTF-8 are replaced by U+FFFD. Nil for the rest.
    public var text: String? {
        switch self {
        case .bulk(let bytes): String(decoding: bytes, as: UTF8.self)
        case .simple(let text): text
        case .integer(let number): String(number)
        case .null, .error, .array: nil
        }
    }

    /// A number, or a string that is one.
    public var int: Int64? {
        switch self {
        case .integer(let number): number
        case .bulk(let bytes): Int64(String(decoding: bytes, as: UTF8.self))
        case .simple(let text): Int64(text)
        case .null, .error, .array: nil
        }
    }

    /// A floating-point number in a string, as scores of sorted sets are.
    public var double: Double? {
        if case .integer(let number) = self { return Double(number) }
        return text.flatMap(Double.init)
    }

    /// The bytes of a string.
    public var bytes: [UInt8]? {
        switch self {
        case .bulk(let bytes): bytes
        case .simple(let text): Array(text.utf8)
        case .null, .integer, .error, .array: nil
        }
    }

    public var array: [RedisValue]? {
        if case .array(let values) = self { values } else { nil }
    }

    public var isNull: Bool { self == .null }

    /// The flat array of names and values that HGETALL, CONFIG GET and XINFO give, in its order.
    public var pairs: [(name: String, value: RedisValue)]? {
        guard let array, array.count.isMultiple(of: 2) else { return nil }
        var pairs: [(name: String, value: RedisValue)] = []
        pairs.reserveCapacity(array.count / 2)
        for index in stride(from: 0, to: array.count, by: 2) {
            guard let name = array[index].text else { return nil }
            pairs.append((name, array[index + 1]))
        }
        return pairs
    }
}
