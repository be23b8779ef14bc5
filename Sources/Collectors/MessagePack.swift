import PlatformModel

/// Reads MessagePack as LangGraph writes it into plain JSON, within bounds, from bytes that may be cut or hostile.
///
/// Its extension types name a Python class and its fields. They become an object with `__type__` and the fields;
/// no code is looked up, nothing is constructed. What is beyond a bound is left out, what is cut ends where it ends.
struct MessagePack {
    /// Values nested deeper, and what follows them, are left out.
    static let depthLimit = 24
    /// Values in all.
    static let valueLimit = 20_000
    /// Bytes of one text that are kept.
    static let textLimit = 4096

    private let bytes: [UInt8]
    private var place = 0
    private let end: Int
    private var left: Int

    /// The first value of the bytes; nil when there is none.
    static func read(_ bytes: [UInt8]) -> JSON? {
        var reader = MessagePack(bytes: bytes, place: 0, end: bytes.count, left: valueLimit)
        return reader.value(depth: 0)
    }

    private init(bytes: [UInt8], place: Int, end: Int, left: Int) {
        self.bytes = bytes
        self.place = place
        self.end = end
        self.left = left
    }

    private mutating func value(depth: Int) -> JSON? {
        guard left > 0, depth <= Self.depthLimit, let lead = byte() else {
            // Whatever follows would be read out of step.
            place = end
            return nil
        }
        left -= 1
        switch lead {
        case 0x00...0x7f: return .integer(Int64(lead))
        case 0xe0...0xff: return .integer(Int64(Int8(bitPattern: lead)))
        case 0x80...0x8f: return map(Int(lead & 0x0f), depth)
        case 0x90...0x9f: return array(Int(lead & 0x0f), depth)
        case 0xa0...0xbf: return text(Int(lead & 0x1f))
        case 0xc0: return .null
        case 0xc2: return false
        case 0xc3: return true
        case 0xc4...0xc6: return number(1 << (lead - 0xc4)).map { binary($0) }
        case 0xc7...0xc9: return number(1 << (lead - 0xc7)).flatMap { extended(Int(clamping: $0), depth) }
        case 0xca: return number(4).map { .number(Double(Float(bitPattern: UInt32(truncatingIfNeeded: $0)))) }
        case 0xcb: return number(8).map { .number(Double(bitPattern: $0)) }
        case 0xcc...0xcf: return number(1 << (lead - 0xcc)).map(Self.unsigned)
        case 0xd0: return number(1).map { .integer(Int64(Int8(truncatingIfNeeded: $0))) }
        case 0xd1: return number(2).map { .integer(Int64(Int16(truncatingIfNeeded: $0))) }
        case 0xd2: return number(4).map { .integer(Int64(Int32(truncatingIfNeeded: $0))) }
        case 0xd3: return number(8).map { .integer(Int64(bitPattern: $0)) }
        case 0xd4...0xd8: return extended(1 << (lead - 0xd4), depth)
        case 0xd9...0xdb: return number(1 << (lead - 0xd9)).flatMap { text(Int(clamping: $0)) }
        case 0xdc, 0xdd: return number(lead == 0xdc ? 2 : 4).map { array(Int(clamping: $0), depth) }
        case 0xde, 0xdf: return number(lead == 0xde ? 2 : 4).map { map(Int(clamping: $0), depth) }
        default: return nil
        }
    }

    private mutating func byte() -> UInt8? {
        guard place < end else { return nil }
        defer { place += 1 }
        return bytes[place]
    }

    private mutating func number(_ count: Int) -> UInt64? {
        guard end - place >= count else {
            place = end
            return nil
        }
        defer { place += count }
        return bytes[place..<place + count].reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func unsigned(_ value: UInt64) -> JSON {
        Int64(exactly: value).map { .integer($0) } ?? .number(Double(value))
    }

    /// A text that is cut is kept as far as it goes.
    private mutating func text(_ count: Int) -> JSON? {
        let there = min(count, end - place)
        guard there > 0 || count == 0 else { return nil }
        defer { place += there }
        let kept = min(there, Self.textLimit)
        return .string(String(decoding: bytes[place..<place + kept], as: UTF8.self) + (kept < count ? "…" : ""))
    }

    private mutating func binary(_ count: UInt64) -> JSON {
        place += min(Int(clamping: count), end - place)
        return .string("\(count) bytes")
    }

    private mutating func array(_ count: Int, _ depth: Int) -> JSON {
        var elements: [JSON] = []
        for _ in 0..<count {
            guard let element = value(depth: depth + 1) else { break }
            elements.append(element)
        }
        return .array(elements)
    }

    private mutating func map(_ count: Int, _ depth: Int) -> JSON {
        var object = JSONObject()
        for _ in 0..<count {
            guard let key = value(depth: depth + 1), let value = value(depth: depth + 1) else { break }
            object[key.text ?? key.write()] = value
        }
        return .object(object)
    }

    /// Constructor calls of LangGraph: `[module, name, arguments, …]`, packed once more.
    private mutating func extended(_ count: Int, _ depth: Int) -> JSON? {
        guard let code = byte() else { return nil }
        let stop = place + min(count, end - place)
        defer { place = stop }
        guard code <= 7 else { return .string("extension \(code), \(count) bytes") }
        var inner = MessagePack(bytes: bytes, place: place, end: stop, left: left)
        let packed = inner.value(depth: depth + 1)
        left = inner.left
        guard let parts = packed?.array, parts.count >= 2, let name = parts[1].text else { return packed ?? .null }
        var object = JSONObject([("__type__", .string(name))])
        guard parts.count > 2 else { return .object(object) }
        if case .object(let fields) = parts[2] {
            for (key, value) in fields where key != "__type__" { object[key] = value }
        } else {
            object["args"] = code == 1 || code == 3 ? parts[2] : .array([parts[2]])
        }
        return .object(object)
    }
}
