import Settings
import TerminalCells
import Testing

@testable import Console

@Suite struct ThemeTests {
    @Test(arguments: Theme.shippedNames) func isReadWithoutProblems(name: String) {
        let loaded = Theme.load(name)
        #expect(loaded.problems.map { "\($0.place) \($0.key) \($0.message)" } == [])
        #expect(loaded.value.name == name)
        #expect(!loaded.value.title.isEmpty)
    }

    @Test func shipsElevenThemes() {
        #expect(
            Theme.shippedNames == [
                "ansi16", "dark", "deutan", "dracula", "gruvbox", "high-contrast", "light", "mono", "nord",
                "solarized-dark", "tritan",
            ])
    }

    @Test func rolesAreCalledInFilesAsTheyAreInCode() {
        for role in ThemeRole.allCases {
            let expected = "\(role)".map { $0.isUppercase ? "-" + $0.lowercased() : String($0) }.joined()
            #expect(role.name == expected)
            #expect(ThemeRole(name: expected) == role)
        }
    }

    /// Colours that the terminal chooses cannot be measured; all others must be readable where they stand.
    @Test(arguments: Theme.shippedNames) func everyRoleIsReadableOnItsBackground(name: String) {
        let theme = Theme.load(name).value
        for role in ThemeRole.allCases {
            let style = theme[role]
            guard let ratio = Contrast.ratio(style.foreground, on: style.background) else { continue }
            #expect(ratio >= 4.5, "\(name): \(role.name) has \(ratio)")
        }
    }

    /// States keep their colour on the selected row, so they must be readable there too.
    @Test(arguments: Theme.shippedNames) func everyStateIsReadableWhenSelected(name: String) {
        let theme = Theme.load(name).value
        let selection = theme[.selection]
        guard !selection.attributes.contains(.reverse) else { return }
        for role in [ThemeRole.text, .muted, .strong, .good, .standby, .notice, .warning, .critical, .failed, .curve] {
            guard let ratio = Contrast.ratio(theme[role].foreground, on: selection.background) else { continue }
            #expect(ratio >= 4.5, "\(name): \(role.name) has \(ratio) on the selection")
        }
    }

    /// Without colours every state still has a glyph of its own, in both sets.
    @Test(arguments: [GlyphSet.unicode, .ascii]) func statesDifferByMoreThanColour(glyphs: GlyphSet) {
        let tones: [Tone] = [.good, .standby, .notice, .warning, .critical, .failed, .unknown, .absent]
        #expect(Set(tones.map(glyphs.status)).count == tones.count)
        #expect(tones.allSatisfy { glyphs.status($0).columns == 1 })
    }

    @Test func environmentsDifferInShapeAndWord() {
        let badges = ["( LOCAL )", "( DEV )", "[ STAGING ]", "< DRILL >", "! PROD !"]
        let kinds = [
            Samples.console(.local), Samples.console(.dev), Samples.console(.staging), Samples.console(.drill),
            Samples.console(.prod),
        ]
        #expect(kinds.map { Banner.badge($0.environment).text } == badges)
    }

    @Test func contrastIsTheOneOfWCAG() throws {
        let white = Color.rgb(red: 255, green: 255, blue: 255)
        let black = Color.rgb(red: 0, green: 0, blue: 0)
        let grey = Color.rgb(red: 0x76, green: 0x76, blue: 0x76)
        #expect(try abs(#require(Contrast.ratio(white, on: black)) - 21) < 0.001)
        #expect(try abs(#require(Contrast.ratio(grey, on: white)) - 4.54) < 0.01)
        #expect(Contrast.ratio(.standard, on: black) == nil)
    }

    @Test(arguments: [
        ("title = \"x\"", "palette is missing"),
        ("[palette]\nbase = \"#12\"", "2: palette.base found"),
        (
            "[palette]\nbase = \"red\"\n[roles]\ntext = { foreground = \"nowhere\" }",
            "4: roles.text.foreground no colour"
        ),
        (
            "[palette]\nbase = \"red\"\n[roles]\ntext = { attributes = [\"fat\"] }",
            "4: roles.text.attributes no attribute"
        ),
        ("[palette]\nbase = \"red\"\n[roles]\ntxt = { attributes = [\"bold\"] }", "4: roles.txt unknown key"),
        ("[palette\n", "no TOML"),
    ]) func tellsWhatIsWrongAndWhere(text: String, expected: String) {
        let problems = Theme.parse(text, name: "mine", file: "mine.toml").problems
        let told = problems.map { "\($0.line): \($0.key) \($0.message)" }
        #expect(told.contains { $0.contains(expected) }, "\(told)")
    }

    @Test func anUnknownThemeNamesTheKnownOnes() {
        let loaded = Theme.load("nosuch")
        #expect(loaded.value == .plain)
        #expect(loaded.problems.first?.hint.contains("solarized-dark") == true)
    }
}
