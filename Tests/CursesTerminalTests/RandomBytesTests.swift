import Glibc
import TerminalCells
import TestSupport
import Testing

/// The real program at the mercy of noise: it neither crashes nor hangs, and the terminal is given back.
@Suite(.serialized) struct RandomBytesTests {
    /// What makes a terminal's input what it is: beginnings and ends of sequences, pastes, mouse reports, answers.
    private static let likely = [
        "\u{1B}", "\u{1B}[", "\u{1B}O", "\u{1B}[200~", "\u{1B}[201~", "\u{1B}[<0;10;5M", "\u{1B}[<64;1;1M", "\u{1B}[0n",
        "\u{1B}[A", "\u{1B}[B", "\u{1B}]52;c;", "\u{7}", "\u{1A}", "\r", "\t", ":", "/", "?", "1", "2", "3", "4", "j",
        "k", "G", "gg", "é", "注文", "\u{202E}", "👩‍🍳",
    ]

    @Test func noiseNeitherCrashesNorHangsIt() throws {
        var random = SeededNumbers()
        let seed: Comment = "repeat with GALLEY_SEED=\(random.seed)"
        let nowhere = try NowhereConfiguration()
        for _ in 0..<3 {
            let terminal = try PseudoTerminal(
                [PseudoTerminal.products + "/galley", "--config", nowhere.file],
                environment: nowhere.environment(term: "xterm-256color"),
                width: { $0.unicodeScalars.first.map { max(1, ColumnWidth.columns(of: $0)) } ?? 1 })
            #expect(terminal.wait { $0.isRaw && $0.screen.lines.contains { !$0.isEmpty } }, seed)
            for step in 0..<150 {
                terminal.send(piece(&random))
                if step % 10 == 0 {
                    terminal.resize(
                        columns: Int.random(in: 1...250, using: &random), rows: Int.random(in: 1...80, using: &random))
                }
            }
            // A `q` among the noise may have ended it; else it still obeys.
            terminal.send(Array("\u{1B}[201~".utf8))
            terminal.signal(SIGTERM)
            let status = terminal.end()
            #expect(status == 0 || status == -SIGTERM, seed)
            let (isRaw, isShown, modes) = (terminal.isRaw, terminal.screen.cursorIsShown, terminal.screen.modes)
            #expect(!isRaw && isShown && modes.isDisjoint(with: [1049, 2004, 2026, 1002, 1006]), seed)
        }
    }

    private func piece(_ random: inout SeededNumbers) -> [UInt8] {
        (0..<Int.random(in: 1...20, using: &random)).flatMap { _ -> [UInt8] in
            if Int.random(in: 0..<3, using: &random) > 0 {
                return Array((RandomBytesTests.likely.randomElement(using: &random) ?? "").utf8)
            }
            // A lone q or Ctrl-C would only end it early.
            let byte = UInt8.random(in: 0...255, using: &random)
            return byte == UInt8(ascii: "q") || byte == 3 ? [] : [byte]
        }
    }
}
