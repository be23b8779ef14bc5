import Glibc

/// What the environment says of the terminal, as a value: a test has one of its own.
struct TerminalEnvironment: Sendable, Hashable {
    var term: String?
    var colorTerm: String?
    var noColor: Bool
    var unicode: Bool
    /// Inside tmux, whatever TERM says.
    var isInTmux: Bool

    init(variables: [String: String]) {
        func value(_ name: String) -> String? { variables[name].flatMap { $0.isEmpty ? nil : $0 } }
        term = value("TERM")
        colorTerm = value("COLORTERM")
        // https://no-color.org: any value that is not empty.
        noColor = value("NO_COLOR") != nil
        isInTmux = value("TMUX") != nil
        // The first of these that is set decides, as for every program. None at all, as in a bare container,
        // says nothing; then the terminal is one of today.
        let locale = value("LC_ALL") ?? value("LC_CTYPE") ?? value("LANG")
        let name = locale?.lowercased() ?? "utf-8"
        unicode = name.contains("utf-8") || name.contains("utf8")
    }

    /// That of this process.
    static func current() -> TerminalEnvironment {
        var variables: [String: String] = [:]
        for name in ["TERM", "COLORTERM", "NO_COLOR", "TMUX", "LC_ALL", "LC_CTYPE", "LANG"] {
            if let value = getenv(name) { variables[name] = String(cString: value) }
        }
        return TerminalEnvironment(variables: variables)
    }
}
