/// Galley's configuration: the effective settings of all layers, and the same as values.
public struct Configuration: Sendable, Hashable {
    /// All of them, in the order of the table of settings: what `config show` and `config blame` print.
    public let settings: [EffectiveSetting]
    public let defaultEnvironment: String
    public let ui: InterfaceSettings
    /// In the order in which the layers named them.
    public let environments: [EnvironmentSettings]

    /// The environment of that name, else nil.
    public func environment(named name: String) -> EnvironmentSettings? {
        environments.first { $0.name == name }
    }

    /// Merges layers, later ones over earlier ones, setting by setting; nodes and services merge by their `name`.
    ///
    /// Blocks for as long as the disk does.
    /// - Parameters:
    ///   - layers: see ``SettingsLayer/standard(paths:file:documents:variables:flags:)``.
    ///   - home: the folder that `~/` means.
    ///   - checksFiles: whether the files that settings name must exist, and those with secrets be private.
    /// - Returns: what is usable, and every problem; a setting with a problem counts as not set.
    public static func load(
        layers: [SettingsLayer], home: String = "", checksFiles: Bool = true
    ) -> (configuration: Configuration, problems: [SettingsProblem]) {
        var collector = SettingsCollector(home: home)
        for layer in layers { collector.add(layer) }
        let resolver = SettingsResolver(collector)
        let values = SettingsValues(resolver.settings, members: resolver.collector.members)
        let configuration = Configuration(resolver.settings, values)
        var problems = resolver.collector.problems + ConfigurationChecks.problems(of: configuration)
        if checksFiles { problems += ConfigurationChecks.fileProblems(of: configuration) }
        return (configuration, problems)
    }

    private init(_ settings: [EffectiveSetting], _ values: SettingsValues) {
        self.settings = settings
        defaultEnvironment = values.text("default_environment") ?? "local"
        ui = InterfaceSettings(values)
        environments = values.names("environments").map { EnvironmentSettings($0, values) }
    }
}

/// What holds between settings, and between settings and the disk.
enum ConfigurationChecks {
    static func problems(of configuration: Configuration) -> [SettingsProblem] {
        var problems: [SettingsProblem] = []
        let byPath = Dictionary(uniqueKeysWithValues: configuration.settings.map { ($0.path, $0) })
        if let chosen = byPath["default_environment"], chosen.origin != .builtIn {
            let names = configuration.environments.map(\.name)
            // `local` needs no table: it is what `galley local up` brings up.
            if !names.contains(configuration.defaultEnvironment), configuration.defaultEnvironment != "local" {
                problems.append(
                    SettingsProblem(
                        chosen.origin, key: chosen.path, found: SettingsText.quoted(configuration.defaultEnvironment),
                        expected: names.isEmpty ? "an environment that is configured" : SettingsText.choices(names),
                        hint: SettingsText.suggestion(for: configuration.defaultEnvironment, in: names)))
            }
        }
        let suffix = "_critical"
        for critical in configuration.settings where critical.path.hasSuffix(suffix) {
            guard let normal = byPath[String(critical.path.dropLast(suffix.count))] else { continue }
            if isLess(critical.value, normal.value) {
                // The one that a person wrote, else the defaults would be blamed.
                let written = critical.origin == .builtIn ? normal : critical
                let word = critical.origin == .builtIn ? "at most" : "at least"
                let other = critical.origin == .builtIn ? critical : normal
                let name = other.path.split(separator: ".").last ?? ""
                problems.append(
                    SettingsProblem(
                        written.origin, key: written.path, found: written.value.toml,
                        expected: "\(word) \(name), which is \(other.value.toml)"))
            }
        }
        return problems
    }

    private static func isLess(_ left: SettingValue, _ right: SettingValue) -> Bool {
        switch (left, right) {
        case (.duration(let left), .duration(let right)): left < right
        case (.bytes(let left), .bytes(let right)): left < right
        default: false
        }
    }

    static func fileProblems(of configuration: Configuration) -> [SettingsProblem] {
        configuration.settings.compactMap { setting in
            guard case .text(let path) = setting.value else { return nil }
            switch setting.key.type {
            case .secretFile: return SettingsFile.secretProblem(path, at: setting.origin, key: setting.path)
            case .file where !SettingsFile.exists(path):
                return SettingsProblem(
                    setting.origin, key: setting.path, found: "\(SettingsText.quoted(path)), which does not exist",
                    expected: "a path to a file")
            default: return nil
            }
        }
    }
}
