import Settings
import TerminalCells

/// A theme or keymap that was read, with everything that was wrong with its text; what was right is used.
public struct Checked<Value: Sendable>: Sendable {
    public let value: Value
    public let problems: [SettingsProblem]

    public init(_ value: Value, problems: [SettingsProblem] = []) {
        self.value = value
        self.problems = problems
    }
}

extension Theme {
    /// Reads a theme by its name.
    ///
    /// - Parameters:
    ///   - userText: the user's own file of that name, which goes before a shipped one.
    ///   - file: the user's file, for messages.
    public static func load(_ name: String, userText: String? = nil, file: String = "") -> Checked<Theme> {
        if let userText { return parse(userText, name: name, file: file.isEmpty ? "\(name).toml" : file) }
        if let text = Shipped.themes[name] { return parse(text, name: name, file: "Themes/\(name).toml") }
        let known = Shipped.themeNames.joined(separator: ", ")
        return Checked(
            .plain, problems: [SettingsProblem(.builtIn, "no theme is called “\(name)”", hint: "there are \(known)")])
    }

    /// The names of the themes that are compiled in.
    public static var shippedNames: [String] { Shipped.themeNames }

    /// Reads a theme's text: its palette, the roles that all themes share, and its own changes to them.
    static func parse(_ text: String, name: String, file: String) -> Checked<Theme> {
        do throws(SettingsProblem) {
            let shared = try TOMLDocument.parse(Shipped.roles, file: "Themes/roles.toml")
            let document = try TOMLDocument.parse(text, file: file)
            let reader = TOMLReader(document)
            let title = reader.text("title") ?? ""
            let isLight = reader.text("appearance", among: ["dark", "light"]) == "light"
            reader.require("palette", "a table of colours")
            var parser = ThemeParser()
            parser.readPalette(document, reader)
            let sharedReader = TOMLReader(shared)
            _ = sharedReader.text("title")
            parser.readRoles(shared, sharedReader)
            parser.readRoles(document, reader)
            let theme = Theme(name: name, title: title, isLight: isLight, styles: parser.styles)
            let problems = reader.finish() + sharedReader.finish() + parser.problems
            return Checked(theme, problems: problems.sorted { ($0.line, $0.column) < ($1.line, $1.column) })
        } catch {
            return Checked(.plain, problems: [error])
        }
    }
}

/// Palette and roles on their way to styles.
private struct ThemeParser {
    var palette: [String: Color] = [:]
    var styles: [ThemeRole: Style] = [:]
    var problems: [SettingsProblem] = []

    mutating func readPalette(_ document: TOMLDocument, _ reader: TOMLReader) {
        guard let table = reader.table("palette") else { return }
        for entry in table.entries() {
            guard let color = entry.node.text.flatMap(Color.init(theme:)) else {
                table.wrong(entry, expected: "a colour: #rrggbb, a number to 255, standard, red, bright-red, …")
                continue
            }
            palette[entry.key] = color
        }
    }

    mutating func readRoles(_ document: TOMLDocument, _ reader: TOMLReader) {
        guard let roles = reader.table("roles") else { return }
        // Ordinary text first: other roles stand on its background.
        for role in ThemeRole.allCases {
            guard let table = roles.table(role.name) else { continue }
            var style = styles[role] ?? styles[.text] ?? .plain
            if styles[role] == nil { style.attributes = [] }
            for (key, path) in [("foreground", \Style.foreground), ("background", \Style.background)] {
                guard let name = table.text(key) else { continue }
                if let color = palette[name] ?? Color(theme: name) {
                    style[keyPath: path] = color
                } else {
                    note(document, role, key, "no colour “\(name)” in the palette")
                }
            }
            if let names = table.texts("attributes") {
                style.attributes = []
                for name in names {
                    if let attribute = Style.Attributes(theme: name) {
                        style.attributes.insert(attribute)
                    } else {
                        note(
                            document, role, "attributes",
                            "no attribute “\(name)”: bold, dim, italic, underline, reverse, strike")
                    }
                }
            }
            styles[role] = style
        }
    }

    private mutating func note(_ document: TOMLDocument, _ role: ThemeRole, _ key: String, _ message: String) {
        let node = document.root["roles"]?[role.name]?[key]
        let place = SettingsPlace(document.file, line: node?.line ?? 0, column: node?.column ?? 0)
        problems.append(SettingsProblem(place, key: "roles.\(role.name).\(key)", message))
    }
}

extension Style.Attributes {
    /// By the word in theme files.
    init?(theme name: String) {
        switch name {
        case "bold": self = .bold
        case "dim": self = .dim
        case "italic": self = .italic
        case "underline": self = .underline
        case "reverse": self = .reverse
        case "strike": self = .strike
        default: return nil
        }
    }
}

extension Color {
    private static let words = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"]

    /// `#rrggbb`, a number of the 256-colour palette, `standard`, or one of the sixteen by name.
    init?(theme text: String) {
        if text == "standard" {
            self = .standard
        } else if let index = UInt8(text) {
            self = .indexed(index)
        } else if let index = Color.words.firstIndex(of: text) {
            self = .indexed(UInt8(index))
        } else if text.hasPrefix("bright-"), let index = Color.words.firstIndex(of: String(text.dropFirst(7))) {
            self = .indexed(UInt8(index + 8))
        } else if text.utf8.count == 7, text.first == "#", let value = UInt32(text.dropFirst(), radix: 16) {
            self = .rgb(red: UInt8(value >> 16), green: UInt8(value >> 8 & 0xFF), blue: UInt8(value & 0xFF))
        } else {
            return nil
        }
    }
}
