import Glibc
import Settings
import Testing

@Suite struct HostileFileTests {
    private func problem(_ bytes: [UInt8]) -> String {
        do {
            _ = try TOMLDocument.parse(bytes, file: "x.toml")
            return "none"
        } catch {
            return error.description
        }
    }

    private func loaded(_ path: String) -> [String] {
        let (_, problems) = Configuration.load(layers: [.file(path: path, isRequired: true)])
        return problems.map { $0.description.replacing(path, with: "FILE") }
    }

    @Test func bytesThatAreNoText() {
        #expect(problem(Array("a = 1\nb = \"\0\"".utf8)) == "x.toml:2: the file holds a NUL byte, so it is no text")
        #expect(
            problem(Array("a = 1\nb = \"".utf8) + [0xC3, 0x28]) == "x.toml:2: the file is not UTF-8 (save it as UTF-8)")
        #expect(problem(Array("a = 1\r\nb = 2\r\n".utf8)) == "none")
        #expect(problem([0xEF, 0xBB, 0xBF] + Array("a = 1".utf8)) == "none")
        #expect(problem([]) == "none")
    }

    @Test func textsThatAreNoTOML() {
        #expect(problem(Array("a = 1\na = 2".utf8)).hasPrefix("x.toml:2: no TOML: "))
        #expect(problem(Array("[ui]\ntheme = \"da".utf8)).hasPrefix("x.toml:2: no TOML: "))
        #expect(problem(Array("[ui]\ntheme = \u{1b}[31m".utf8)).hasPrefix("x.toml:2: no TOML: "))
        #expect(!problem(Array("[ui]\ntheme = \u{1b}[31m".utf8)).contains("\u{1b}"))
        // toml++ 3.3 fails an assertion of its own on these.
        #expect(problem(Array("a = 1\n[=]\nb = 2".utf8)) == "x.toml:2: no TOML: malformed (column 1)")
        #expect(problem(Array("a = 1\n\n[?".utf8)) == "x.toml:3: no TOML: malformed (column 1)")
    }

    @Test func textsThatWouldExhaustTheStack() {
        let keys = [UInt8](repeating: UInt8(ascii: "a"), count: 1) + Array(String(repeating: ".a", count: 100_000).utf8)
        #expect(problem(Array("\n".utf8) + keys + Array(" = 1".utf8)) == "x.toml:2: a key has more than 64 parts")
        #expect(problem(Array("[".utf8) + keys + Array("]".utf8)) == "x.toml:1: a key has more than 64 parts")
        let deep = "a = " + String(repeating: "[", count: 100_000)
        #expect(problem(Array(deep.utf8)).hasPrefix("x.toml:1: no TOML: "))
        let tables = "a = " + String(repeating: "{a = ", count: 100_000)
        #expect(problem(Array(tables.utf8)).hasPrefix("x.toml:1: no TOML: "))
    }

    /// Whatever is cut off or changed: an answer, never a crash.
    @Test func everyPrefixAndManyMutationsAreAnswered() {
        let whole = Array(goodConfiguration.utf8)
        for end in 0...whole.count { _ = problem(Array(whole[..<end])) }
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            guard let document = try? TOMLDocument.parse(bytes, file: "x") else { continue }
            let (_, problems) = Configuration.load(layers: [.document(document)], checksFiles: false)
            #expect(problems.allSatisfy { !$0.description.contains("\n") })
        }
    }

    @Test func filesThatAreNoFiles() {
        let folder = TemporaryFolder()
        #expect(loaded(folder.path + "/none") == ["FILE: cannot be read: No such file or directory (check the path)"])
        #expect(loaded(folder.path) == ["FILE: is a folder, expected a file"])
        mkfifo(folder.path + "/fifo", 0o600)
        #expect(loaded(folder.path + "/fifo") == ["FILE: is no regular file"])
        #expect(loaded("/dev/zero") == ["FILE: is no regular file"])
        let large = folder.write("large", [UInt8](repeating: 0x20, count: (1 << 20) + 1))
        #expect(loaded(large) == ["FILE: the file has 1048577 bytes, and may have 1048576"])
        symlink(folder.path + "/loop", folder.path + "/loop")
        #expect(loaded(folder.path + "/loop") == ["FILE: cannot be read: Too many levels of symbolic links"])
    }

    @Test(.enabled(if: getuid() != 0, "root reads everything")) func aFileOfOthers() {
        let folder = TemporaryFolder()
        let file = folder.write("closed", "a = 1", mode: 0)
        #expect(
            loaded(file) == [
                "FILE: cannot be read: Permission denied (check the permissions of the file and of the folders above it)"
            ])
    }

    @Test func anAbsentOptionalFileIsNoProblem() {
        let folder = TemporaryFolder()
        let (_, problems) = Configuration.load(layers: [.file(path: folder.path + "/none", isRequired: false)])
        #expect(problems == [])
    }

    @Test func secretsThatOthersCanRead() {
        let folder = TemporaryFolder()
        folder.write("good", "x", mode: 0o600)
        let open = folder.write("open pass", "x", mode: 0o644)
        let text = """
            [environments.e]
            kind = "dev"
            [environments.e.redis]
            url = "redis://h"
            password_file = "open pass"
            [environments.e.api]
            graphql_url = "http://h/graphql"
            token_file = "absent"
            [environments.e.postgres]
            passfile = "good"
            sslrootcert = "~/ca.pem"
            """
        let file = folder.write("galley.toml", text)
        let (configuration, problems) = Configuration.load(
            layers: [.file(path: file, isRequired: true)], home: folder.path)
        #expect(configuration.environments.first?.postgres?.passfile == folder.path + "/good")
        #expect(configuration.environments.first?.postgres?.sslrootcert == folder.path + "/ca.pem")
        #expect(
            problems.map { $0.description.replacing(folder.path, with: "F") } == [
                "F/galley.toml:11: environments.e.postgres.sslrootcert: found \"F/ca.pem\", which does not exist,"
                    + " expected a path to a file",
                "F/galley.toml:5: environments.e.redis.password_file: others can read \"F/open pass\", which holds a"
                    + " secret (run: chmod 600 'F/open pass')",
                "F/galley.toml:8: environments.e.api.token_file: found \"F/absent\": No such file or directory,"
                    + " expected a file that holds the secret",
            ])
        chmod(open, 0o600)
        let (_, fewer) = Configuration.load(layers: [.file(path: file, isRequired: true)], home: folder.path)
        #expect(fewer.count == 2)
    }
}
