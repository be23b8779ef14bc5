import Reactor
import TerminalCells
import Testing

@testable import CursesTerminal

@Suite struct KeyDecoderTests {
    private let start = Deadline(nanoseconds: 1_000_000_000)

    private func decode(_ text: String) -> [KeyDecoder.Output] {
        var decoder = KeyDecoder()
        let now = decoder.feed(Array(text.utf8), at: start)
        return now + decoder.flush(at: start.advanced(by: .seconds(1)))
    }

    private func key(_ key: Key) -> [KeyDecoder.Output] { [.event(.key(key))] }

    @Test(arguments: [
        ("a", Key(.character("a"))), ("G", Key(.character("G"))), ("é", Key(.character("é"))), (" ", .space),
        ("\r", .enter), ("\n", .enter), ("\t", .tab), ("\u{7F}", .backspace), ("\u{04}", .ctrl("d")),
        ("\u{1B}", .escape),
        ("\u{1B}x", .alt("x")), ("\u{1B}[A", .up), ("\u{1B}OB", .down), ("\u{1B}[1;5C", Key(.right, .ctrl)),
        ("\u{1B}[5~", .pageUp), ("\u{1B}[3~", .delete), ("\u{1B}[15~", .function(5)), ("\u{1B}OP", .function(1)),
        ("\u{1B}[[C", .function(3)), ("\u{1B}[Z", .backtab), ("\u{1B}[1;3A", Key(.up, .alt)),
        ("\u{1B}Op", Key(.character("0"))),
        ("\u{1B}[27;5;106~", .ctrl("j")), ("\u{1B}[97;5u", .ctrl("a")),
    ])
    func aSequenceIsAKey(bytes: String, wanted: Key) { #expect(decode(bytes) == key(wanted)) }

    @Test func aSplitSequenceIsOneKeyAndALoneEscapeWaitsOnlyShortly() {
        var decoder = KeyDecoder()
        #expect(decoder.feed([0x1B], at: start) == [])
        #expect(decoder.deadline == start.advanced(by: .milliseconds(25)))
        #expect(decoder.feed(Array("[1;".utf8), at: start.advanced(by: .milliseconds(10))) == [])
        #expect(decoder.feed(Array("5A".utf8), at: start.advanced(by: .milliseconds(20))) == key(Key(.up, .ctrl)))
        #expect(decoder.feed([0x1B], at: start) == [])
        #expect(decoder.flush(at: start.advanced(by: .milliseconds(24))) == [])
        #expect(decoder.flush(at: start.advanced(by: .milliseconds(25))) == key(.escape))
    }

    @Test func pasteIsTextAndNeverCommands() {
        #expect(
            decode("\u{1B}[200~q\r:\u{1B}[Ax\u{1B}[201~j") == [
                .event(.paste("q\n:\u{1B}[Ax")), .event(.key(Key(.character("j")))),
            ])
    }

    @Test func aPasteMayComeByteByByte() {
        var decoder = KeyDecoder()
        var outputs: [KeyDecoder.Output] = []
        for byte in "\u{1B}[200~tomato\u{1B}[201~".utf8 { outputs += decoder.feed([byte], at: start) }
        #expect(outputs == [.event(.paste("tomato"))])
    }

    @Test func anInvalidByteLosesNoKeyAfterIt() {
        var decoder = KeyDecoder()
        #expect(decoder.feed([0xFF, 0x61, 0xC3, 0x28, 0x62], at: start).count == 3)
    }

    @Test func answersAndStringsFromTheTerminalAreNoKeys() {
        #expect(decode("\u{1B}[0n") == [.statusReport])
        #expect(decode("\u{1B}]11;rgb:0000/0000/0000\u{07}x") == key(Key(.character("x"))))
        #expect(decode("\u{1B}[?1;2c") == [])
    }

    @Test func mouseReportsHaveTheirCell() {
        #expect(
            decode("\u{1B}[<0;10;5M") == [.event(.mouse(MouseEvent(.press(.left), at: Point(column: 9, row: 4))))])
    }

    @Test func randomBytesInRandomPiecesNeverTrapOrPileUp() {
        var generator = SystemRandomNumberGenerator()
        let likely: [UInt8] = Array("\u{1B}[O<;0123456789~MmAu\u{7F}é世".utf8)
        for _ in 0..<20_000 {
            var decoder = KeyDecoder()
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let piece = (0..<Int.random(in: 1...8, using: &generator)).map { _ in
                    Bool.random(using: &generator)
                        ? likely.randomElement(using: &generator) ?? 0 : UInt8.random(in: 0...255, using: &generator)
                }
                _ = decoder.feed(piece, at: start)
            }
            // A final end of paste and a while later nothing may be left waiting.
            _ = decoder.feed(Array("\u{1B}[201~".utf8), at: start)
            _ = decoder.flush(at: start.advanced(by: .seconds(1)))
            #expect(decoder.deadline == nil)
        }
    }
}
