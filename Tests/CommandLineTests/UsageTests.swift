import Glibc
import PlatformModel
import TestSupport
import Testing

/// What needs no platform: usage, configuration, nothing there.
@Suite struct UsageTests {
    /// An environment whose servers do not exist.
    private func empty() throws -> String {
        let port = try ScratchPostgres.freePort()
        return """
            default_environment = "t"
            [environments.t]
            kind = "dev"
            [[environments.t.postgres.nodes]]
            name = "a"
            host = "127.0.0.1"
            port = \(port)
            region = "r"
            [environments.t.redis]
            url = "redis://127.0.0.1:\(port)/0"
            [[environments.t.services]]
            name = "api"
            url = "http://127.0.0.1:\(port)"
            """
    }

    @Test(arguments: [
        ("stauts", "did you mean galley status?"), ("orders lst", "list"), ("status --jsn", "did you mean --json?"),
        ("orders list --limit many", "1 to 200"), ("orders list --limit 0", "1 to 200"),
        ("orders list --status asleep", "submitted"), ("orders show", "needs ORDER"), ("orders list extra", "extra"),
        ("orders list --limit", "needs"), ("queues jobs q --state odd", "waiting"),
    ]) func mistakesAreNamed(_ arguments: String, _ wanted: String) async throws {
        try await Galley.with { galley in
            let run = try await galley.run(arguments)
            #expect(run.status == 2)
            #expect(run.errors.contains(wanted), "\(run.errors)")
            #expect(run.output.isEmpty)
        }
    }

    @Test func helpIsThere() async throws {
        try await Galley.with { galley in
            let all = try await galley.run("--help")
            #expect(all.status == 0 && all.output.contains("orders list") && all.output.contains("10 degraded"))
            let one = try await galley.run("orders list --help")
            #expect(one.status == 0 && one.output.contains("--kitchen"))
        }
    }

    @Test func unknownEnvironmentsAreNamed() async throws {
        try await Galley.with { galley in
            let file = try galley.configure(try empty())
            let run = try await galley.run("status --config \(file) --environment prodd")
            #expect(run.status == 3 && run.errors.contains("“prodd”"))
            let json = try await galley.run("status --json --config \(file) --environment prodd")
            #expect(json.status == 3 && json.json?["errors"]?[0]?["code"]?.text == "configuration")
        }
    }

    @Test func badConfigurationNamesFileLineAndKey() async throws {
        try await Galley.with { galley in
            let file = try galley.configure("default_environment = \"t\"\n[environments.t]\nkind = \"moon\"\n")
            let wrong = try await galley.run("status --config \(file)")
            #expect(wrong.status == 3)
            #expect(
                wrong.errors.contains("\(file):3") && wrong.errors.contains("environments.t.kind"), "\(wrong.errors)")
            for text in ["[environments.t\n", "\u{1}\u{2}[", "a = \"\\u{1b}[31m"] {
                _ = try galley.configure(text)
                let run = try await galley.run("status --config \(file)")
                #expect(run.status == 3 && run.errors.contains(file), "\(run.errors)")
                #expect(!run.errors.unicodeScalars.contains { $0.value < 32 && $0 != "\n" })
            }
            let absent = try await galley.run("status --config \(galley.folder)/absent.toml")
            #expect(absent.status == 3 && absent.errors.contains("absent.toml"))
            let directory = try await galley.run("status --config \(galley.folder)")
            #expect(directory.status == 3 && directory.errors.contains(galley.folder))
        }
    }

    @Test func nothingRunningIsUnreachableAndDown() async throws {
        try await Galley.with { galley in
            let file = try galley.configure(try empty())
            let status = try await galley.run("status --json --config \(file)")
            #expect(status.status == 11)
            let errors = status.json?["errors"]?.array ?? []
            #expect(
                Set(errors.compactMap { $0["origin"]?.text }) == ["a", "redis", "queues", "orders", "agents", "api"])
            #expect(status.json?["health"]?.text == "down")
            let refused = try await galley.run("orders list --config \(file)")
            #expect(refused.errors.hasSuffix(" check the port and listen_addresses\n"))
            #expect(refused.errors.contains("\n  no server listens at"), "\(refused.errors)")
            for command in ["orders list", "queues list", "queues jobs q", "databases list"] {
                #expect(try await galley.run("\(command) --config \(file)").status == 7, "\(command)")
            }
        }
    }

    /// Half a platform: what is not configured is said, and what is not there is not called healthy.
    @Test func whatIsNotConfiguredIsNamed() async throws {
        try await Galley.with { galley in
            let bare = try galley.configure("[environments.t]\nkind = \"dev\"\n")
            for command in ["status", "orders list", "why x", "--plain"] {
                let run = try await galley.run("\(command) --environment t --config \(bare)")
                #expect(run.status == 3 && run.errors.contains("nothing to watch"), "\(command): \(run.errors)")
            }
            let half = try galley.configure(
                "[environments.t]\nkind = \"dev\"\n[environments.t.redis]\nurl = \"redis://127.0.0.1:1/0\"\n")
            for (command, key) in [
                ("orders list", "postgres.nodes"), ("orders show 1", "postgres.nodes"),
                ("databases list", "postgres.nodes"), ("services list", "environments.t.services"),
            ] {
                let run = try await galley.run("\(command) --environment t --config \(half)")
                #expect(run.status == 3 && run.errors.contains(key), "\(command): \(run.errors)")
            }
            #expect(try await galley.run("queues list --environment t --config \(half)").status == 7)
        }
    }

    @Test func aFullDiskIsAFailureAndAReaderThatLeftIsNot() async throws {
        try await Galley.with { galley in
            let full = try await galley.run("--help > /dev/full")
            #expect(full.status == 1)
            let head = try await galley.run("--help", pipe: "| head -1")
            #expect(head.status == 0 && head.errors.isEmpty)
            let file = try galley.configure(try empty())
            // Ends by itself: nobody reads what it would go on printing.
            let watched = try await galley.run("status --watch --config \(file)", pipe: "| true")
            #expect(watched.status == 0 && watched.errors.isEmpty)
        }
    }
}

/// The page about `--json` and the program name the same forms.
@Suite struct JSONPageTests {
    @Test func everyFormIsOnThePage() throws {
        let root = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
        let page = try text("\(root)/Sources/galley/JSON.md")
        var forms: Set<String> = []
        for folder in ["Commands", "Output"] {
            for file in try files("\(root)/Sources/galley/\(folder)") where file.hasSuffix(".swift") {
                let pieces = try text(file).split(separator: "envelope(").dropFirst()
                for piece in pieces {
                    let head = piece.drop { $0 == " " || $0 == "\n" }
                    guard head.first == "\"" else { continue }
                    forms.insert(String(head.dropFirst().prefix { $0 != "\"" }))
                }
            }
        }
        #expect(forms.count >= 12, "\(forms)")
        for form in forms { #expect(page.contains("`galley.\(form)/1`"), "\(form) is not documented") }
    }

    private func text(_ path: String) throws -> String {
        let file = try #require(fopen(path, "r"), "\(path)")
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    private func files(_ folder: String) throws -> [String] {
        let stream = try #require(opendir(folder), "\(folder)")
        defer { closedir(stream) }
        var found: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.first != "." { found.append("\(folder)/\(name)") }
        }
        return found
    }
}
