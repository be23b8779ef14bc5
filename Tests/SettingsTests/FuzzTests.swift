import Settings
import Testing

/// Configurations that nobody would write, from a seed: each is answered with file, line, key and what is allowed.
@Suite struct FuzzTests {
    /// SplitMix64: the same numbers on every machine, so that a failure can be had again.
    private struct Seeded: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    private static let values = [
        "1", "-9223372036854775808", "0.5", "nan", "true", "\"\"", "\"x\"", "\"30s\"", "\"-1s\"",
        "\"999999999999999d\"",
        "\"redis://u:secret@h\"", "\"redis://h:99999\"", "[]", "[1, \"a\"]", "[[\"a\"]]", "{}", "{ a = 1 }",
        "2026-01-01",
        "\"\\u001b[31mred\"", "\"\\u202e\\u200b\"", "\"\\u0000\"", "'''\nmany\nlines'''", "0x7fffffffffffffff",
        "\"\(String(repeating: "long", count: 500))\"",
        String(repeating: "[", count: 40) + String(repeating: "]", count: 40),
    ]

    private static let tables = [
        "", "[ui]", "[environments.e]", "[environments.e.postgres]", "[[environments.e.postgres.nodes]]",
        "[environments.e.redis]", "[[environments.e.services]]", "[environments.e.thresholds]",
        "[environments.e.policy]",
        "[environments.\"\\u001b]0;x\"]", "[unknown.table]", "[environments]",
    ]

    private static let keys =
        SettingKey.all.compactMap { $0.pattern.split(separator: ".").last.map(String.init) }
        + ["them", "passwrod", "password", "\"\\u001b[2J\"", "a.b.c", "''"]

    private func document(_ random: inout Seeded) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 1...12, using: &random) {
            switch Int.random(in: 0..<5, using: &random) {
            case 0: text += (Self.tables.randomElement(using: &random) ?? "") + "\n"
            default:
                let key = Self.keys.randomElement(using: &random) ?? ""
                text += "\(key) = \(Self.values.randomElement(using: &random) ?? "")\n"
            }
        }
        // One in eight is cut off, as a file is that is being written.
        if Int.random(in: 0..<8, using: &random) == 0 {
            text = String(text.prefix(Int.random(in: 0...text.count, using: &random)))
        }
        return text
    }

    @Test func everyProblemSaysWhereAndWhatIsAllowed() {
        var random = Seeded(state: 20_261_124)
        var broken = 0
        var wrong = 0
        for round in 0..<4000 {
            let text = document(&random)
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).count
            let problems: [SettingsProblem]
            do throws(SettingsProblem) {
                let parsed = try TOMLDocument.parse(text, file: "fuzz.toml")
                problems = Configuration.load(layers: [.document(parsed)], checksFiles: false).problems
                wrong += problems.count
                for problem in problems { #expect(!problem.key.isEmpty, "round \(round): \(problem)") }
            } catch {
                problems = [error]
                broken += 1
            }
            for problem in problems {
                #expect(problem.file == "fuzz.toml", "round \(round): \(problem)")
                #expect((1...lines + 1).contains(problem.line), "round \(round): \(problem)\n\(text)")
                #expect(!problem.message.isEmpty && problem.description.count < 2000, "round \(round): \(problem)")
                #expect(
                    problem.description.unicodeScalars.allSatisfy {
                        $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) && $0 != "\u{202E}" && $0 != "\u{200B}"
                    }, "round \(round): \(problem.description.debugDescription)")
                #expect(!problem.description.contains("secret@"), "round \(round)")
                if !problem.found.isEmpty { #expect(!problem.allowed.isEmpty, "round \(round): \(problem)") }
            }
        }
        // The seed reaches both kinds, or this would prove little.
        #expect(broken > 100 && wrong > 1000)
    }
}
