import TerminalCells

/// Colours and attributes in words, for terminals that show none and for people who see none.
public enum ThemeWords {
    /// `bright on selected`, `#ff8178, bold`.
    public static func describe(_ style: Style) -> String {
        let colors = "\(name(style.foreground)) on \(name(style.background))"
        let attributes = attributes(style.attributes)
        return attributes.isEmpty ? colors : "\(colors), \(attributes.joined(separator: ", "))"
    }

    /// `#ff8178`, `bright-red`, `colour 208`, `standard`.
    public static func name(_ color: Color) -> String {
        switch color {
        case .standard: return "standard"
        case .indexed(let number) where number < 16:
            let words = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"]
            return (number < 8 ? "" : "bright-") + words[Int(number) % 8]
        case .indexed(let number): return "colour \(number)"
        case .rgb(let red, let green, let blue):
            return "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
    }

    public static func attributes(_ attributes: Style.Attributes) -> [String] {
        let words: [(Style.Attributes, String)] = [
            (.bold, "bold"), (.dim, "dim"), (.italic, "italic"), (.underline, "underline"), (.reverse, "reverse"),
            (.strike, "strike"),
        ]
        return words.filter { attributes.contains($0.0) }.map(\.1)
    }

    /// What a role is for, as a line that could stand on the screen.
    public static func sample(_ role: ThemeRole) -> String {
        switch role {
        case .text: "Kitchen Zürich Nord orders from Frischhof"
        case .muted: "placed by, 14:03:22 UTC, 12.4 MB"
        case .strong: "eu-west-1a  1,284 orders"
        case .border: "╭──────────────╮"
        case .borderFocused: "╭─ has the keys ─╮"
        case .title: "Databases"
        case .heading: "ORDER  STATUS  DUE"
        case .good: "● healthy"
        case .standby: "○ replica"
        case .notice: "· paused on purpose"
        case .warning: "◆ queue lag 72 s"
        case .critical: "▲ no primary"
        case .failed: "✕ no answer"
        case .stale: "38 s old"
        case .disabled: "needs the role operator"
        case .selection: "▸ 20500  submitted"
        case .mark: "◉ 20499"
        case .match: "sup"
        case .key: "ctrl-d"
        case .keyTitle: "half a page down"
        case .banner: "primary eu-west-1a   viewer   14:03:22 UTC"
        case .bannerLocal: "( LOCAL )"
        case .bannerDev: "( DEV )"
        case .bannerStaging: "[ STAGING ]"
        case .bannerDrill: "< DRILL >"
        case .bannerProd: "! PROD !"
        case .armed: " ARMED "
        case .tab: " 2 Orders "
        case .tabActive: " 1 Overview "
        case .curve: "▁▂▃▅▇█▆▄▂▁"
        case .axis: "0 ┄┄┄┄┄┄ 60 s"
        case .gauge: "████████"
        case .gaugeEmpty: "░░░░░░░░"
        case .prompt: ":orders late"
        case .ghost: "late:yes"
        case .error: "no field is called “stauts”"
        }
    }
}
