extension JSON {
    /// Parses one JSON text (RFC 8259).
    ///
    /// The last of several equal keys wins. Lone surrogates and bytes that are no UTF-8 become U+FFFD.
    /// - Parameters:
    ///   - bytes: UTF-8; a byte order mark is skipped.
    ///   - maximumDepth: arrays and objects within each other at most, against stack exhaustion.
    /// - Throws: what is wrong and where.
    public static func parse(_ bytes: [UInt8], maximumDepth: Int = 128) throws(JSONError) -> JSON {
        var parser = JSONParser(bytes: bytes, maximumDepth: maximumDepth)
        return try parser.document()
    }

    /// Parses one JSON text; see ``parse(_:maximumDepth:)-([UInt8],_)``.
    public static func parse(_ text: String, maximumDepth: Int = 128) throws(JSONError) -> JSON {
        try parse(Array(text.utf8), maximumDepth: maximumDepth)
    }
}

/// One pass over the bytes, recursive up to `maximumDepth`; strings are in `JSONParser+Strings`.
struct JSONParser {
    let bytes: [UInt8]
    let maximumDepth: Int
    var at = 0
    private var depth = 0
    /// Of the object before: lists hold objects of one shape.
    private var lastCount = 0

    init(bytes: [UInt8], maximumDepth: Int) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
    }

    func failure(_ message: String) -> JSONError { JSONError(message, at: at, in: bytes) }

    mutating func document() throws(JSONError) -> JSON {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
        skipSpace()
        let value = try value()
        skipSpace()
        guard at == bytes.count else { throw failure("unexpected text after the value") }
        return value
    }

    /// The next byte, or 0, which is valid nowhere, at the end.
    @inline(__always)
    var peek: UInt8 { at < bytes.count ? bytes[at] : 0 }

    @inline(__always)
    mutating func skipSpace() {
        while at < bytes.count {
            let byte = bytes[at]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            at += 1
        }
    }

    private mutating func value() throws(JSONError) -> JSON {
        switch peek {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "{"): return try nested { (parser) throws(JSONError) in try parser.object() }
        case UInt8(ascii: "["): return try nested { (parser) throws(JSONError) in try parser.array() }
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: throw failure(at >= bytes.count ? "the text ends where a value is expected" : "expected a value")
        }
    }

    private mutating func nested(
        _ body: (inout JSONParser) throws(JSONError) -> JSON
    ) throws(JSONError) -> JSON {
        guard depth < maximumDepth else { throw failure("nested deeper than \(maximumDepth) levels") }
        depth += 1
        at += 1
        skipSpace()
        let value = try body(&self)
        depth -= 1
        return value
    }

    private mutating func object() throws(JSONError) -> JSON {
        var object = JSONObject()
        if peek == UInt8(ascii: "}") {
            at += 1
            return .object(object)
        }
        object.reserve(min(lastCount, 64))
        while true {
            guard peek == UInt8(ascii: "\"") else { throw failure("expected a key in quotes") }
            let key = try string()
            skipSpace()
            guard peek == UInt8(ascii: ":") else { throw failure("expected a colon after the key") }
            at += 1
            skipSpace()
            object.set(key, try value())
            skipSpace()
            if try ends(with: UInt8(ascii: "}"), "expected a comma or the end of the object") {
                lastCount = object.count
                return .object(object)
            }
        }
    }

    private mutating func array() throws(JSONError) -> JSON {
        var array: [JSON] = []
        if peek == UInt8(ascii: "]") {
            at += 1
            return .array(array)
        }
        while true {
            array.append(try value())
            skipSpace()
            if try ends(with: UInt8(ascii: "]"), "expected a comma or the end of the array") { return .array(array) }
        }
    }

    /// After a member or an element: true at the end, false after a comma.
    private mutating func ends(with close: UInt8, _ message: String) throws(JSONError) -> Bool {
        let byte = peek
        guard byte == close || byte == UInt8(ascii: ",") else { throw failure(message) }
        at += 1
        if byte == close { return true }
        skipSpace()
        return false
    }

    private mutating func word(_ word: StaticString, _ value: JSON) throws(JSONError) -> JSON {
        let end = at + word.utf8CodeUnitCount
        let matches = word.withUTF8Buffer { end <= bytes.count && bytes[at..<end].elementsEqual($0) }
        guard matches else { throw failure("expected a value") }
        at = end
        return value
    }
}
