import Reactor
import TerminalCells
import TestSupport
import Testing

@testable import CursesTerminal

@Suite struct KeyDecoderTests {
    static let table: [(String, String)] = [
        ("a", "a"), ("G", "G"), ("é", "é"), ("注", "注"), (" ", "space"), ("\u{01}", "ctrl-a"), ("\u{1A}", "ctrl-z"),
        ("\u{00}", "ctrl-space"), ("\t", "tab"), ("\r", "enter"), ("\n", "ctrl-j"), ("\u{7F}", "backspace"),
        ("\u{08}", "ctrl-h"), ("\u{1C}", "ctrl-\\"), ("\u{1F}", "ctrl-_"),
        ("\u{1B}[A", "up"), ("\u{1B}OA", "up"), ("\u{1B}[1;5A", "ctrl-up"), ("\u{1B}[1;2B", "shift-down"),
        ("\u{1B}[1;3C", "alt-right"), ("\u{1B}[1;9D", "left"), ("\u{1B}[H", "home"), ("\u{1B}OF", "end"),
        ("\u{1B}[1~", "home"), ("\u{1B}[4~", "end"), ("\u{1B}[7~", "home"), ("\u{1B}[8~", "end"),
        ("\u{1B}[2~", "insert"),
        ("\u{1B}[3~", "delete"), ("\u{1B}[3;5~", "ctrl-delete"), ("\u{1B}[5~", "pageup"),
        ("\u{1B}[6;3~", "alt-pagedown"),
        ("\u{1B}OP", "f1"), ("\u{1B}[11~", "f1"), ("\u{1B}[[A", "f1"), ("\u{1B}[[E", "f5"), ("\u{1B}[15~", "f5"),
        ("\u{1B}[24~", "f12"), ("\u{1B}[1;2P", "shift-f1"), ("\u{1B}[1;5R", "ctrl-f3"), ("\u{1B}[34~", "f20"),
        ("\u{1B}[Z", "shift-tab"), ("\u{1B}[3$", "shift-delete"), ("\u{1B}[5^", "ctrl-pageup"),
        ("\u{1B}[a", "shift-up"),
        ("\u{1B}Oc", "ctrl-right"), ("\u{1B}O5D", "ctrl-left"), ("\u{1B}OM", "enter"), ("\u{1B}Op", "0"),
        ("\u{1B}Ok", "+"),
        ("\u{1B}x", "alt-x"), ("\u{1B}é", "alt-é"), ("\u{1B}\r", "alt-enter"), ("\u{1B}\u{7F}", "alt-backspace"),
        ("\u{1B}\u{01}", "ctrl-alt-a"), ("\u{1B}\u{1B}[A", "alt-up"), ("\u{1B}[97u", "a"), ("\u{1B}[97;5u", "ctrl-a"),
        ("\u{1B}[97;2u", "A"), ("\u{1B}[27;1u", "esc"), ("\u{1B}[13;2u", "shift-enter"), ("\u{1B}[97:65;3:2u", "alt-a"),
        ("\u{1B}[27;5;46~", "ctrl-."), ("\u{1B}[9;2u", "shift-tab"), ("\u{1B}[57400u", "1"), ("\u{1B}[57414u", "enter"),
    ]

    @Test(arguments: table)
    func keys(bytes: String, name: String) {
        var decoder = KeyDecoder()
        let outputs = decoder.feed(bytes.utf8, at: Deadline(nanoseconds: 0))
        #expect(outputs == [.event(.key(Key(parsing: name) ?? .escape))], "\(outputs)")
        #expect(decoder.deadline == nil)
    }

    @Test(arguments: [
        "\u{1B}[?64;1;2c", "\u{1B}[>41;379;0c", "\u{1B}[24;80R", "\u{1B}[?2026;2$y",
        "\u{1B}]11;rgb:0000/0000/0000\u{07}",
        "\u{1B}]11;rgb:0000/0000/0000\u{1B}\\", "\u{1B}P>|XTerm(379)\u{1B}\\", "\u{1B}[8;24;80t", "\u{1B}[97;1:3u",
        "\u{1B}[M !!", "\u{1B}[57441u",
    ])
    func answersAreNoKeys(bytes: String) {
        var decoder = KeyDecoder()
        #expect(decoder.feed((bytes + "j").utf8, at: Deadline(nanoseconds: 0)) == [.event(.key(Key("j")))])
    }

    @Test func aStatusReportIsTold() {
        var decoder = KeyDecoder()
        #expect(decoder.feed("\u{1B}[0n".utf8, at: Deadline(nanoseconds: 0)) == [.statusReport])
    }

    @Test func aLoneEscapeWaits25Milliseconds() {
        var decoder = KeyDecoder()
        let start = Deadline(nanoseconds: 1_000_000_000)
        #expect(decoder.feed([0x1B], at: start).isEmpty)
        #expect(decoder.deadline == start.advanced(by: .milliseconds(25)))
        #expect(decoder.expire(at: start.advanced(by: .milliseconds(24))).isEmpty)
        #expect(decoder.expire(at: start.advanced(by: .milliseconds(25))) == [.event(.key(.escape))])
        #expect(decoder.deadline == nil)
    }

    @Test func escapeTwiceIsEscapeTwice() {
        var decoder = KeyDecoder()
        let start = Deadline(nanoseconds: 0)
        _ = decoder.feed([0x1B, 0x1B], at: start)
        let outputs = decoder.expire(at: start.advanced(by: .milliseconds(25)))
        #expect(outputs == [.event(.key(.escape)), .event(.key(.escape))])
    }

    @Test(
        arguments: [[0xFF], [0xC3], [0xE6, 0xB3], [0xF5, 0x80], [0x80], [0xC2, 0x9B], [0xED, 0xA0, 0x80]] as [[UInt8]])
    func invalidBytesNeverTakeTheNextKey(bytes: [UInt8]) {
        var decoder = KeyDecoder()
        #expect(decoder.feed(bytes + Array("j".utf8), at: Deadline(nanoseconds: 0)) == [.event(.key(Key("j")))])
    }

    @Test func pasteIsTextNeverKeys() {
        var decoder = KeyDecoder()
        let bytes = "\u{1B}[200~rm -rf\r\nq\u{03}\u{1B}[A:quit\r\u{1B}[201~j"
        #expect(
            decoder.feed(bytes.utf8, at: Deadline(nanoseconds: 0)) == [
                .event(.paste("rm -rf\nq\u{03}\u{1B}[A:quit\n")), .event(.key(Key("j"))),
            ])
    }

    @Test func pasteHasALimit() throws {
        var decoder = KeyDecoder()
        let bytes = Array("\u{1B}[200~".utf8) + [UInt8](repeating: 0x61, count: KeyDecoder.pasteLimit + 5000)
        #expect(decoder.feed(bytes, at: Deadline(nanoseconds: 0)).isEmpty)
        let outputs = decoder.feed("\u{1B}[201~j".utf8, at: Deadline(nanoseconds: 0))
        guard case .event(.paste(let text)) = try #require(outputs.first) else { return #expect(Bool(false)) }
        #expect(text.utf8.count == KeyDecoder.pasteLimit)
        #expect(outputs.last == .event(.key(Key("j"))))
    }

    @Test func aPasteWithoutEndEnds() {
        var decoder = KeyDecoder()
        let start = Deadline(nanoseconds: 0)
        _ = decoder.feed("\u{1B}[200~half\u{1B}[20".utf8, at: start)
        #expect(decoder.expire(at: start.advanced(by: .seconds(2))) == [.event(.paste("half\u{1B}[20"))])
        #expect(decoder.feed("j".utf8, at: start.advanced(by: .seconds(3))) == [.event(.key(Key("j")))])
    }

    @Test(arguments: [
        ("\u{1B}[<0;5;3M", MouseEvent(.press(.left), at: Point(column: 4, row: 2))),
        ("\u{1B}[<0;5;3m", MouseEvent(.release(.left), at: Point(column: 4, row: 2))),
        ("\u{1B}[<64;1;1M", MouseEvent(.wheelUp, at: Point(column: 0, row: 0))),
        ("\u{1B}[<81;1;1M", MouseEvent(.wheelDown, at: Point(column: 0, row: 0), modifiers: .ctrl)),
        ("\u{1B}[<34;9;9M", MouseEvent(.drag(.right), at: Point(column: 8, row: 8))),
    ])
    func mouse(bytes: String, event: MouseEvent) {
        var decoder = KeyDecoder()
        #expect(decoder.feed(bytes.utf8, at: Deadline(nanoseconds: 0)) == [.event(.mouse(event))])
    }

    /// However a line cuts what was typed, the same keys come out.
    @Test func anySplitGivesTheSame() {
        var random = SeededNumbers()
        let pieces =
            KeyDecoderTests.table.map(\.0) + ["\u{1B}[200~a\u{1B}b\r\u{1B}[201~", "\u{1B}[<0;5;3M", "\u{1B}[0n"]
        var bytesFed = 0
        while bytesFed < 400_000 {
            let bytes = (0..<60).flatMap { _ in Array((pieces.randomElement(using: &random) ?? "").utf8) }
            bytesFed += bytes.count
            var whole = KeyDecoder()
            var split = KeyDecoder()
            let now = Deadline(nanoseconds: 0)
            let expected = whole.feed(bytes, at: now)
            var found: [KeyDecoder.Output] = []
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Int.random(in: 1...7, using: &random)
                found += split.feed(rest.prefix(count), at: now)
                rest = rest.dropFirst(count)
            }
            guard found == expected else {
                Issue.record("GALLEY_SEED=\(random.seed): \(String(decoding: bytes, as: UTF8.self).debugDescription)")
                return
            }
        }
    }

    /// Noise never stops the decoder: after any bytes and a pause, a key is a key.
    @Test func noiseByTheMillion() {
        var random = SeededNumbers()
        var decoder = KeyDecoder()
        var now = Deadline(nanoseconds: 0)
        let likely: [UInt8] = [0x1B, 0x5B, 0x4F, 0x3B, 0x3C, 0x4D, 0x7E, 0x30, 0x32, 0x24, 0xC3, 0x5D, 0x50]
        for _ in 0..<10_000 {
            let bytes = (0..<100).map { _ in
                Bool.random(using: &random)
                    ? likely.randomElement(using: &random) ?? 0 : UInt8.random(in: 0...255, using: &random)
            }
            _ = decoder.feed(bytes, at: now)
            now = now.advanced(by: .seconds(3))
            while decoder.deadline != nil { _ = decoder.expire(at: now) }
            let outputs = decoder.feed("j".utf8, at: now)
            guard outputs == [.event(.key(Key("j")))] else {
                Issue.record("GALLEY_SEED=\(random.seed): \(bytes)")
                return
            }
        }
    }
}
