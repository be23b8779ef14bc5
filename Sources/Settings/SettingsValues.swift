/// Effective settings by path, for building the configuration's values.
struct SettingsValues {
    private let values: [String: SettingValue]
    private let members: [String: [String]]

    init(_ settings: [EffectiveSetting], members: [String: [String]]) {
        values = Dictionary(uniqueKeysWithValues: settings.map { ($0.path, $0.value) })
        self.members = members
    }

    func names(_ path: String) -> [String] { members[path] ?? [] }

    /// Whether anything is set or defaulted below the path.
    func has(_ path: String) -> Bool { values.keys.contains { $0.hasPrefix(path + ".") } }

    func text(_ path: String) -> String? {
        if case .text(let text) = values[path] { text } else { nil }
    }

    func integer(_ path: String) -> Int? {
        if case .integer(let integer) = values[path] { integer } else { nil }
    }

    /// False when absent.
    func boolean(_ path: String) -> Bool { values[path] == .boolean(true) }

    func texts(_ path: String) -> [String] {
        if case .texts(let texts) = values[path] { texts } else { [] }
    }

    /// Zero when absent, which the table's defaults exclude.
    func duration(_ path: String) -> Duration {
        if case .duration(let duration) = values[path] { duration } else { .zero }
    }

    /// Zero when absent, which the table's defaults exclude.
    func bytes(_ path: String) -> Int64 {
        if case .bytes(let bytes) = values[path] { bytes } else { 0 }
    }
}
