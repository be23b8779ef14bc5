import Settings
import Testing

@Suite struct TOMLTests {
    @Test func everyKeyAndValueHasItsPlace() throws {
        let text = """
            z = 1
            [b]
              key =   "v"
            list = [ 1,
              2 ]
            [a.inner]
            when = 1979-05-27T07:32:00Z
            [[many]]
            x = 1.5
            """
        let root = try TOMLDocument.parse(text, file: "f").root
        #expect(root.entries.map(\.key) == ["z", "b", "a", "many"])
        let key = try #require(root["b"]?.entries.first)
        #expect((key.line, key.column) == (3, 3))
        #expect((key.node.line, key.node.column) == (3, 11))
        #expect(root["b"]?["list"]?.elements?.last?.line == 5)
        #expect(root["a"]?["inner"]?["when"]?.value == .date("1979-05-27T07:32:00Z"))
        #expect(root["many"]?.elements?.first?["x"]?.value == .float(1.5))
    }

    @Test func theReaderCollectsEveryProblem() throws {
        let text = """
            name = 3
            [colors]
            text = "#ffffff"
            [[keys]]
            bind = "x"
            bnid = "y"
            [[keys]]
            bind = 7
            [unknown]
            """
        let reader = TOMLReader(try TOMLDocument.parse(text, file: "t.toml"))
        #expect(reader.text("name") == nil)
        #expect(reader.integer("version", in: 1...2) == nil)
        #expect(reader.table("colors")?.entries().map(\.key) == ["text"])
        #expect(reader.tables("keys").map { $0.text("bind") } == ["x", nil])
        reader.require("author", "a text")
        #expect(
            reader.finish().map(\.description) == [
                "t.toml:1: name: found 3, expected a text",
                "t.toml:1: author: is missing, expected a text",
                "t.toml:6: keys[0].bnid: unknown key (did you mean bind?)",
                "t.toml:8: keys[1].bind: found 7, expected a text",
                "t.toml:9: unknown: unknown key",
            ])
    }
}
