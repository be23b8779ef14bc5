/// A JSON value (RFC 8259).
///
/// Our own and not Foundation's: that one costs 7 MB of binary and memory, and start-up time.
/// An integer that fits 64 bits is `.integer`, every other number `.number`; the two never compare as equal.
public enum JSON: Sendable, Hashable {
    case null
    case bool(Bool)
    case integer(Int64)
    /// Text such as `1e999` gives an infinity, as in JavaScript; what is not finite is written as `null`.
    case number(Double)
    case string(String)
    case array([JSON])
    case object(JSONObject)

    /// The member of an object; nil when there is none, or when this is no object.
    public subscript(key: String) -> JSON? {
        guard case .object(let object) = self else { return nil }
        return object[key]
    }

    /// The element of an array; nil when there is none, or when this is no array.
    public subscript(index: Int) -> JSON? {
        guard case .array(let array) = self, array.indices.contains(index) else { return nil }
        return array[index]
    }

    /// What members of members lead to: `json[path: "data", "orders"]`; nil when one of them is missing.
    public subscript(path keys: String...) -> JSON? {
        var value = self
        for key in keys {
            guard let next = value[key] else { return nil }
            value = next
        }
        return value
    }

    /// The text of a string, else nil.
    public var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The integer, or the number when it is a whole one that fits, else nil.
    public var int: Int? {
        switch self {
        case .integer(let integer): Int(exactly: integer)
        case .number(let number): Int(exactly: number)
        default: nil
        }
    }

    /// The number, an integer included (rounded above 2⁵³), else nil.
    public var double: Double? {
        switch self {
        case .integer(let integer): Double(integer)
        case .number(let number): number
        default: nil
        }
    }

    /// The truth value, else nil: numbers and strings are none.
    public var bool: Bool? {
        if case .bool(let bool) = self { bool } else { nil }
    }

    /// The elements of an array, else nil.
    public var array: [JSON]? {
        if case .array(let array) = self { array } else { nil }
    }

    /// The members of an object, else nil.
    public var object: JSONObject? {
        if case .object(let object) = self { object } else { nil }
    }

    public var isNull: Bool { self == .null }
}

extension JSON: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringInterpolation, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    public init(nilLiteral: ()) { self = .null }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(floatLiteral value: Double) { self = .number(value) }
    public init(stringLiteral value: String) { self = .string(value) }
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSON)...) { self = .object(JSONObject(elements)) }
}

extension JSON {
    public init(_ value: Bool) { self = .bool(value) }
    public init(_ value: Int) { self = .integer(Int64(value)) }
    public init(_ value: Double) { self = .number(value) }
    public init(_ value: String) { self = .string(value) }
    /// `null` when there is no value.
    public init(_ value: String?) { self = value.map { .string($0) } ?? .null }
    /// `null` when there is no value.
    public init(_ value: Int?) { self = value.map { .integer(Int64($0)) } ?? .null }
    /// `null` when there is no value.
    public init(_ value: Double?) { self = value.map { .number($0) } ?? .null }
}
