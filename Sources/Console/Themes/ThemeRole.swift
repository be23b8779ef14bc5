/// What a piece of the screen is for; a theme gives each role a style, and code names only roles.
public enum ThemeRole: Int, Sendable, Hashable, CaseIterable {
    /// Ordinary text, and the background of everything.
    case text
    /// What is read second: units, labels, hints.
    case muted
    /// Names and figures that stand out from ordinary text.
    case strong
    /// Panel borders, and the border of the panel that has the keys.
    case border, borderFocused
    /// Panel titles and column heads.
    case title, heading
    /// States; each also has a glyph and a word.
    case good, standby, notice, warning, critical, failed
    /// Data older than its limit.
    case stale
    /// A command that cannot be given now.
    case disabled
    /// The selected row, and a marked one.
    case selection, mark
    /// The letters that a filter or completion matched.
    case match
    /// A key in the footer and in help, and what it does.
    case key, keyTitle
    /// The banner line, and the environments on it.
    case banner, bannerLocal, bannerDev, bannerStaging, bannerDrill, bannerProd
    /// Armed: this console can change things.
    case armed
    /// The tabs, and the one that is open.
    case tab, tabActive
    /// Curves, and the frame around them.
    case curve, axis
    /// The filled and the empty part of a gauge.
    case gauge, gaugeEmpty
    /// The input line, what it proposes, and what is wrong with it.
    case prompt, ghost, error

    /// The word in theme files: `border-focused`.
    public var name: String { ThemeRole.names[rawValue] }

    public init?(name: String) {
        guard let index = ThemeRole.names.firstIndex(of: name) else { return nil }
        self.init(rawValue: index)
    }

    /// In the order of the cases. Written out, because asking the runtime for a case's name costs a start-up more
    /// than all the rest of reading a theme; a test compares the two.
    private static let names = [
        "text", "muted", "strong", "border", "border-focused", "title", "heading", "good", "standby", "notice",
        "warning", "critical", "failed", "stale", "disabled", "selection", "mark", "match", "key", "key-title",
        "banner", "banner-local", "banner-dev", "banner-staging", "banner-drill", "banner-prod", "armed", "tab",
        "tab-active", "curve", "axis", "gauge", "gauge-empty", "prompt", "ghost", "error",
    ]
}
