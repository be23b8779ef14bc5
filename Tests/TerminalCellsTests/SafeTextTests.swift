import Testing

@testable import TerminalCells

@Suite struct SafeTextTests {
    @Test(arguments: [
        ("plain", "plain"), ("a\u{1B}[2Jb", "a␛[2Jb"), ("a\r\nb\tc", "a‹0D›‹0A›b␉c"), ("\u{7F}", "␡"),
        ("\u{9B}31m", "‹9B›31m"),
        ("ab\u{202E}cd", "ab‹202E›cd"), ("a\u{200B}b", "a‹200B›b"), ("\u{FEFF}x", "‹FEFF›x"), ("\u{E000}", "‹E000›"),
        ("\u{E0041}", "‹E0041›"), ("\u{378}", "‹378›"), ("\u{2028}", "‹2028›"), ("soft\u{AD}", "soft‹AD›"),
        ("é", "é"), ("e\u{301}", "e\u{301}"), ("\u{301}x", "◌\u{301}x"), ("注文", "注文"), ("שלום", "שלום"),
        ("👩‍🍳", "👩‍🍳"), ("🇩🇪", "🇩🇪"), ("1️⃣", "1️⃣"), ("x\u{FE0F}", "x‹FE0F›"), ("❤️", "❤️"), ("a\u{200D}b", "a‹200D›b"),
        ("\u{3164}", "‹3164›"),
    ])
    func madeVisible(text: String, shown: String) {
        let expected = text == "a\r\nb\tc" ? "a␍␊b␉c" : shown
        #expect(SafeText.line(text) == expected)
    }

    @Test func stackedMarksAreCounted() {
        let text = "e" + String(repeating: "\u{301}", count: 31)
        #expect(SafeText.line(text) == "e\u{301}\u{301}\u{301}\u{301}‹+27›")
    }

    @Test(arguments: [
        ("abc", 3), ("注文", 4), ("e\u{301}", 1), ("👩‍🍳", 2), ("🇩🇪", 2), ("1️⃣", 2), ("각", 2), ("ｱ", 1), ("…─●", 3), ("👍🏽", 2),
        ("שלום", 4), ("\u{1100}\u{1161}\u{11A8}", 2),
    ])
    func columns(text: String, columns: Int) { #expect(text.columns == columns) }

    @Test func invalidBytesShowAsReplacement() {
        #expect(SafeText.line(SafeText.string(decoding: [0x61, 0xFF, 0x9B, 0x62])) == "a��b")
    }

    @Test func asciiKeepsColumns() {
        #expect(SafeText.line("│ é 注 → ✓ ▇…", ascii: true) == "| e ?? > v *~")
        #expect(SafeText.line("Łódź Straße", ascii: true).utf8.allSatisfy { $0 < 0x7F })
    }

    @Test func jsonLosesNothingAndHidesNothing() {
        #expect(SafeText.json("a\"\\\n\u{1B}\u{202E}é\u{E0041}") == "\"a\\\"\\\\\\n\\u001B\\u202Eé\\uDB40\\uDC41\"")
    }

    @Test func titlesAndPayloads() {
        #expect(SafeText.title("x\u{07}y") == "x␇y")
        #expect(SafeText.payload("a;b\u{1B}\\c") == "a,b␛\\c")
    }

    /// From any scalars and any bytes: nothing that a terminal obeys, nothing that hides, every row its width.
    @Test func fuzz() {
        var random = Seeded(state: 2026)
        let nasty: [UInt32] = [
            0x1B, 0x9B, 0x202E, 0x2066, 0x200D, 0xFE0F, 0x301, 0x1F468, 0x1F3FD, 0x1F1E6, 0x20E3, 0xD, 0xA, 0x7F,
            0x1160, 0x31, 0x41, 0xE9, 0x2502, 0x2026, 0x411, 0x2194, 0x2713,
        ]
        for _ in 0..<5_000 {
            var view = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0..<12, using: &random) {
                let value =
                    Bool.random(using: &random)
                    ? nasty.randomElement(using: &random) ?? 0 : UInt32.random(in: 0..<0x30000, using: &random)
                if let scalar = Unicode.Scalar(value) { view.append(scalar) }
            }
            let graphemes = SafeText.graphemes(String(view))
            for grapheme in graphemes {
                if grapheme.columns != 1 && grapheme.columns != 2 { Issue.record("width of \(grapheme)") }
                for scalar in grapheme.text.unicodeScalars {
                    let value = scalar.value
                    let isBad =
                        value < 0x20 || (0x7F...0x9F).contains(value) || (0x202A...0x202E).contains(value)
                        || (0x2066...0x2069).contains(value) || value == 0x200B
                    if isBad { Issue.record("\(view.map { String($0.value, radix: 16) })") }
                }
            }
            var slow: [SafeText.Grapheme] = []
            for character in String(view) {
                _ = SafeText.forEachGrapheme(in: character) { text, columns in
                    slow.append(SafeText.Grapheme(text: text, columns: columns))
                    return true
                }
            }
            if slow != graphemes { Issue.record("two ways: \(view.map { String($0.value, radix: 16) })") }
            // What is safe stays as it is: to make it safe twice changes nothing.
            let once = graphemes.map(\.text).joined()
            if SafeText.line(once) != once { Issue.record("not stable: \(view.map { String($0.value, radix: 16) })") }
        }
    }
}

@Suite struct TextLayoutTests {
    @Test func cutting() {
        #expect("supplier".truncated(to: 8) == "supplier")
        #expect("supplier".truncated(to: 5) == "supp…")
        #expect("注文注文".truncated(to: 6) == "注文…")
        #expect("supplier-order-9f3a".truncatedMiddle(to: 11) == "suppl…-9f3a")
        #expect("x".truncated(to: 0) == "")
    }

    @Test func filling() {
        #expect("7".padded(to: 3, .right) == "  7")
        #expect("7".padded(to: 4, .center) == " 7  ")
        #expect("注文".padded(to: 3) == "注…")
        #expect("注文".padded(to: 2) == "… ")
    }

    @Test func wrapping() {
        #expect("the quick brown fox".wrapped(to: 9) == ["the quick", "brown fox"])
        #expect("unbreakable word".wrapped(to: 5) == ["unbre", "akabl", "e", "word"])
        #expect("a\n\nb".wrapped(to: 5) == ["a", "", "b"])
        #expect("注文注文".wrapped(to: 5) == ["注文", "注文"])
    }
}

@Suite struct KeyTests {
    @Test(arguments: [
        "ctrl-d", "alt-x", "f5", "shift-tab", "space", "G", "g", "esc", "ctrl-alt-up", "shift-f12", "-", "ctrl--", "é",
    ])
    func textualForm(text: String) { #expect(Key(parsing: text)?.description == text) }

    @Test(arguments: ["", "f25", "f0", "f05", "ctrl-", "hyper-x", "ab", "ctrl-ctrl-x", "\u{1B}", " "])
    func noKeys(text: String) { #expect(Key(parsing: text) == nil) }

    @Test func oneKeyOneValue() {
        #expect(Key(parsing: "shift-g") == Key("G"))
        #expect(Key(parsing: "Ctrl-D") == .ctrl("d"))
        #expect(Key(parsing: "backtab") == Key(.tab, .shift))
        #expect(Key(parsing: "PgDn") == .pageDown)
    }
}
