import CNcurses
import Glibc
import TerminalCells

/// What terminfo and the environment say of a terminal, as the painter's capabilities.
///
/// ncurses reads terminfo (`setupterm`, `tigetstr`); nothing is asked of the terminal itself.
enum Terminfo {
    /// Terminals that follow xterm but are missing from many machines' terminfo.
    private static let followers = [
        "xterm", "kitty", "foot", "alacritty", "ghostty", "wezterm", "rio", "contour", "tmux", "screen",
    ]

    /// - Parameters:
    ///   - variables: the process's environment: TERM, COLORTERM, NO_COLOR, TMUX.
    ///   - unicode: whether the locale's encoding is UTF-8.
    /// - Throws: ``TerminalError`` for a terminal on which a screen cannot work.
    static func capabilities(
        variables: [String: String], descriptor: Int32, unicode: Bool
    ) throws(TerminalError) -> TerminalCapabilities {
        guard let term = variables["TERM"], !term.isEmpty else {
            throw TerminalError(
                code: "terminal-unset", target: "TERM", cause: "TERM is not set",
                hint: "set it to what your terminal is, for example xterm-256color, or use galley --plain")
        }
        var error: Int32 = 0
        let found = setupterm(term, descriptor, &error) == 0
        var capabilities: TerminalCapabilities
        if found {
            capabilities = try read(term)
        } else if followers.contains(where: { term.contains($0) }) {
            capabilities = .xterm
        } else {
            throw TerminalError(
                code: "terminal-unknown", target: "TERM=\(SafeText.line(term))",
                cause: "terminfo does not know this terminal",
                hint: "install ncurses-term, set TERM to a kind that is known, or use galley --plain")
        }
        capabilities.name = term
        capabilities.unicode = unicode
        extend(&capabilities, term: term, variables: variables)
        return capabilities
    }

    private static func read(_ term: String) throws(TerminalError) -> TerminalCapabilities {
        guard let move = parameterised("cup") else {
            throw TerminalError(
                code: "terminal-dumb", target: "TERM=\(SafeText.line(term))",
                cause: "this terminal cannot move its cursor",
                hint: "use galley --plain")
        }
        var attributes: Style.Attributes = []
        for (name, attribute) in [
            ("bold", Style.Attributes.bold), ("dim", .dim), ("sitm", .italic), ("smul", .underline), ("rev", .reverse),
            ("smxx", .strike),
        ] where string(name) != nil { attributes.insert(attribute) }
        var it = TerminalCapabilities(
            name: term, colors: depth(tigetnum("colors")), attributes: attributes, moveCursor: move)
        it.attributesWithoutColor = withoutColor(tigetnum("ncv"))
        // A terminal without its own end of underline (`rmul`) ends attributes only all at once.
        it.endsAttributes = string("rmul").map { $0.starts(with: Array("\u{1B}[24".utf8)) } ?? false
        it.moveToColumn = parameterised("hpa")
        it.moveToRow = parameterised("vpa")
        it.moveUp = parameterised("cuu")
        it.moveDown = parameterised("cud")
        it.moveRight = parameterised("cuf")
        it.moveLeft = parameterised("cub")
        it.eraseToEndOfLine = string("el")
        it.eraseCharacters = parameterised("ech")
        it.erasesWithBackground = tigetflag("bce") == 1
        it.repeatsCharacters = string("rep") != nil
        it.setScrollRegion = parameterised("csr")
        it.scrollUp = parameterised("indn")
        it.scrollDown = parameterised("rin")
        it.reverseIndex = string("ri")
        it.hideCursor = string("civis") ?? []
        it.showCursor = string("cnorm") ?? []
        let wrapOff = string("rmam") ?? []
        let clear = string("clear") ?? Array("\u{1B}[H\u{1B}[2J".utf8)
        it.enter = (string("smcup") ?? []) + wrapOff + clear
        let wholeScreen = it.setScrollRegion == nil ? [] : Array("\u{1B}[r".utf8)
        let leave = string("rmcup") ?? clear
        it.leave = wholeScreen + (string("sgr0") ?? []) + (wrapOff.isEmpty ? [] : string("smam") ?? []) + leave
        return it
    }

    /// What terminfo does not tell: it follows from the family and the environment.
    private static func extend(_ it: inout TerminalCapabilities, term: String, variables: [String: String]) {
        let isModern = followers.contains { term.contains($0) } || term.hasPrefix("rxvt") || term.hasPrefix("st-")
        let isMultiplexer = term.hasPrefix("screen") || term.hasPrefix("tmux")
        it.bracketedPaste = isModern
        it.mouse = isModern
        it.focus = isModern
        it.operatingSystemCommands = isModern
        it.statusReport = isModern || term.hasPrefix("vt") || term == "linux"
        // Terminals that do not know the mode swallow it; GNU screen would pass it on unpaired.
        it.synchronizedOutput = isModern && !term.hasPrefix("screen") && !term.hasPrefix("rxvt")
        if ["truecolor", "24bit"].contains(variables["COLORTERM"]) || term.hasSuffix("-direct") || term == "xterm-kitty"
        {
            if it.colors >= .eight, !term.hasPrefix("linux") { it.colors = .direct }
        } else if isModern, !isMultiplexer, term.contains("256") {
            it.colors = max(it.colors, .indexed)
        }
        // https://no-color.org: any value that is not empty.
        if let noColor = variables["NO_COLOR"], !noColor.isEmpty { it.colors = .mono }
    }

    private static func depth(_ colors: Int32) -> ColorDepth {
        switch colors {
        case 0x100_0000...: .direct
        case 256...: .indexed
        case 16...: .sixteen
        case 8...: .eight
        default: .mono
        }
    }

    /// terminfo's `ncv`: a bit for each attribute that a colour hides.
    private static func withoutColor(_ bits: Int32) -> Style.Attributes {
        guard bits > 0 else { return [] }
        var hidden: Style.Attributes = []
        for (bit, attribute) in [(2, Style.Attributes.underline), (4, .reverse), (16, .dim), (32, .bold)]
        where bits & Int32(bit) != 0 { hidden.insert(attribute) }
        return hidden
    }

    /// A string capability without its delays; nil where the terminal lacks it.
    private static func string(_ name: String) -> [UInt8]? {
        guard let pointer = tigetstr(name), Int(bitPattern: pointer) != -1 else { return nil }
        return CapabilityString.withoutPadding(String(cString: pointer))
    }

    private static func parameterised(_ name: String) -> CapabilityString? {
        guard let pointer = tigetstr(name), Int(bitPattern: pointer) != -1 else { return nil }
        return CapabilityString(terminfo: String(cString: pointer))
    }
}
