import PlatformModel

/// The value of a setting, after its text was understood.
public enum SettingValue: Sendable, Hashable {
    case text(String)
    case integer(Int)
    case boolean(Bool)
    case duration(Duration)
    /// A size in bytes.
    case bytes(Int64)
    case texts([String])

    /// As it is written in TOML.
    public var toml: String {
        switch self {
        case .text(let text): JSON.string(text).write()
        case .integer(let integer): "\(integer)"
        case .boolean(let boolean): "\(boolean)"
        case .duration(let duration): "\"\(SettingUnits.write(duration))\""
        case .bytes(let bytes): "\"\(SettingUnits.write(bytes: bytes))\""
        case .texts(let texts): "[" + texts.map { JSON.string($0).write() }.joined(separator: ", ") + "]"
        }
    }

    /// Durations in seconds, sizes in bytes.
    public var json: JSON {
        switch self {
        case .text(let text): .string(text)
        case .integer(let integer): JSON(integer)
        case .boolean(let boolean): .bool(boolean)
        case .duration(let duration): .number(SettingUnits.seconds(duration))
        case .bytes(let bytes): .integer(bytes)
        case .texts(let texts): .array(texts.map { .string($0) })
        }
    }
}

/// Durations and sizes as people write them.
public enum SettingUnits {
    private static let times: [(String, Int64)] = [
        ("d", 86_400_000_000), ("h", 3_600_000_000), ("m", 60_000_000), ("s", 1_000_000), ("ms", 1_000), ("us", 1),
    ]

    private static let sizes: [(String, Int64)] = [
        ("TiB", 1 << 40), ("TB", 1_000_000_000_000), ("GiB", 1 << 30), ("GB", 1_000_000_000), ("MiB", 1 << 20),
        ("MB", 1_000_000), ("KiB", 1 << 10), ("kB", 1_000), ("B", 1),
    ]

    /// `500ms`, `30s`, `5m`, `2h`, `1d`, with a decimal point if need be (`1.5s`); nil for anything else.
    public static func duration(_ text: String) -> Duration? {
        value(text, times).map { .microseconds($0) }
    }

    /// `512B`, `4kB`, `16MB`, `1GiB`: powers of 1000, with an i of 1024; nil for anything else.
    public static func bytes(_ text: String) -> Int64? {
        value(text, sizes)
    }

    /// The shortest way to write it without loss.
    public static func write(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        return write(seconds * 1_000_000 + attoseconds / 1_000_000_000_000, times)
    }

    /// The shortest way to write it without loss.
    public static func write(bytes: Int64) -> String { write(bytes, sizes) }

    static func seconds(_ duration: Duration) -> Double {
        let (seconds, attoseconds) = duration.components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }

    private static func write(_ value: Int64, _ units: [(String, Int64)]) -> String {
        let unit = units.first { value != 0 && value % $0.1 == 0 } ?? units.first { $0.0 == "s" } ?? ("B", 1)
        return "\(value / unit.1)\(unit.0)"
    }

    /// Digits, an optional fraction of at most six digits, a unit.
    private static func value(_ text: String, _ units: [(String, Int64)]) -> Int64? {
        let isDigit = { (character: Character) in ("0"..."9").contains(character) }
        let whole = text.prefix(while: isDigit)
        var rest = text.dropFirst(whole.count)
        var fraction: Substring = ""
        if rest.first == "." {
            fraction = rest.dropFirst().prefix(while: isDigit)
            rest = rest.dropFirst(1 + fraction.count)
            guard (1...6).contains(fraction.count) else { return nil }
        }
        guard let unit = units.first(where: { $0.0 == rest }), let number = Int64(whole) else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: unit.1)
        guard !overflow else { return nil }
        var scale: Int64 = 1
        for _ in fraction { scale *= 10 }
        let part = (Int64(fraction) ?? 0).multipliedReportingOverflow(by: unit.1)
        guard !part.overflow, part.partialValue % scale == 0 else { return nil }
        let sum = product.addingReportingOverflow(part.partialValue / scale)
        return sum.overflow ? nil : sum.partialValue
    }
}
