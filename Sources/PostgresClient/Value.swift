/// A parameter of a statement: `$1`, `$2`…
///
/// All but bytes travel as text whose type the server infers from where the parameter stands, so that `.int` fits any
/// integer, numeric or floating column. Where nothing tells the type, cast: `$1::int8`.
public enum PostgresValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case int(Int64)
    case double(Double)
    case text(String)
    case bytes([UInt8])
    case timestamp(PostgresTimestamp)
    case lsn(PostgresLSN)
    case textArray([String])
    case intArray([Int64])
    /// Text that no error and no dump shows.
    case secret(PostgresSecret)

    /// `.null` for nil.
    public static func text(_ value: String?) -> PostgresValue { value.map { .text($0) } ?? .null }
    public static func int(_ value: some BinaryInteger) -> PostgresValue { .int(Int64(clamping: value)) }

    /// The text that libpq sends; nil for NULL and for bytes.
    var wireText: String? {
        switch self {
        case .null, .bytes: nil
        case .bool(let value): value ? "t" : "f"
        case .int(let value): String(value)
        case .double(let value):
            value.isNaN ? "NaN" : value.isInfinite ? (value < 0 ? "-Infinity" : "Infinity") : "\(value)"
        case .text(let value): value
        case .timestamp(let value): value.description
        case .lsn(let value): value.description
        case .textArray(let values): "{" + values.map(Self.quotedElement).joined(separator: ",") + "}"
        case .intArray(let values): "{" + values.map(String.init).joined(separator: ",") + "}"
        case .secret(let value): value.reveal()
        }
    }

    private static func quotedElement(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { quoted.append("\\") }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }
}

extension PostgresValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByNilLiteral
{
    public init(stringLiteral value: String) { self = .text(value) }
    public init(integerLiteral value: Int64) { self = .int(value) }
    public init(floatLiteral value: Double) { self = .double(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(nilLiteral: ()) { self = .null }
}

/// SQL with its parameters.
public struct PostgresStatement: Sendable, Hashable, ExpressibleByStringLiteral {
    public var sql: String
    public var parameters: [PostgresValue]
    /// Whether the server parses and plans it once a session (`PREPARE`) in a pipeline, for what is run every second.
    ///
    /// Behind a pooler that mixes sessions the client finds out and goes on without.
    public var isPrepared: Bool

    public init(_ sql: String, _ parameters: [PostgresValue] = [], isPrepared: Bool = false) {
        self.sql = sql
        self.parameters = parameters
        self.isPrepared = isPrepared
    }

    public init(stringLiteral sql: String) { self.init(sql) }
}
