import Testing

@testable import Console

@Suite struct PatternTests {
    static let table: [(String, String, Bool)] = [
        ("a", "cat", true), ("^a", "cat", false), ("t$", "cat", true), ("^cat$", "cat", true), ("c.t", "cut", true),
        ("c.t", "ct", false), ("ca*t", "ct", true), ("ca+t", "ct", false), ("ca?t", "caat", false), ("", "x", true),
        ("a|b|c", "xxc", true), ("(ab)+c", "ababc", true), ("(?:ab){2}c", "abc", false), ("a{2,3}b", "aaab", true),
        ("^a{2,3}$", "aaaa", false), ("^a{2,}$", "aaaaaa", true), ("^a{0}$", "", true), ("[a-c]+", "xyb", true),
        ("[^a-c]", "abc", false), ("[]x]", "]", true), ("[a-]", "-", true), ("\\d{3}", "ab12", false),
        ("\\d\\D\\w\\W\\s\\S", "1a_- x", true), ("1\\.5", "1x5", false), ("ORDERS", "orders", false),
        ("orders", "ORDERS", true), ("ä", "ÄÖ", true), ("{", "a{b", true), ("a{x}", "a{x}", true), ("x*", "", true),
        ("(a|)b", "b", true), ("^(a|ab)(c|bcd)$", "abcd", true),
    ]

    @Test(arguments: table) func findsWhatItSays(pattern: String, text: String, expected: Bool) throws {
        #expect(try Pattern(parsing: pattern).isFound(in: text) == expected)
    }

    @Test func pointsOutTheLongestAtEachPlace() throws {
        #expect(try Pattern(parsing: "o+").ranges(in: Array("foo boot")) == [1..<3, 5..<7])
        #expect(try Pattern(parsing: "x*").ranges(in: Array("axxb")) == [1..<3])
        #expect(try Pattern(parsing: "^a").ranges(in: Array("aaa")) == [0..<1])
    }

    /// The patterns with which other engines need longer than the universe has.
    @Test(arguments: ["(a+)+$", "(a|a)*$", "(a|aa)+$", "(.*a){20}", "((a?){30}){3}a{30}"])
    func noPatternTakesForEver(pattern: String) throws {
        let found = try Pattern(parsing: pattern).isFound(in: String(repeating: "a", count: 400) + "!")
        #expect(found == !pattern.hasSuffix("$"))
    }

    @Test(arguments: ["(a{100}){100}", "((a{50}){50}){50}", String(repeating: "(", count: 100)])
    func whatIsTooMuchIsSaid(pattern: String) {
        #expect(throws: FilterProblem.self) { try Pattern(parsing: pattern) }
    }
}
