/// Why a value does not fit the type asked for.
public struct PostgresDecodeProblem: Error {
    public let reason: String
    public init(_ reason: String) { self.reason = reason }
}

/// A type that can be read from a column.
public protocol PostgresDecodable {
    /// - Throws: ``PostgresDecodeProblem`` when the value is NULL or does not fit.
    init(postgres cell: PostgresCell) throws(PostgresDecodeProblem)
}

extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
    public init(postgres cell: PostgresCell) throws(PostgresDecodeProblem) {
        self = cell.isNull ? nil : try Wrapped(postgres: cell)
    }
}

extension PostgresDecodable where Self: RawRepresentable, RawValue: PostgresDecodable {
    public init(postgres cell: PostgresCell) throws(PostgresDecodeProblem) {
        let raw = try RawValue(postgres: cell)
        guard let value = Self(rawValue: raw) else {
            throw PostgresDecodeProblem("unknown value \(tidy("\(raw)", limit: 80))")
        }
        self = value
    }
}

extension PostgresCell {
    /// The bytes of a value that may not be NULL.
    func required<Result>(
        _ body: (UnsafeBufferPointer<UInt8>) throws(PostgresDecodeProblem) -> Result
    ) throws(PostgresDecodeProblem) -> Result {
        try withBytes { (bytes) throws(PostgresDecodeProblem) in
            guard let bytes else { throw PostgresDecodeProblem("the value is NULL") }
            return try body(bytes)
        }
    }

    func problem(_ wanted: String) -> PostgresDecodeProblem {
        PostgresDecodeProblem("\"\(tidy(text ?? "NULL", limit: 80))\" is no \(wanted)")
    }
}

extension String: PostgresDecodable {
    /// Any type as the server prints it: text, uuid, numeric, jsonb, enums…
    public init(postgres cell: PostgresCell) throws(PostgresDecodeProblem) {
        self = try cell.required { String(decoding: $0, as: UTF8.self) }
    }
}

extension Bool: PostgresDecodable {
    public init(postgres cell: PostgresCell) throws(PostgresDecodeProblem) {
        let first = try cell.required { $0.count == 1 ? $0[0] : 0 }
        switch first {
        case UInt8(ascii: "t"): self = true
        case UInt8(ascii: "f"): self = false
        default: throw cell.problem("boolean")
        }
    }
}

extension Double: PostgresDecodable {
    /// Floating point and numeric; the latter is rounded to the nearest double.
    public init(postgres cell: PostgresCell) throws(PostgresDecodeProblem) {
        let text = try String(postgres: cell)
        switch text {
        case "NaN": self = .nan
        case "Infinity": self = .infinity
        case "-Infinity": self = -.infinity
        default:
            guard let value = Double(text) else { throw cell.problem("number") }
            self = value
        }
    }
}

extension FixedWidthInteger {
    fileprivate init(decimal cell: PostgresCell) throws(PostgresDecodeProblem) {
        let value: Self? = try cell.required { bytes in
            var magnitude: Self = 0
            let negative = bytes.first == UInt8(ascii: "-")
            let digits = negative ? UnsafeBufferPointer(rebasing: bytes.dropFirst()) : bytes
            guard !digits.isEmpty else { return nil }
            for byte in digits {
                guard byte >= 48, byte <= 57 else { return nil }
                let (shifted, overflow) = magnitude.multipliedReportingOverflow(by: 10)
                let digit = Self(byte - 48)
                let (sum, overflowed) =
                    negative ? shifted.subtractingReportingOverflow(digit) : shifted.addingReportingOverflow(digit)
                if overflow || overflowed { return nil }
                magnitude = sum
            }
            return magnitude
        }
        guard let value else { throw cell.problem("integer of \(Self.bitWidth) bits") }
        self = value
    }
}

extension Int: PostgresDecodable {
    public init(postgres cell: PostgresCell) throws(PostgresDecodeProblem) { try self.init(decimal: cell) }
}
extension Int64: PostgresDecodable {
    public init(postgres cell: PostgresCell) throws(PostgresDecodeProblem) { try self.init(decimal: cell) }
}
extension Int32: PostgresDecodable {
    public init(postgres cell: PostgresCell) throws(PostgresDecodeProblem) { try self.init(decimal: cell) }
}
extension Int16: PostgresDecodable {
    public init(postgres cell: PostgresCell) throws(PostgresDecodeProblem) { try self.init(decimal: cell) }
}
extension UInt32: PostgresDecodable {
    public init(postgres cell: PostgresCell) throws(PostgresDecodeProblem) { try self.init(decimal: cell) }
}
