import Glibc
import TestSupport
import Testing

/// Themes, keymaps and the configuration take effect in a running console as soon as their files change.
@Suite struct ReloadTests {
    /// Writes beside the target and renames, as editors and deployments do.
    private func write(_ text: String, _ path: String) throws {
        let folder = path.split(separator: "/").dropLast().map { "/" + $0 }.joined()
        system("mkdir -p \(folder)")
        let file = try #require(fopen(path + ".new", "w"))
        fputs(text, file)
        fclose(file)
        #expect(rename(path + ".new", path) == 0)
    }

    private static let configuration = """
        default_environment = "nowhere"
        [environments.nowhere]
        kind = "dev"
        [environments.nowhere.postgres]
        [[environments.nowhere.postgres.nodes]]
        name = "one"
        host = "127.0.0.1"
        port = 1

        """

    @Test func aKeymapIsFollowedAndABrokenOneIsNot() async throws {
        let session = try PseudoTerminalSession(columns: 200, rows: 40)
        #expect(await session.output(contains: "Overview"))
        let keymap = session.folder + "/.config/galley/keymaps/mine.toml"
        // The folders did not exist when the console began.
        try write("based-on = \"default\"\n[everywhere]\n\"x\" = \"quit.now\"\n", keymap)
        try write(Self.configuration + "[ui]\nkeymap = \"mine\"\n", session.folder + "/galley.toml")
        #expect(await session.output(contains: "keymap mine was read"))
        try write("based-on = \"default\"\n[everywhere]\n\"x\" = \"nosuch\"\n", keymap)
        #expect(await session.output(contains: "mine.toml:3: x: no command is called"))
        // What was good before is still in use.
        session.type("x")
        #expect(await session.end() == .exited(0))
    }

    @Test func whatHoldsFromTheNextStartIsSaid() async throws {
        let session = try PseudoTerminalSession(columns: 200, rows: 40)
        #expect(await session.output(contains: "Overview"))
        try write(Self.configuration + "[ui]\nmouse = true\n", session.folder + "/galley.toml")
        #expect(await session.output(contains: "from the next start"))
        try write(Self.configuration + "[ui]\nmouse = 3\n", session.folder + "/galley.toml")
        #expect(await session.output(contains: "ui.mouse: found 3, expected true or false"))
        session.type("q")
        #expect(await session.end() == .exited(0))
    }
}
