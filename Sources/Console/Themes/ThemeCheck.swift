import Settings
import TerminalCells

/// A theme measured: what is wrong with its text, and how well each role can be read.
public struct ThemeCheck: Sendable {
    /// The least contrast that WCAG 2 calls readable for text (level AA).
    public static let least = 4.5

    /// One role on one background.
    public struct Measure: Sendable, Hashable {
        /// `warning`, or `warning on selection`.
        public let name: String
        public let role: ThemeRole
        public let style: Style
        /// 1 to 21; nil where the terminal chooses a colour, which cannot be known.
        public let ratio: Double?
        /// Where the foreground was chosen: the role's own line, or the colour's in the palette.
        public let place: SettingsPlace

        public var isReadable: Bool { ratio.map { $0 >= ThemeCheck.least } ?? true }
    }

    public let theme: Theme
    public let problems: [SettingsProblem]
    public let measures: [Measure]

    public var isGood: Bool { problems.isEmpty && measures.allSatisfy(\.isReadable) }
    /// The role that is read worst; nil when none can be measured.
    public var worst: Measure? {
        measures.filter { $0.ratio != nil }.min { ($0.ratio ?? 0) < ($1.ratio ?? 0) }
    }

    /// Roles that keep their colour on the selected row, and so must be readable there too.
    private static let onSelection: [ThemeRole] = [
        .text, .muted, .strong, .good, .standby, .notice, .warning, .critical, .failed, .curve,
    ]

    /// Measures a theme that was read.
    ///
    /// - Parameters:
    ///   - text: the theme's own text, to tell lines from; nil for the shipped one of that name.
    ///   - file: what messages call it; empty for a shipped one.
    public init(_ checked: Checked<Theme>, text: String? = nil, file: String = "") {
        theme = checked.value
        problems = checked.problems
        let name = checked.value.name
        let places = ThemePlaces(
            text ?? Shipped.themes[name] ?? "", file: file.isEmpty ? "Themes/\(name).toml" : file)
        var measures = ThemeRole.allCases.map { role in
            let style = checked.value[role]
            return Measure(
                name: role.name, role: role, style: style,
                ratio: Contrast.ratio(style.foreground, on: style.background), place: places.place(of: role))
        }
        let selection = checked.value[.selection]
        if !selection.attributes.contains(.reverse) {
            measures += Self.onSelection.map { role in
                let style = Style(
                    foreground: checked.value[role].foreground, background: selection.background,
                    attributes: checked.value[role].attributes)
                return Measure(
                    name: "\(role.name) on selection", role: role, style: style,
                    ratio: Contrast.ratio(style.foreground, on: style.background), place: places.place(of: role))
            }
        }
        // A theme that could not be read has nothing of its own to measure.
        self.measures = checked.problems.isEmpty ? measures : []
    }
}

/// Where in a theme's file a role's colour was decided.
private struct ThemePlaces {
    private let file: String
    private let own: TOMLNode?
    private let shared: TOMLNode?

    init(_ text: String, file: String) {
        self.file = file
        own = try? TOMLDocument.parse(text, file: file).root
        shared = try? TOMLDocument.parse(Shipped.roles, file: "Themes/roles.toml").root
    }

    func place(of role: ThemeRole) -> SettingsPlace {
        let mine = own?["roles"]?[role.name]?["foreground"]
        if let mine, own?["palette"]?[mine.text ?? ""] == nil { return place(mine) }
        let name = (mine ?? shared?["roles"]?[role.name]?["foreground"])?.text ?? "ink"
        return own?["palette"]?[name].map(place) ?? mine.map(place) ?? SettingsPlace(file)
    }

    private func place(_ node: TOMLNode) -> SettingsPlace {
        SettingsPlace(file, line: node.line, column: node.column)
    }
}
