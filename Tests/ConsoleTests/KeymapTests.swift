import Operations
import Settings
import TerminalCells
import Testing

@testable import Console

@Suite struct KeymapTests {
    @Test(arguments: Keymap.shippedNames) func isReadWithoutProblems(name: String) {
        let loaded = Keymap.load(name)
        #expect(loaded.problems.map { "\($0.place) \($0.key) \($0.message)" } == [])
        #expect(!loaded.value.title.isEmpty)
    }

    /// Whatever keymap is chosen, one can look around, find help and leave.
    @Test(arguments: Keymap.shippedNames + ["minimal"]) func everyKeymapHasTheKeysThatOneNeeds(name: String) {
        let keymap = name == "minimal" ? Keymap.minimal : Keymap.load(name).value
        for command in ["quit.now", "help", "palette", "back", "list.up", "list.down", "open", "filter"] {
            #expect(!keymap.keys(for: command, in: CommandContext.allCases).isEmpty, "\(name) has no \(command)")
        }
    }

    @Test(arguments: [
        ("[list]\n\"jj\" = \"list.down\"", "2: jj “jj” is no key"),
        ("[list]\n\"j\" = \"list.donw\"", "2: j no command is called “list.donw”"),
        ("[everywhere]\n\"g\" = \"help\"\n\"g g\" = \"palette\"", "3:  “g g” cannot be reached: “g” gives help first"),
        ("[list]\n\"ctrl-d\" = \"open\"\n\"CTRL-D\" = \"copy\"", "3: CTRL-D “ctrl-d” was bound on line 2 already"),
        ("[queues]\n\"x\" = \"orders.late\"", "2: x orders.late cannot be given in [queues]"),
        ("[list]\n\"j\" = 3", "2: list.j found 3, expected the name of a command"),
        ("[lists]\n\"j\" = \"list.down\"", "1: lists unknown key"),
        ("based-on = \"defualt\"", "1: based-on found"),
        (
            "based-on = \"default\"\n[list]\n\"g g g\" = \"copy\"",
            "3:  “g g g” cannot be reached: “g g” gives list.top first"
        ),
    ]) func tellsWhatIsWrongAndWhere(text: String, expected: String) {
        let problems = Keymap.parse(text, name: "mine", file: "mine.toml").problems
        let told = problems.map { "\($0.line): \($0.key) \($0.message)" }
        #expect(told.contains { $0.hasPrefix(expected) }, "\(told)")
    }

    @Test func theInnerContextAnswersFirst() {
        let keymap = Keymap.parse(
            "[everywhere]\n\"x\" = \"help\"\n[list]\n\"x\" = \"open\"\n[orders]\n\"x\" = \"orders.late\"", name: "mine",
            file: "m"
        )
        .value
        #expect(keymap.match([Key("x")], in: [.orders, .list]) == .command("orders.late"))
        #expect(keymap.match([Key("x")], in: [.queues, .list]) == .command("open"))
        #expect(keymap.match([Key("x")], in: []) == .command("help"))
        #expect(keymap.match([Key("y")], in: [.list]) == .none)
    }

    @Test func aKeymapMayTakeKeysAwayFromItsBase() {
        let keymap = Keymap.parse(
            "based-on = \"default\"\n[everywhere]\n\"p\" = \"\"\n[list]\n\"x\" = \"open\"", name: "mine", file: "m"
        ).value
        #expect(keymap.match([Key("p")], in: [.list]) == .none)
        #expect(keymap.match([Key("x")], in: [.list]) == .command("open"))
        #expect(keymap.match([Key("q")], in: [.list]) == .command("quit"))
    }

    @Test func chordsWaitForTheirEnd() {
        let keymap = Keymap.load("default").value
        #expect(keymap.match([Key("g")], in: [.list]) == .beginning)
        #expect(keymap.match([Key("g"), Key("g")], in: [.list]) == .command("list.top"))
        #expect(keymap.match([Key("g"), Key("x")], in: [.list]) == .none)
    }
}
