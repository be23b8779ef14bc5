import TerminalCells

/// The look of the console: a style for every role.
public struct Theme: Sendable, Equatable {
    public let name: String
    /// One line for the list of themes.
    public let title: String
    /// Whether the background is light.
    public let isLight: Bool
    private var styles: [Style]

    /// - Parameter styles: roles that are missing look like ordinary text.
    public init(name: String, title: String, isLight: Bool, styles: [ThemeRole: Style]) {
        self.name = name
        self.title = title
        self.isLight = isLight
        let base = styles[.text] ?? .plain
        self.styles = ThemeRole.allCases.map { styles[$0] ?? base }
    }

    public subscript(role: ThemeRole) -> Style { styles[role.rawValue] }

    /// Attributes only: what is drawn when no theme file can be used, on any terminal and under NO_COLOR.
    public static let plain = Theme(
        name: "plain", title: "No colours, attributes only", isLight: false,
        styles: [
            .strong: Style(attributes: .bold), .muted: Style(attributes: .dim), .border: Style(attributes: .dim),
            .borderFocused: Style(attributes: .bold), .title: Style(attributes: .bold),
            .heading: Style(attributes: .underline), .warning: Style(attributes: .bold),
            .critical: Style(attributes: [.bold, .reverse]), .failed: Style(attributes: [.bold, .underline]),
            .stale: Style(attributes: [.dim, .italic]), .disabled: Style(attributes: .dim),
            .selection: Style(attributes: .reverse), .mark: Style(attributes: .bold),
            .match: Style(attributes: .underline), .key: Style(attributes: .bold),
            .banner: Style(attributes: .reverse), .bannerLocal: Style(attributes: .reverse),
            .bannerDev: Style(attributes: .reverse), .bannerStaging: Style(attributes: [.reverse, .underline]),
            .bannerDrill: Style(attributes: [.reverse, .bold, .underline]),
            .bannerProd: Style(attributes: [.reverse, .bold]), .armed: Style(attributes: [.reverse, .bold]),
            .tabActive: Style(attributes: [.bold, .reverse]), .axis: Style(attributes: .dim),
            .gaugeEmpty: Style(attributes: .dim), .ghost: Style(attributes: .dim), .error: Style(attributes: .bold),
        ])
}
