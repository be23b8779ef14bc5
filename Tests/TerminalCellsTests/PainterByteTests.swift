import TestSupport
import Testing

@testable import TerminalCells

/// What actions cost, byte by byte: a change here is a change of what a slow line must carry.
@Suite struct PainterByteTests {
    private func console(selected: Int = 4, clock: String = "12:00:00", first: Int = 0) -> ScreenBuffer {
        var buffer = ScreenBuffer(size: Size(columns: 80, rows: 24))
        let banner = Style(foreground: .indexed(15), background: .indexed(4), attributes: .bold)
        buffer.fill(Rect(column: 0, row: 0, columns: 80, rows: 1), with: Cell(" ", style: banner))
        buffer.write("LOCAL  eu-west-1  read-only", at: Point(column: 1, row: 0), style: banner)
        buffer.write(clock + "Z", at: Point(column: 70, row: 0), style: banner)
        for row in 2..<23 {
            let number = first + row - 2
            let style = row == selected ? Style(background: .indexed(238), attributes: .bold) : .plain
            buffer.fill(Rect(column: 0, row: row, columns: 80, rows: 1), with: Cell(" ", style: style))
            let kitchen = "order \(1000 + number)  kitchen \(number % 7)  normalised"
            buffer.write(kitchen, at: Point(column: 2, row: row), style: style)
            let value = "\(number * 37 % 991).50 EUR".padded(to: 12, .right)
            buffer.write(value, at: Point(column: 60, row: row), style: style)
        }
        return buffer
    }

    private func bench() -> Bench {
        var bench = Bench(columns: 80, rows: 24)
        bench.painter.assumeCleared(size: bench.painter.size)
        bench.paint(console())
        return bench
    }

    @Test func nothingChanged() {
        var bench = bench()
        #expect(bench.paint(console()).isEmpty)
    }

    @Test func aClockThatTicks() {
        var bench = bench()
        let bytes = bench.paint(console(clock: "12:00:01"))
        #expect(String(decoding: bytes, as: UTF8.self) == "\u{1B}[;78H\u{1B}[1;97;44m1")
        #expect(bench.paint(console(clock: "12:00:02")).count <= 3)
    }

    @Test func anArrowKey() {
        var bench = bench()
        let bytes = bench.paint(console(selected: 5))
        #expect(bytes.count <= 150, "\(String(decoding: bytes, as: UTF8.self).debugDescription)")
        #expect(bench.differences(console(selected: 5)).isEmpty)
    }

    @Test func aListThatScrollsByOne() {
        var bench = bench()
        let next = console(selected: 4, first: 1)
        let bytes = bench.paint(next)
        #expect(bytes.count <= 250, "\(bytes.count): \(String(decoding: bytes, as: UTF8.self).debugDescription)")
        #expect(bench.differences(next).isEmpty)
    }

    @Test func aWholeScreen() {
        var bench = Bench(columns: 80, rows: 24)
        let bytes = bench.paint(console())
        #expect(bytes.count <= 1400, "\(bytes.count)")
        #expect(bench.differences(console()).isEmpty)
    }

    @Test func aBoxCostsItsCorners() {
        var bench = bench()
        var buffer = ScreenBuffer(size: bench.painter.size)
        bench.paint(buffer)
        buffer.write(String(repeating: "─", count: 78), at: Point(column: 1, row: 3), style: .plain)
        #expect(bench.paint(buffer).count <= 20)
        #expect(bench.differences(buffer).isEmpty)
    }

    @Test(arguments: [(ColorDepth.direct, "38;2;10;200;30"), (.indexed, "38;5;40"), (.sixteen, "32"), (.eight, "32")])
    func coloursByDepth(depth: ColorDepth, code: String) {
        var capabilities = TerminalCapabilities.xterm
        capabilities.colors = depth
        var bench = Bench(capabilities)
        bench.painter.assumeCleared(size: bench.painter.size)
        var buffer = ScreenBuffer(size: bench.painter.size)
        buffer.write("x", at: Point(column: 0, row: 0), style: Style(foreground: .rgb(red: 10, green: 200, blue: 30)))
        #expect(String(decoding: bench.paint(buffer), as: UTF8.self) == "\u{1B}[\(code)mx")
    }

    @Test func aLinkIsBegunAndEnded() {
        var bench = Bench()
        bench.painter.assumeCleared(size: bench.painter.size)
        var buffer = ScreenBuffer(size: bench.painter.size)
        buffer.write("runbook", at: Point(column: 0, row: 0), style: .plain)
        buffer.link(Rect(column: 0, row: 0, columns: 7, rows: 1), to: "https://example.org/a")
        let link = "\u{1B}]8;;https://example.org/a\u{1B}\\runbook\u{1B}]8;;\u{1B}\\"
        #expect(String(decoding: bench.paint(buffer), as: UTF8.self) == link)
        #expect(bench.paint(buffer).isEmpty)
        #expect(bench.terminal.cells[6].link == "https://example.org/a" && bench.terminal.cells[7].link.isEmpty)
        for hostile in ["", "https://a b", "https://a\u{1B}\\b", "https://é", "x\u{7}"] {
            buffer.link(Rect(column: 0, row: 1, columns: 7, rows: 1), to: hostile)
        }
        #expect(buffer.links == ["https://example.org/a"])
    }

    @Test func aTerminalWithoutLinksGetsTheText() {
        var capabilities = TerminalCapabilities.xterm
        capabilities.hyperlinks = false
        var bench = Bench(capabilities)
        bench.painter.assumeCleared(size: bench.painter.size)
        var buffer = ScreenBuffer(size: bench.painter.size)
        buffer.write("runbook", at: Point(column: 0, row: 0), style: .plain)
        buffer.link(Rect(column: 0, row: 0, columns: 7, rows: 1), to: "https://example.org/a")
        #expect(String(decoding: bench.paint(buffer), as: UTF8.self) == "runbook")
    }

    @Test func withoutColourASelectionIsReversed() {
        var capabilities = TerminalCapabilities.xterm
        capabilities.colors = .mono
        var bench = Bench(capabilities)
        bench.painter.assumeCleared(size: bench.painter.size)
        var buffer = ScreenBuffer(size: bench.painter.size)
        let style = Style(foreground: .indexed(0), background: .indexed(7))
        buffer.write("x", at: Point(column: 0, row: 0), style: style)
        #expect(String(decoding: bench.paint(buffer), as: UTF8.self) == "\u{1B}[7mx")
    }
}
