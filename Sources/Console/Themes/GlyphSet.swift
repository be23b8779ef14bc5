/// The signs that the console draws with: one set for terminals with UTF-8, one for those without.
public struct GlyphSet: Sendable, Equatable {
    public let isASCII: Bool
    /// Eight heights, lowest first, for sparklines.
    let levels: [String]
    let horizontal: String
    let vertical: String
    let topLeft: String
    let topRight: String
    let bottomLeft: String
    let bottomRight: String
    let branch: String
    let lastBranch: String
    let trunk: String
    let arrow: String
    let cursor: String
    /// At the far end of a long selected row.
    let cursorBack: String
    let mark: String
    let bullet: String
    let ellipsis: String
    let sortedUp: String
    let sortedDown: String
    let gaugeFull: String
    let gaugeEmpty: String
    let gap: String
    let leftCap: String
    let rightCap: String

    public static let unicode = GlyphSet(
        isASCII: false, levels: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"], horizontal: "─", vertical: "│", topLeft: "╭",
        topRight: "╮", bottomLeft: "╰", bottomRight: "╯", branch: "├", lastBranch: "└", trunk: "│", arrow: "▶",
        cursor: "▸", cursorBack: "◂", mark: "◉", bullet: "·", ellipsis: "…", sortedUp: "↑", sortedDown: "↓",
        gaugeFull: "▇",
        gaugeEmpty: "▁", gap: " ", leftCap: "▐", rightCap: "▌")

    public static let ascii = GlyphSet(
        isASCII: true, levels: [".", ".", ":", "-", "=", "+", "*", "#"], horizontal: "-", vertical: "|", topLeft: "+",
        topRight: "+", bottomLeft: "+", bottomRight: "+", branch: "|", lastBranch: "`", trunk: "|", arrow: ">",
        cursor: ">", cursorBack: "<", mark: "+", bullet: "-", ellipsis: "~", sortedUp: "^", sortedDown: "v",
        gaugeFull: "#",
        gaugeEmpty: ".", gap: " ", leftCap: "[", rightCap: "]")

    /// The sign before a state's word.
    func status(_ tone: Tone) -> String {
        switch tone {
        case .good: isASCII ? "*" : "●"
        case .standby: isASCII ? "o" : "○"
        case .notice: isASCII ? "-" : "·"
        case .warning: isASCII ? "!" : "◆"
        case .critical: isASCII ? "#" : "▲"
        case .failed: isASCII ? "x" : "✕"
        case .unknown: "?"
        case .absent: isASCII ? "." : "┄"
        }
    }
}
