import TestSupport
import Testing

@testable import TerminalCells

@Suite struct PainterPropertyTests {
    /// Whatever was shown and whatever is wanted: the terminal ends up right, and unchanged means silent.
    @Test(arguments: ["xterm", "plain", "no background", "no scroll"])
    func anyScreenBecomesAnyOther(kind: String) {
        var drawing = Drawing(random: Seeded(state: 7))
        for _ in 0..<20 {
            var bench = Bench(capabilities(kind))
            var buffer = ScreenBuffer(size: bench.painter.size)
            for step in 0..<12 {
                drawing.change(&buffer)
                bench.paint(buffer)
                let wrong = bench.differences(buffer)
                #expect(wrong.isEmpty, "step \(step): \(wrong.prefix(3))")
                if !wrong.isEmpty { return }
                #expect(bench.paint(buffer).isEmpty)
                #expect(bench.terminal.cursorIsShown == (buffer.cursor != nil))
                if let cursor = buffer.cursor {
                    #expect(bench.terminal.row == cursor.row && bench.terminal.column == cursor.column)
                }
            }
        }
    }

    /// Terminals that can do any part of it, in every mixture: the screen is the same.
    @Test func anyCapabilitiesWillDo() {
        var random = Seeded(state: 4711)
        for _ in 0..<60 {
            let it = mixture(&random)
            var drawing = Drawing(random: Seeded(state: random.next()))
            var bench = Bench(it, columns: Int.random(in: 1...50, using: &random), rows: 6)
            var buffer = ScreenBuffer(size: bench.painter.size)
            for step in 0..<8 {
                drawing.change(&buffer)
                bench.paint(buffer)
                let wrong = bench.differences(buffer)
                #expect(wrong.isEmpty, "step \(step) on \(it): \(wrong.prefix(3))")
                if !wrong.isEmpty { return }
                #expect(bench.paint(buffer).isEmpty)
            }
        }
    }

    private func mixture(_ random: inout Seeded) -> TerminalCapabilities {
        var it = TerminalCapabilities.xterm
        func lacks() -> Bool { Bool.random(using: &random) }
        it.colors = ColorDepth.allCases.randomElement(using: &random) ?? .mono
        it.attributes = .init(rawValue: UInt8.random(in: 0..<64, using: &random))
        it.attributesWithoutColor = lacks() ? [.underline] : []
        it.endsAttributes = lacks()
        it.unicode = lacks()
        if lacks() { it.moveToColumn = nil }
        if lacks() { it.moveToRow = nil }
        if lacks() { it.moveUp = nil }
        if lacks() { it.moveDown = nil }
        if lacks() { it.moveRight = nil }
        if lacks() { it.moveLeft = nil }
        if lacks() { it.eraseToEndOfLine = nil }
        if lacks() { it.eraseCharacters = nil }
        it.erasesWithBackground = lacks()
        it.repeatsCharacters = lacks()
        if lacks() { it.setScrollRegion = nil }
        if lacks() { it.scrollUp = nil }
        if lacks() { it.scrollDown = nil }
        if lacks() { it.reverseIndex = nil }
        it.synchronizedOutput = lacks()
        it.hyperlinks = lacks()
        return it
    }

    /// A frame cut into pieces ends like a whole one, whatever else was wanted meanwhile.
    @Test func piecesAddUp() {
        var drawing = Drawing(random: Seeded(state: 99))
        for _ in 0..<30 {
            var bench = Bench()
            var buffer = ScreenBuffer(size: bench.painter.size)
            for _ in 0..<6 {
                drawing.change(&buffer)
                bench.paint(buffer, budget: 40)
            }
            var isComplete = false
            while !isComplete {
                let frame = bench.painter.paint(buffer, budget: 60)
                bench.terminal.feed(frame.bytes)
                isComplete = frame.isComplete
            }
            // Links come when there is room for them.
            bench.paint(buffer)
            #expect(bench.differences(buffer).isEmpty)
        }
    }

    /// Terminals that hold other opinions on the width of emoji disturb nothing but the emoji.
    @Test(arguments: [1, 2])
    func disputedWidthsStayInTheirPlace(opinion: Int) {
        var drawing = Drawing(random: Seeded(state: UInt64(opinion)))
        for _ in 0..<30 {
            var bench = Bench { text in
                guard let scalar = text.unicodeScalars.first else { return 1 }
                return ColumnWidth.isUncertain(text) ? opinion : max(1, ColumnWidth.columns(of: scalar))
            }
            var buffer = ScreenBuffer(size: bench.painter.size)
            for _ in 0..<8 {
                drawing.change(&buffer)
                bench.paint(buffer)
                let wrong = bench.differences(buffer)
                #expect(wrong.isEmpty, "\(wrong.prefix(3))")
                if !wrong.isEmpty { return }
            }
        }
    }

    /// What is filled before and after is never blank between: no flicker.
    @Test func neverBlankOnTheWay() {
        var drawing = Drawing(random: Seeded(state: 5), words: Drawing.undisputed)
        for _ in 0..<12 {
            var bench = Bench()
            var buffer = ScreenBuffer(size: bench.painter.size)
            bench.paint(buffer)
            for _ in 0..<6 {
                let before = bench.terminal
                drawing.change(&buffer)
                let bytes = bench.painter.paint(buffer).bytes
                // A scroll moves rows, it blanks none but those that come in; wide halves go with their other half.
                let scrolls = String(decoding: bytes, as: UTF8.self).contains { $0 == "\n" || $0 == "M" || $0 == "S" }
                let kept = buffer.cells.indices.filter {
                    SafeText.isPlain(buffer.cells[$0].text) && buffer.cells[$0].text != " "
                        && SafeText.isPlain(before.cells[$0].text) && before.cells[$0].text != " "
                }
                for byte in bytes {
                    bench.terminal.feed(byte)
                    if !scrolls { #expect(kept.allSatisfy { bench.terminal.cells[$0].text != " " }) }
                }
            }
        }
    }

    private func capabilities(_ kind: String) -> TerminalCapabilities {
        var it = TerminalCapabilities.xterm
        switch kind {
        case "plain":
            it.moveToColumn = nil
            it.moveToRow = nil
            it.repeatsCharacters = false
            it.eraseCharacters = nil
            it.endsAttributes = false
            it.colors = .eight
            it.unicode = false
            it.attributes = [.bold, .underline, .reverse]
        case "no background":
            it.erasesWithBackground = false
            it.scrollUp = nil
        case "no scroll":
            it.setScrollRegion = nil
            it.colors = .direct
        default: break
        }
        return it
    }
}
