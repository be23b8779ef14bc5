import TestSupport
import Testing

@testable import TerminalCells

/// Graphemes of every width at the edges of the screen and of one another.
@Suite struct CellEdgeTests {
    private func buffer(_ text: String, at column: Int, columns: Int = 6) -> ScreenBuffer {
        var buffer = ScreenBuffer(size: Size(columns: columns, rows: 1))
        buffer.write(text, at: Point(column: column, row: 0), style: .plain)
        return buffer
    }

    @Test func whatDoesNotFitIsNotCutInHalf() {
        #expect(buffer("ab注", at: 3).lines == ["   ab"])
        #expect(buffer("注", at: -1).lines == [""])
        #expect(buffer("e\u{301}", at: 5).lines == ["     e\u{301}"])
        #expect(buffer("👩‍🍳x", at: 4).lines == ["    👩‍🍳"])
    }

    @Test(arguments: 0..<6)
    func whoLosesAHalfLosesBoth(column: Int) {
        var buffer = buffer("注文注", at: 0)
        buffer.write("x", at: Point(column: column, row: 0), style: .plain)
        let continuations = buffer.cells.indices.filter { buffer.cells[$0].isContinuation }
        #expect(continuations.count == 2)
        for place in continuations { #expect(buffer.cells[place - 1].text.columns == 2) }
        #expect(buffer.cells[column].text == "x")
    }

    /// Right-to-left letters are shown cell by cell in the order in which they are stored: a terminal that would
    /// reorder them is told not to, and what stands beside them stays where it is even if it does not obey.
    @Test(arguments: ["שלום", "مرحبا", "a שלום 12", "注 مرحبا"])
    func rightToLeftLettersDisturbNobody(name: String) {
        var bench = Bench(columns: 30, rows: 3)
        for round in 0..<3 {
            var buffer = ScreenBuffer(size: bench.painter.size)
            buffer.write("│ \(name)", at: Point(column: 0, row: 1), style: .plain)
            buffer.write("│ \(round * 7) EUR │", at: Point(column: 16, row: 1), style: .plain)
            let bytes = bench.paint(buffer)
            #expect(bench.differences(buffer).isEmpty)
            // Each is placed by itself, so that no run of them can be turned around as a whole.
            let text = String(decoding: bytes, as: UTF8.self).unicodeScalars
            let pairs = zip(text, text.dropFirst())
            #expect(!pairs.contains { ColumnWidth.isRightToLeft($0) && ColumnWidth.isRightToLeft($1) })
        }
    }

    /// A grapheme of any kind in any column, beside any other: the emulator shows what the buffer holds.
    @Test func everyKindBesideEveryOther() {
        let kinds = ["a", "é", "e\u{301}", "注", "─", "⣿", "👍", "👩‍🍳", "🇩🇪", "1️⃣", "ש", "नि", "\u{1B}", "\u{200B}"]
        for first in kinds {
            for second in kinds {
                for column in 0..<7 {
                    var bench = Bench(columns: 8, rows: 2)
                    var buffer = ScreenBuffer(size: bench.painter.size)
                    buffer.write("xxxxxxxx", at: Point(column: 0, row: 0), style: .plain)
                    bench.paint(buffer)
                    buffer.write(first + second, at: Point(column: column, row: 0), style: .plain)
                    bench.paint(buffer)
                    let wrong = bench.differences(buffer)
                    #expect(wrong.isEmpty, "\(first) \(second) at \(column): \(wrong.prefix(2))")
                }
            }
        }
    }

    /// The quick way through plain signs gives what the long way gives.
    @Test func plainSignsAreWhatTheLongWaySays() {
        let samples = [
            "Küche am Rosenheimer Platz", "│─╮ ▇▁ ⣿ … · ‹›", "Łódź", "ﬁ", "e\u{301}é\u{301}…\u{301}x", "é\r\nb",
            "a\u{200D}é",
            "─\u{FE0F}─", "✓\u{FE0F}", "🇩🇪é🇫🇷", "é\u{20E3}", "1\u{FE0F}\u{20E3}é", "Ж\u{300}", "\u{301}é", "é\u{1B}é",
            "\u{D4E}é", "é\u{1160}", "×\u{1F3FD}", "↔\u{FE0F}", "©", "¼\u{AD}½",
        ]
        for sample in samples {
            var slow: [SafeText.Grapheme] = []
            for character in sample {
                _ = SafeText.forEachGrapheme(in: character) { text, columns in
                    slow.append(SafeText.Grapheme(text: text, columns: columns))
                    return true
                }
            }
            #expect(SafeText.graphemes(sample) == slow, "\(sample.unicodeScalars.map { String($0.value, radix: 16) })")
        }
    }
}
