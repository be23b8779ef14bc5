import Glibc
import PlatformModel
import TerminalCells
import Testing

@testable import Console

/// Every screen at three sizes and in every state, compared with what was recorded and looked at by eye.
///
/// A golden is the screen as text, and below it the roles' styles as letters. To record anew after a wanted change:
/// `GALLEY_RECORD=1 swift test --filter GoldenTests`, then read the difference before committing it.
@Suite struct GoldenTests {
    static let sizes = [Size(columns: 80, rows: 24), Size(columns: 120, rows: 40), Size(columns: 200, rows: 60)]

    @Test(arguments: Scene.all.map(\.name), sizes) func looksAsRecorded(name: String, size: Size) throws {
        let scene = try #require(Scene.all.first { $0.name == name })
        let screen = scene.state(size).render(size: size)
        try Golden.compare(Golden.text(screen), with: "\(name)-\(size.columns)x\(size.rows)")
    }

    @Test func looksAsRecordedWithoutUTF8() throws {
        let size = Size(columns: 80, rows: 24)
        for name in ["overview", "queues", "database"] {
            var scene = try #require(Scene.all.first { $0.name == name })
            scene.glyphs = .ascii
            let screen = scene.state(size).render(size: size)
            for cell in screen.cells { #expect(cell.text.utf8.allSatisfy { $0 < 0x80 }, "\(name): \(cell.text)") }
            try Golden.compare(Golden.text(screen), with: "\(name)-ascii")
        }
    }
}

enum Golden {
    /// The lines, then the same lines with a letter for each style and a legend.
    static func text(_ screen: ScreenBuffer) -> String {
        var letters: [Style: Character] = [:]
        var legend: [String] = []
        var map: [String] = []
        for row in 0..<screen.size.rows {
            var line = ""
            for cell in screen.row(row) {
                if letters[cell.style] == nil {
                    let letter = Character(Unicode.Scalar(UInt8(97 + min(25, letters.count))))
                    letters[cell.style] = letter
                    legend.append("\(letter) \(describe(cell.style))")
                }
                line.append(letters[cell.style] ?? "?")
            }
            map.append(compress(line))
        }
        let cursor = screen.cursor.map { "cursor \($0.column),\($0.row)" } ?? "no cursor"
        return (screen.lines + ["", cursor] + map + legend).joined(separator: "\n") + "\n"
    }

    /// Runs of one letter as a count: `a12 b3`.
    private static func compress(_ line: String) -> String {
        var runs: [(Character, Int)] = []
        for letter in line {
            if runs.last?.0 == letter { runs[runs.count - 1].1 += 1 } else { runs.append((letter, 1)) }
        }
        return runs.map { "\($0.0)\($0.1)" }.joined(separator: " ")
    }

    private static func describe(_ style: Style) -> String {
        func name(_ color: Color) -> String {
            switch color {
            case .standard: "standard"
            case .indexed(let index): "\(index)"
            case .rgb(let red, let green, let blue): "rgb(\(red),\(green),\(blue))"
            }
        }
        let attributes: [(Style.Attributes, String)] = [
            (.bold, "bold"), (.dim, "dim"), (.italic, "italic"), (.underline, "underline"), (.reverse, "reverse"),
        ]
        let held = attributes.filter { style.attributes.contains($0.0) }.map(\.1)
        return ([name(style.foreground), "on", name(style.background)] + held).joined(separator: " ")
    }

    static func compare(_ text: String, with name: String, file: String = #filePath) throws {
        let folder = String(file[..<(file.lastIndex(of: "/") ?? file.endIndex)]) + "/Golden"
        let path = "\(folder)/\(name).txt"
        if getenv("GALLEY_RECORD") != nil {
            mkdir(folder, 0o755)
            let stream = try #require(fopen(path, "w"))
            fputs(text, stream)
            fclose(stream)
            return
        }
        let recorded = try #require(read(path), "nothing was recorded for \(name)")
        if text == recorded { return }
        let (new, old) = (
            text.split(separator: "\n", omittingEmptySubsequences: false),
            recorded.split(separator: "\n", omittingEmptySubsequences: false)
        )
        let row = zip(new, old).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? min(new.count, old.count)
        Issue.record(
            "\(name), line \(row + 1):\n  is  \(row < new.count ? new[row] : "")\n  was \(row < old.count ? old[row] : "")"
        )
    }

    static func read(_ path: String) -> String? {
        guard let stream = fopen(path, "r") else { return nil }
        defer { fclose(stream) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = fread(&buffer, 1, buffer.count, stream)
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer[..<count]
        }
    }
}
