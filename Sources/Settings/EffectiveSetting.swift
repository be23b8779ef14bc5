/// A setting as it is after all layers, and who said so.
public struct EffectiveSetting: Sendable, Hashable {
    /// `environments.prod.postgres.nodes[eu-west-1a].port`
    public let path: String
    public let value: SettingValue
    /// Of the layer that won; ``SettingsPlace/builtIn`` for a default.
    public let origin: SettingsPlace
    public let key: SettingKey
}

/// From what the layers said to the list of effective settings, in the order of the table of settings.
struct SettingsResolver {
    private(set) var collector: SettingsCollector
    private(set) var settings: [EffectiveSetting] = []
    private var kind = ""

    /// Tables of an environment that exist only when somebody opened them.
    private static let optional: Set<String> = ["postgres", "redis", "api"]

    init(_ collector: SettingsCollector) {
        self.collector = collector
        resolve(.root, path: "")
    }

    private mutating func resolve(_ schema: SettingSchema, path: String) {
        switch schema {
        case .key(let key): resolve(key, path: path)
        case .table(let children):
            for child in children {
                let inner = SettingsCollector.join(path, child.name)
                if Self.optional.contains(child.name), collector.tables[inner] == nil { continue }
                resolve(child.schema, path: inner)
            }
        case .named(let child):
            for name in collector.members[path] ?? [] {
                let inner = SettingsCollector.join(path, name)
                if case .text(let kind) = collector.values[inner + ".kind"]?.value { self.kind = kind }
                resolve(child, path: inner)
                kind = ""
            }
        case .list(let child):
            for name in collector.members[path] ?? [] { resolve(child, path: "\(path)[\(name)]") }
        }
    }

    private mutating func resolve(_ key: SettingKey, path: String) {
        if let (value, place) = collector.values[path] {
            settings.append(EffectiveSetting(path: path, value: value, origin: place, key: key))
        } else if let value = key.defaultByKind[kind] ?? key.defaultValue {
            settings.append(EffectiveSetting(path: path, value: value, origin: .builtIn, key: key))
        } else if key.isRequired, !collector.problems.contains(where: { $0.key == path }) {
            let table = path.lastIndex(of: ".").map { String(path[..<$0]) } ?? ""
            collector.report(
                SettingsProblem(
                    collector.tables[table] ?? .builtIn, key: path, "is missing, expected \(key.type.allowed)"))
        }
    }
}
