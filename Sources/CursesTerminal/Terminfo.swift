import CNcurses
import TerminalCells

/// What terminfo and the environment say of a terminal, as the painter's capabilities.
///
/// ncurses reads terminfo (`setupterm`, `tigetstr`), and nothing more of it is used: `newterm` would write to the
/// terminal, keep a second screen in memory and end the process on its own terms. Nothing is asked of the terminal.
enum Terminfo {
    /// Terminals that follow xterm, many of them missing from a machine's terminfo.
    private static let followers = [
        "xterm", "kitty", "foot", "alacritty", "ghostty", "wezterm", "rio", "contour", "mintty", "konsole", "vte",
        "gnome", "iterm", "putty", "st-", "rxvt", "tmux", "screen",
    ]
    /// Their own names say that they show 24-bit colours.
    private static let trueColor = [
        "xterm-kitty", "foot", "alacritty", "ghostty", "xterm-ghostty", "wezterm", "contour",
    ]

    struct Answer {
        var capabilities: TerminalCapabilities
        /// What the backspace key sends.
        var backspace: UInt8
    }

    /// - Throws: ``TerminalError`` for a terminal on which a screen cannot work.
    static func read(_ environment: TerminalEnvironment, descriptor: Int32) throws(TerminalError) -> Answer {
        guard let term = environment.term else {
            throw TerminalError(
                code: "terminal-unset", target: "TERM", cause: "TERM is not set, so the terminal's kind is not known",
                hint: "set it, for example TERM=xterm-256color, or use galley --plain")
        }
        let isFollower = followers.contains { term.hasPrefix($0) }
        var error: Int32 = 0
        var capabilities: TerminalCapabilities
        if setupterm(term, descriptor, &error) == 0 {
            capabilities = try fromTerminfo(term)
        } else if isFollower, setupterm("xterm-256color", descriptor, &error) == 0 {
            capabilities = try fromTerminfo(term)
        } else if isFollower {
            // A machine without a terminfo database.
            capabilities = .xterm
        } else {
            throw TerminalError(
                code: "terminal-unknown", target: target(term), cause: "this machine does not know such a terminal",
                hint: "set TERM to a kind that it knows (xterm-256color, linux, vt100), or use galley --plain")
        }
        capabilities.name = term
        capabilities.unicode = environment.unicode
        extend(&capabilities, term: term, isFollower: isFollower, environment)
        return Answer(capabilities: capabilities, backspace: string("kbs")?.first ?? 0x7F)
    }

    private static func target(_ term: String) -> String {
        "TERM=" + SafeText.line(term.truncated(to: 40), ascii: true)
    }

    private static func fromTerminfo(_ term: String) throws(TerminalError) -> TerminalCapabilities {
        guard let text = string("cup"), text.starts(with: [0x1B, 0x5B]), let move = numbered("cup") else {
            throw TerminalError(
                code: "terminal-dumb", target: target(term), cause: "this terminal cannot place its cursor",
                hint: "set TERM to what the terminal really is, or use galley --plain")
        }
        var attributes: Style.Attributes = []
        let names: [(String, Style.Attributes)] = [
            ("bold", .bold), ("dim", .dim), ("sitm", .italic), ("smul", .underline), ("rev", .reverse),
            ("smxx", .strike),
        ]
        for (name, attribute) in names where string(name) != nil { attributes.insert(attribute) }
        var it = TerminalCapabilities(
            name: term, colors: depth(tigetnum("colors")), attributes: attributes, moveCursor: move)
        it.attributesWithoutColor = withoutColor(tigetnum("ncv"))
        it.endsAttributes = string("rmul") == Array("\u{1B}[24m".utf8)
        it.moveToColumn = numbered("hpa")
        it.moveToRow = numbered("vpa")
        it.moveUp = numbered("cuu")
        it.moveDown = numbered("cud")
        it.moveRight = numbered("cuf")
        it.moveLeft = numbered("cub")
        it.eraseToEndOfLine = string("el")
        it.eraseCharacters = numbered("ech")
        it.erasesWithBackground = tigetflag("bce") == 1
        it.repeatsCharacters = string("rep").map { $0.contains(0x62) } ?? false
        it.setScrollRegion = numbered("csr")
        it.scrollUp = numbered("indn")
        it.scrollDown = numbered("rin")
        it.reverseIndex = string("ri")
        it.hideCursor = string("civis") ?? []
        it.showCursor = string("cnorm") ?? []
        let clear = string("clear") ?? Array("\u{1B}[H\u{1B}[2J".utf8)
        it.enter = (string("smcup") ?? []) + (string("rmam") ?? []) + (string("sgr0") ?? []) + clear
        let margins = it.setScrollRegion == nil ? [] : Array("\u{1B}[r".utf8)
        // Without an alternate screen the shell goes on on a cleared one.
        it.leave = margins + (string("sgr0") ?? []) + (string("smam") ?? []) + (string("rmcup") ?? clear)
        return it
    }

    /// What terminfo does not tell follows from the family and the environment.
    private static func extend(
        _ it: inout TerminalCapabilities, term: String, isFollower: Bool, _ environment: TerminalEnvironment
    ) {
        let isScreen = term.hasPrefix("screen") && !environment.isInTmux
        let isMultiplexer = term.hasPrefix("screen") || term.hasPrefix("tmux")
        let isModern = isFollower && !isScreen && !term.hasPrefix("rxvt")
        it.bracketedPaste = isFollower
        it.mouse = isFollower
        it.focus = isModern
        it.operatingSystemCommands = isFollower
        it.hyperlinks = isModern
        it.keepsTitle = isModern
        // Known to answer, from the VT100 on.
        it.statusReport = isFollower || term.hasPrefix("vt") || term.hasPrefix("linux")
        // Terminals that do not know the mode swallow it.
        it.synchronizedOutput = isModern
        let says24 = environment.colorTerm == "truecolor" || environment.colorTerm == "24bit"
        let shows24 = trueColor.contains { term == $0 || term.hasPrefix($0 + "-") } || term.hasSuffix("-direct")
        if it.colors >= .eight, isFollower, !isScreen, says24 || (shows24 && !isMultiplexer) {
            it.colors = .direct
        }
        if environment.noColor { it.colors = .mono }
    }

    private static func depth(_ colors: Int32) -> ColorDepth {
        switch colors {
        case 257...: .direct
        case 256: .indexed
        case 16...: .sixteen
        case 8...: .eight
        default: .mono
        }
    }

    /// terminfo's `ncv`: a bit for each attribute that does not go with a colour.
    private static func withoutColor(_ bits: Int32) -> Style.Attributes {
        guard bits > 0 else { return [] }
        var found: Style.Attributes = []
        let names: [(Int32, Style.Attributes)] = [(2, .underline), (4, .reverse), (16, .dim), (32, .bold)]
        for (bit, attribute) in names where bits & bit != 0 { found.insert(attribute) }
        return found
    }

    /// A string without its delays; nil where the terminal lacks it.
    private static func string(_ name: String) -> [UInt8]? {
        guard let pointer = tigetstr(name), Int(bitPattern: pointer) != -1 else { return nil }
        return CapabilityString.withoutPadding(String(cString: pointer))
    }

    private static func numbered(_ name: String) -> CapabilityString? {
        guard let pointer = tigetstr(name), Int(bitPattern: pointer) != -1 else { return nil }
        return CapabilityString(terminfo: String(cString: pointer))
    }
}
