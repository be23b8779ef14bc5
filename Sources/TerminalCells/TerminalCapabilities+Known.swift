extension TerminalCapabilities {
    /// xterm and everything that follows it: what a terminal is taken for whose name terminfo does not have.
    public static let xterm: TerminalCapabilities = {
        func capability(_ text: String) -> CapabilityString {
            guard let parsed = CapabilityString(terminfo: text) else { preconditionFailure("a literal of this file") }
            return parsed
        }
        var it = TerminalCapabilities(
            name: "xterm-256color", colors: .indexed,
            attributes: [.bold, .dim, .italic, .underline, .reverse, .strike],
            moveCursor: capability("\u{1B}[%i%p1%d;%p2%dH"))
        it.moveToColumn = capability("\u{1B}[%i%p1%dG")
        it.moveToRow = capability("\u{1B}[%i%p1%dd")
        it.moveUp = capability("\u{1B}[%p1%dA")
        it.moveDown = capability("\u{1B}[%p1%dB")
        it.moveRight = capability("\u{1B}[%p1%dC")
        it.moveLeft = capability("\u{1B}[%p1%dD")
        it.eraseToEndOfLine = Array("\u{1B}[K".utf8)
        it.eraseCharacters = capability("\u{1B}[%p1%dX")
        it.erasesWithBackground = true
        it.repeatsCharacters = true
        it.setScrollRegion = capability("\u{1B}[%i%p1%d;%p2%dr")
        it.scrollUp = capability("\u{1B}[%p1%dS")
        it.scrollDown = capability("\u{1B}[%p1%dT")
        it.reverseIndex = Array("\u{1B}M".utf8)
        it.hideCursor = Array("\u{1B}[?25l".utf8)
        it.showCursor = Array("\u{1B}[?25h".utf8)
        it.enter = Array("\u{1B}[?1049h\u{1B}[?7l\u{1B}[H\u{1B}[2J".utf8)
        it.leave = Array("\u{1B}[r\u{1B}[m\u{1B}[?7h\u{1B}[?1049l".utf8)
        it.synchronizedOutput = true
        it.bracketedPaste = true
        it.mouse = true
        it.focus = true
        it.operatingSystemCommands = true
        it.hyperlinks = true
        it.keepsTitle = true
        it.statusReport = true
        return it
    }()
}
