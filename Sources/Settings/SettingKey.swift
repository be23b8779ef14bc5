/// One row of the table of settings: it drives validation, `config show`, `config blame` and the documentation.
public struct SettingKey: Sendable, Hashable {
    /// `environments.*.postgres.nodes[].port`: `*` is any name, `[]` a list of tables told apart by their `name`.
    public let pattern: String
    public let type: SettingType
    /// Nil when there is none: then the setting may be absent, unless it is required.
    public let defaultValue: SettingValue?
    /// Defaults that differ for environments of that `kind`.
    public let defaultByKind: [String: SettingValue]
    /// Must be set where its table is.
    public let isRequired: Bool
    /// The environment variable that sets it.
    public let variable: String?
    /// One sentence.
    public let summary: String

    init(
        _ pattern: String, _ type: SettingType, default defaultValue: SettingValue? = nil,
        byKind: [String: SettingValue] = [:], required: Bool = false, variable: String? = nil, _ summary: String
    ) {
        self.pattern = pattern
        self.type = type
        self.defaultValue = defaultValue
        defaultByKind = byKind
        isRequired = required
        self.variable = variable
        self.summary = summary
    }

    /// All settings, in the order in which they are shown and documented.
    public static let all: [SettingKey] =
        general + ui + environment + postgres + redis + services + agents + thresholds + policy

    private static let general = [
        SettingKey(
            "default_environment", .text, default: .text("local"), variable: "GALLEY_ENVIRONMENT",
            "The environment to open when none is named.")
    ]

    private static let ui = [
        SettingKey("ui.theme", .text, default: .text("dark"), variable: "GALLEY_THEME", "The name of the theme."),
        SettingKey("ui.keymap", .text, default: .text("default"), variable: "GALLEY_KEYMAP", "The name of the keymap."),
        SettingKey(
            "ui.refresh", .duration(.milliseconds(100)...(.seconds(3600))), default: .duration(.seconds(1)),
            variable: "GALLEY_REFRESH", "How often the screen shows new data."),
        SettingKey(
            "ui.mouse", .boolean, default: .boolean(false), variable: "GALLEY_MOUSE", "Whether the mouse is used."),
        SettingKey(
            "ui.plain", .boolean, default: .boolean(false), variable: "GALLEY_PLAIN",
            "Whether galley speaks in sentences instead of drawing a screen, as --plain asks for."),
    ]

    private static let environment = [
        SettingKey(
            "environments.*.kind", .choice(EnvironmentKind.allCases.map(\.rawValue)), required: true,
            "What the environment is, which decides its colour, its warnings and its defaults."),
        SettingKey("environments.*.title", .text, "What people call it; its name when absent."),
    ]

    private static let services = [
        SettingKey("environments.*.services[].name", .text, required: true, "The service's name."),
        SettingKey("environments.*.services[].url", .url(["http", "https"]), required: true, "Where it listens."),
        SettingKey(
            "environments.*.services[].health_path", .text, default: .text("/health"), "The path that tells its health."
        ),
        SettingKey("environments.*.api.graphql_url", .url(["http", "https"]), required: true, "The GraphQL address."),
        SettingKey("environments.*.api.token_file", .secretFile, "The file that holds the API's bearer token."),
    ]
}
