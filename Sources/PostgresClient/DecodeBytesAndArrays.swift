/// What an array of a column may hold.
public protocol PostgresArrayElement: Sendable {
    /// - Parameter postgresElement: the element's text, unquoted; nil for NULL.
    init?(postgresElement: String?)
}

extension String: PostgresArrayElement {
    public init?(postgresElement: String?) {
        guard let postgresElement else { return nil }
        self = postgresElement
    }
}
extension Int: PostgresArrayElement {
    public init?(postgresElement: String?) { self.init(postgresElement ?? "") }
}
extension Int64: PostgresArrayElement {
    public init?(postgresElement: String?) { self.init(postgresElement ?? "") }
}
extension Int32: PostgresArrayElement {
    public init?(postgresElement: String?) { self.init(postgresElement ?? "") }
}
extension Double: PostgresArrayElement {
    public init?(postgresElement: String?) { self.init(postgresElement ?? "") }
}
extension Optional: PostgresArrayElement where Wrapped: PostgresArrayElement {
    public init?(postgresElement: String?) {
        guard postgresElement != nil else {
            self = Optional<Wrapped>.none
            return
        }
        guard let value = Wrapped(postgresElement: postgresElement) else { return nil }
        self = value
    }
}
/// `bytea`, through its own element type so that `[UInt8]` is not an array of small integers.
extension UInt8: PostgresArrayElement {
    public init?(postgresElement: String?) { self.init(postgresElement ?? "") }
}

extension Array: PostgresDecodable where Element: PostgresArrayElement {
    /// One-dimensional arrays of text and numbers, and `bytea` as `[UInt8]`.
    public init(postgres cell: PostgresCell) throws(PostgresDecodeProblem) {
        if Element.self == UInt8.self {
            guard let bytes = try cell.required(byteString) as? [Element] else { throw cell.problem("byte string") }
            self = bytes
            return
        }
        guard let elements = try cell.required(arrayElements) else {
            throw cell.problem("array of one dimension")
        }
        var result: [Element] = []
        result.reserveCapacity(elements.count)
        for element in elements {
            guard let value = Element(postgresElement: element) else {
                throw PostgresDecodeProblem("\(tidy(element ?? "NULL", limit: 80)) in an array is no \(Element.self)")
            }
            result.append(value)
        }
        self = result
    }
}

/// `bytea` in either of the server's text forms: `\x6869`, or octal escapes.
private func byteString(_ text: UnsafeBufferPointer<UInt8>) throws(PostgresDecodeProblem) -> [UInt8] {
    func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 48...57: byte - 48
        case 65...70: byte - 55
        case 97...102: byte - 87
        default: nil
        }
    }
    let backslash = UInt8(ascii: "\\")
    var result: [UInt8] = []
    if text.count >= 2, text[0] == backslash, text[1] == UInt8(ascii: "x") {
        result.reserveCapacity(text.count / 2)
        guard text.count % 2 == 0 else { throw PostgresDecodeProblem("odd number of hexadecimal digits") }
        for index in stride(from: 2, to: text.count, by: 2) {
            guard let high = digit(text[index]), let low = digit(text[index + 1]) else {
                throw PostgresDecodeProblem("not hexadecimal")
            }
            result.append(high << 4 | low)
        }
        return result
    }
    var index = 0
    while index < text.count {
        if text[index] != backslash {
            result.append(text[index])
            index += 1
        } else if index + 1 < text.count, text[index + 1] == backslash {
            result.append(backslash)
            index += 2
        } else if index + 3 < text.count, text[(index + 1)...(index + 3)].allSatisfy({ $0 >= 48 && $0 <= 55 }) {
            let value = text[(index + 1)...(index + 3)].reduce(0) { $0 * 8 + Int($1 - 48) }
            guard value < 256 else { throw PostgresDecodeProblem("an octal escape above 377") }
            result.append(UInt8(value))
            index += 4
        } else {
            throw PostgresDecodeProblem("a backslash that escapes nothing")
        }
    }
    return result
}

/// The elements of `{a,"b \"c\"",NULL}`; nil for anything else, arrays of arrays included.
private func arrayElements(_ text: UnsafeBufferPointer<UInt8>) throws(PostgresDecodeProblem) -> [String?]? {
    let (quote, backslash, comma) = (UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: ","))
    guard text.count >= 2, text[0] == UInt8(ascii: "{"), text[text.count - 1] == UInt8(ascii: "}") else { return nil }
    let end = text.count - 1
    var elements: [String?] = []
    var index = 1
    if index == end { return elements }
    while true {
        var element: [UInt8] = []
        var quoted = false
        if index < end, text[index] == quote {
            quoted = true
            index += 1
            while index < end, text[index] != quote {
                if text[index] == backslash { index += 1 }
                guard index < end else { return nil }
                element.append(text[index])
                index += 1
            }
            guard index < end else { return nil }
            index += 1
        } else {
            while index < end, text[index] != comma {
                if text[index] == UInt8(ascii: "{") || text[index] == quote { return nil }
                if text[index] == backslash { index += 1 }
                guard index < end else { return nil }
                element.append(text[index])
                index += 1
            }
            guard !element.isEmpty else { return nil }
        }
        let string = String(decoding: element, as: UTF8.self)
        elements.append(!quoted && string.utf8.count == 4 && string.uppercased() == "NULL" ? nil : string)
        if index == end { return elements }
        guard text[index] == comma else { return nil }
        index += 1
    }
}
