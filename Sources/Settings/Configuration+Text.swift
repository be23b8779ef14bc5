/// The configuration as text: `config show`, `config blame` and the documentation.
extension Configuration {
    /// `key = value  # from FILE:LINE`, a line a setting.
    public func blame() -> String {
        settings.map { "\($0.path) = \($0.value.toml)  # from \(SettingsText.plain($0.origin.description))\n" }.joined()
    }

    /// The effective settings as a TOML document, which loads to the same configuration.
    public func show() -> String {
        var text = ""
        var table = ""
        for setting in settings {
            let dot = setting.path.lastIndex(of: ".")
            let parent = dot.map { String(setting.path[..<$0]) } ?? ""
            let name = dot.map { setting.path[setting.path.index(after: $0)...] } ?? setting.path[...]
            if parent != table {
                text += text.isEmpty ? "" : "\n"
                let isElement = parent.hasSuffix("]")
                let header = isElement ? parent.prefix { $0 != "[" } : parent[...]
                text += isElement ? "[[\(header)]]\n" : "[\(header)]\n"
                table = parent
            }
            text += "\(name) = \(setting.value.toml)\n"
        }
        return text
    }

    /// The table of settings as Markdown.
    public static func reference() -> String {
        SettingKey.all.reduce(into: "| setting | what it may be | default | meaning |\n|---|---|---|---|\n") {
            text, key in
            let standard = key.defaultValue.map { "`\($0.toml)`" } ?? (key.isRequired ? "required" : "")
            let variable = key.variable.map { " Variable: `\($0)`." } ?? ""
            text += "| `\(key.pattern)` | \(key.type.allowed) | \(standard) | \(key.summary)\(variable) |\n"
        }
    }
}
