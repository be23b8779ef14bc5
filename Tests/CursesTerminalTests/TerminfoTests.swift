import TerminalCells
import Testing

@testable import CursesTerminal

/// What a terminal is taken for, by TERM, COLORTERM, NO_COLOR and the locale. ncurses keeps one terminal at a time.
@Suite(.serialized) struct TerminfoTests {
    private func read(_ term: String, _ more: [String: String] = [:]) throws -> TerminalCapabilities {
        let variables = ["TERM": term, "LANG": "C.UTF-8"].merging(more) { $1 }
        return try Terminfo.read(TerminalEnvironment(variables: variables), descriptor: 1).capabilities
    }

    @Test(arguments: [
        ("xterm-256color", ColorDepth.indexed), ("xterm", .eight), ("tmux-256color", .indexed), ("screen", .eight),
        ("linux", .eight), ("vt100", .mono), ("rxvt", .eight), ("alacritty", .direct), ("foot", .direct),
        ("xterm-kitty", .direct), ("xterm-ghostty", .direct), ("xterm-direct", .direct),
    ])
    func colours(term: String, depth: ColorDepth) throws { #expect(try read(term).colors == depth) }

    @Test(arguments: [
        ("xterm-256color", ColorDepth.direct), ("xterm", .direct), ("tmux-256color", .direct), ("linux", .eight),
        ("vt100", .mono), ("screen", .eight),
    ])
    func trueColourIsWhatTheEnvironmentSays(term: String, depth: ColorDepth) throws {
        #expect(try read(term, ["COLORTERM": "truecolor"]).colors == depth)
        #expect(try read(term, ["COLORTERM": "truecolor", "NO_COLOR": "1"]).colors == .mono)
        #expect(try read(term, ["NO_COLOR": ""]).colors != .mono || term == "vt100")
    }

    /// Not in every machine's terminfo: taken for what they follow, with all that it can do.
    @Test(arguments: ["foot", "foot-extra", "xterm-kitty", "xterm-ghostty", "alacritty", "wezterm", "contour"])
    func terminalsThatTerminfoMayLack(term: String) throws {
        let it = try read(term)
        #expect(it.erasesWithBackground && it.synchronizedOutput && it.bracketedPaste && it.setScrollRegion != nil)
        #expect(it.name == term)
    }

    @Test func whatTerminfoLacksIsNotUsed() throws {
        let vt100 = try read("vt100")
        #expect(!vt100.erasesWithBackground && !vt100.repeatsCharacters && vt100.eraseCharacters == nil)
        #expect(!vt100.operatingSystemCommands && !vt100.bracketedPaste && !vt100.synchronizedOutput)
        let screen = try read("screen")
        #expect(!screen.repeatsCharacters && !screen.synchronizedOutput && !screen.erasesWithBackground)
        let linux = try read("linux")
        #expect(linux.attributesWithoutColor.contains(.underline) && !linux.operatingSystemCommands)
    }

    @Test(arguments: [("", "terminal-unset"), ("dumb", "terminal-dumb"), ("unknown", "terminal-dumb")])
    func whatCannotWorkSaysWhy(term: String, code: String) {
        let found = #expect(throws: TerminalError.self) { try read(term) }
        // Some machines know a terminal called `unknown`, others know none; neither can place a cursor.
        #expect(found.map { [code, "terminal-unknown"].contains($0.code) } ?? false)
        #expect(found?.exitCode == 2)
        #expect(found?.hint.contains("--plain") ?? false)
        #expect(found?.description.contains { $0.isNewline } == false)
    }

    @Test(arguments: [
        (["LANG": "C"], false), (["LANG": "POSIX"], false), (["LANG": "en_US.ISO-8859-1"], false),
        (["LANG": "de_DE.UTF-8"], true), (["LANG": "C", "LC_CTYPE": "C.utf8"], true),
        (["LANG": "C.UTF-8", "LC_ALL": "C"], false), (["LANG": "", "LC_ALL": "en_GB.UTF-8"], true),
    ])
    func lettersByLocale(variables: [String: String], unicode: Bool) {
        #expect(TerminalEnvironment(variables: variables).unicode == unicode)
    }
}

@Suite struct WishTests {
    private func text(_ wish: TerminalWish, _ multiplexer: WishEncoder.Multiplexer = .none) -> String {
        String(decoding: WishEncoder(isSupported: true, multiplexer: multiplexer).bytes(for: wish), as: UTF8.self)
    }

    @Test func copying() {
        #expect(text(.copy("order 17")) == "\u{1B}]52;c;b3JkZXIgMTc=\u{07}")
        // tmux takes it itself where it may, and passes the wrapped one on where it may not.
        #expect(text(.copy("a"), .tmux) == "\u{1B}]52;c;YQ==\u{07}\u{1B}Ptmux;\u{1B}\u{1B}]52;c;YQ==\u{07}\u{1B}\\")
    }

    @Test func screenTakesAnythingInPieces() {
        let wrapped = text(.copy(String(repeating: "x", count: 3000)), .screen)
        let pieces = wrapped.components(between: "\u{1B}P", and: "\u{1B}\\")
        #expect(pieces.count == 6 && pieces.allSatisfy { $0.utf8.count <= 700 })
        #expect(pieces.joined() == text(.copy(String(repeating: "x", count: 3000))))
    }

    @Test func whatIsTooLongIsNotCopiedInPart() {
        #expect(text(.copy(String(repeating: "x", count: 100_000))).isEmpty)
    }

    @Test(arguments: ["\u{1B}]0;evil\u{07}", "a\u{9C}b", "a\u{07}b", "x\u{1B}\\y", "\u{202E}abc", "a\nb"])
    func nothingEndsASequenceFromWithin(hostile: String) {
        for wish in [TerminalWish.title(hostile), .notify(hostile)] {
            let inner = text(wish).dropFirst().dropLast()
            #expect(inner.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
        }
    }

    @Test func aTerminalWithoutThemGetsNothingButTheBell() {
        let encoder = WishEncoder(isSupported: false, multiplexer: .none)
        for wish in [TerminalWish.copy("a"), .title("b"), .notify("c")] { #expect(encoder.bytes(for: wish).isEmpty) }
        #expect(encoder.bytes(for: .bell) == [7])
    }
}

extension String {
    fileprivate func components(between begin: String, and end: String) -> [String] {
        var found: [String] = []
        var rest = self[...]
        while rest.hasPrefix(begin), let range = rest.firstRange(of: end) {
            found.append(String(rest[..<range.lowerBound].dropFirst(begin.count)))
            rest = rest[range.upperBound...]
        }
        return found
    }
}
