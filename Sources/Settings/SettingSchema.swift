/// The table of settings as a tree, for walking beside a document.
indirect enum SettingSchema: Sendable {
    case table([(name: String, schema: SettingSchema)])
    /// A table of tables with names of the user's choice.
    case named(SettingSchema)
    /// A list of tables, told apart by their `name`.
    case list(SettingSchema)
    case key(SettingKey)

    static let root = SettingSchema.build(SettingKey.all.map { (parts(of: $0.pattern), $0) })

    /// `a.*.b[].c` as `a`, `*`, `b`, `[]`, `c`.
    private static func parts(of pattern: String) -> [String] {
        pattern.split(separator: ".").flatMap { part in
            part.hasSuffix("[]") ? [String(part.dropLast(2)), "[]"] : [String(part)]
        }
    }

    private static func build(_ rows: [(parts: [String], key: SettingKey)]) -> SettingSchema {
        if let row = rows.first, row.parts.isEmpty { return .key(row.key) }
        var names: [String] = []
        for row in rows where !names.contains(row.parts[0]) { names.append(row.parts[0]) }
        let child = { (name: String) in
            build(rows.filter { $0.parts[0] == name }.map { (Array($0.parts.dropFirst()), $0.key) })
        }
        if names == ["*"] { return .named(child("*")) }
        if names == ["[]"] { return .list(child("[]")) }
        return .table(names.map { ($0, child($0)) })
    }

    /// What a value of this place must be when it is something else.
    var expected: String {
        switch self {
        case .table, .named: "a table"
        case .list: "a list of tables"
        case .key(let key): key.type.allowed
        }
    }
}
