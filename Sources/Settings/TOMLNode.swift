/// A value of a TOML document and where it stands.
public struct TOMLNode: Sendable, Hashable {
    public indirect enum Value: Sendable, Hashable {
        case table([TOMLEntry])
        case array([TOMLNode])
        case string(String)
        case integer(Int)
        case float(Double)
        case boolean(Bool)
        /// A date, a time or both, as TOML writes it.
        case date(String)
    }

    public internal(set) var value: Value
    /// Counted from 1.
    public let line: Int
    /// In characters, counted from 1.
    public let column: Int

    /// The members of a table in the order of the file; empty when this is none.
    public var entries: [TOMLEntry] {
        if case .table(let entries) = value { entries } else { [] }
    }

    /// The elements of an array, else nil.
    public var elements: [TOMLNode]? {
        if case .array(let elements) = value { elements } else { nil }
    }

    /// The text of a string, else nil.
    public var text: String? {
        if case .string(let text) = value { text } else { nil }
    }

    public var isTable: Bool {
        if case .table = value { true } else { false }
    }

    /// The member of that key, else nil.
    public subscript(key: String) -> TOMLNode? {
        entries.first { $0.key == key }?.node
    }

    /// The value as a message shows it: short, on one line, with control characters made visible.
    public var shown: String {
        switch value {
        case .table: "a table"
        case .array(let elements): elements.isEmpty ? "an empty list" : "a list"
        case .string(let text): SettingsText.quoted(text)
        case .integer(let integer): "\(integer)"
        case .float(let number): "\(number)"
        case .boolean(let boolean): "\(boolean)"
        case .date(let text): text
        }
    }
}

/// A key of a table, its place, and its value.
public struct TOMLEntry: Sendable, Hashable {
    public let key: String
    /// Of the key, counted from 1.
    public let line: Int
    /// Of the key, in characters, counted from 1.
    public let column: Int
    public internal(set) var node: TOMLNode
}
