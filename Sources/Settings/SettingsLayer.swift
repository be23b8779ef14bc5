/// One source of settings. Later layers win over earlier ones, setting by setting.
public enum SettingsLayer: Sendable {
    /// A TOML file; one that is not required may be absent.
    case file(path: String, isRequired: Bool)
    /// A parsed document, such as the one that the local platform writes.
    case document(TOMLDocument)
    /// The process's environment; variables that the table of settings does not name are ignored.
    case variables([String: String])
    case flags([SettingsFlag])

    /// The usual layers: system file, user's file or the one named, further documents, variables, flags.
    ///
    /// - Parameters:
    ///   - file: of `--config FILE`, instead of the user's file.
    ///   - documents: between the files and the variables.
    public static func standard(
        paths: SettingsPaths, file: String? = nil, documents: [TOMLDocument] = [], variables: [String: String] = [:],
        flags: [SettingsFlag] = []
    ) -> [SettingsLayer] {
        [.file(path: paths.systemFile, isRequired: false)]
            + [file.map { .file(path: $0, isRequired: true) } ?? .file(path: paths.userFile, isRequired: false)]
            + documents.map { .document($0) } + [.variables(variables), .flags(flags)]
    }
}

/// A setting made on the command line.
public struct SettingsFlag: Sendable, Hashable {
    /// As it was typed, for messages: `--theme`.
    public let name: String
    /// `ui.theme`, `environments.prod.redis.bull_prefix`
    public let key: String
    public let value: String

    public init(_ name: String, key: String, value: String) {
        self.name = name
        self.key = key
        self.value = value
    }
}
