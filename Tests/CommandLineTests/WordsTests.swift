import Glibc
import Operations
import PlatformModel
import TestSupport
import Testing

/// Themes, keys, help, completion and the manual page, as the real program prints them.
@Suite struct WordsTests {
    private func write(_ text: String, _ path: String) throws {
        let folder = path.split(separator: "/").dropLast().map { "/" + $0 }.joined()
        system("mkdir -p \(folder)")
        let file = try #require(fopen(path, "w"))
        fputs(text, file)
        fclose(file)
    }

    private static let theme = """
        title = "Grey in grey"
        [palette]
        base = "#101010"
        raised = "#202020"
        selected = "#303030"
        ink = "#e0e0e0"
        bright = "#ffffff"
        quiet = "#505050"
        line = "#a0a0a0"
        accent = "#d0d0d0"
        good = "#d0d0d0"
        standby = "#d0d0d0"
        notice = "#d0d0d0"
        warning = "#d0d0d0"
        critical = "#d0d0d0"
        failed = "#d0d0d0"
        stale = "#d0d0d0"
        curve = "#d0d0d0"
        badge = "#000000"
        local = "#d0d0d0"
        dev = "#d0d0d0"
        staging = "#d0d0d0"
        drill = "#d0d0d0"
        prod = "#d0d0d0"
        """

    @Test func themesAreListedMeasuredAndShown() async throws {
        try await Galley.with { galley in
            let all = try await galley.run("themes check")
            #expect(all.status == 0 && all.output.contains("high-contrast: good"), "\(all.output)")
            let path = "\(galley.folder)/galley/themes/grey.toml"
            try write(Self.theme, path)
            let list = try await galley.run("themes list --theme grey --json")
            let grey = list.json?["themes"]?.array?.first { $0["name"]?.text == "grey" }
            #expect(list.status == 0 && grey?["file"]?.text == path && grey?["chosen"]?.bool == true, "\(list.output)")
            let check = try await galley.run("themes check grey")
            // What is hard to read is named with its contrast, and the line that chose the colour.
            #expect(check.status == 3 && check.output.contains("✕ muted"), "\(check.output)")
            #expect(check.output.contains("2.4") && check.output.contains("\(path):8"), "\(check.output)")
            let preview = try await galley.run("themes preview grey")
            #expect(preview.status == 0 && preview.output.contains("#505050 on #101010"))
            #expect(preview.output.contains("border-focused") && !preview.output.contains("\u{1B}"))
            try write("[palette]\nbase = \"#12\"\n", path)
            let broken = try await galley.run("themes check grey")
            #expect(broken.status == 3 && broken.output.contains("\(path):2: palette.base"), "\(broken.output)")
            let unknown = try await galley.run("themes preview drak")
            #expect(unknown.status == 5 && unknown.errors.contains("did you mean dark?"))
        }
    }

    @Test func keysAreListedWithTheirConflicts() async throws {
        try await Galley.with { galley in
            let keys = try await galley.run("keys --keymap vim")
            #expect(keys.status == 0 && keys.output.contains("Z Z") && keys.output.contains("quit.now"))
            let json = try await galley.run("keys --json")
            #expect(json.json?["schema"]?.text == "galley.keys/1")
            let hidden = json.json?["hidden"]?.array ?? []
            // On jobs the arrows choose the state instead of opening.
            #expect(hidden.contains { $0["keys"]?.text == "right" && $0["on"]?[0]?.text == "jobs" }, "\(hidden)")
            #expect(hidden.allSatisfy { $0["unreachable"]?.bool == false }, "\(hidden)")
            let markdown = try await galley.run("keys --markdown")
            #expect(markdown.output.contains("| `ctrl-d` | `list.half-down` |"))
            let path = "\(galley.folder)/galley/keymaps/mine.toml"
            try write("based-on = \"default\"\n[list]\n\"g\" = \"help\"\n\"x\" = \"nosuch\"\n", path)
            let mine = try await galley.run("keys --conflicts --keymap mine")
            #expect(mine.status == 3 && mine.errors.contains("\(path):4: x: no command is called"), "\(mine.errors)")
            #expect(mine.output.contains("g g"), "\(mine.output)")
            #expect(try await galley.run("keys --keymap emcas").errors.contains("did you mean emacs?"))
        }
    }

    /// Every command explains itself with an example, and the example is one.
    @Test func everyHelpHasAnExampleThatWorks() async throws {
        try await Galley.with { galley in
            let all = try await galley.run("--help")
            let commands = all.output.split(separator: "\n").filter { $0.hasPrefix("  galley ") }
                .map { $0.dropFirst(9).prefix(20).split(separator: "  ").first.map(String.init) ?? "" }
                .filter { !$0.isEmpty && !$0.hasPrefix("open") && !$0.hasPrefix("--") }
            #expect(commands.count > 20)
            for command in Set(commands) where !command.hasPrefix("local") {
                let words = command.split(separator: " ").prefix(2).joined(separator: " ")
                let help = try await galley.run("help \(words)")
                guard let example = help.output.split(separator: "Example:\n  galley ").dropFirst().first else {
                    Issue.record("galley help \(words) has no example: \(help.output)\(help.errors)")
                    continue
                }
                let line = example.split(separator: "\n").first ?? ""
                let explained = try await galley.run("\(line) --help")
                #expect(help.status == 0 && explained.status == 0, "\(line)")
            }
        }
    }

    @Test(arguments: [
        ("orders", "orders list"), ("orders lst", "did you mean galley orders list?"),
        ("ordes list", "did you mean galley orders?"), ("completion tcsh", "bash, zsh, fish"),
        ("why", "needs NAME"), ("orders list --sort newst", "did you mean newest?"),
        ("orders show nine", "orders list --search"), ("help nosuch", "galley --help"), ("local fault", "galley local"),
    ]) func mistakesComeWithTheWayOut(_ arguments: String, _ wanted: String) async throws {
        try await Galley.with { galley in
            let run = try await galley.run(arguments)
            #expect(run.status == 2 && run.errors.contains(wanted), "\(run.errors)")
            #expect(!run.errors.contains("?."))
        }
    }

    // MARK: Completion

    /// What a real bash offers for a line, through the script that galley printed.
    private func complete(_ line: [String], _ galley: Galley) async throws -> [String] {
        let words = line.map { "'\($0)'" }.joined(separator: " ")
        let script = """
            source <(\(Galley.program) completion bash)
            COMP_WORDS=(\(words)); COMP_CWORD=\(line.count - 1)
            COMP_WORDS[0]=\(Galley.program)
            _galley
            printf '%s\\n' "${COMPREPLY[@]}"
            """
        try write(script, galley.folder + "/complete.sh")
        let run = try await galley.run("version >/dev/null; XDG_CONFIG_HOME=\(galley.folder) bash complete.sh")
        #expect(run.errors.isEmpty, "\(run.errors)")
        return run.output.split(separator: "\n").map(String.init)
    }

    @Test func bashCompletes() async throws {
        try await Galley.with { galley in
            try write(
                "[environments.kitchen]\nkind = \"dev\"\n",
                galley.folder + "/galley/galley.toml")
            #expect(try await complete(["galley", "or"], galley) == ["orders"])
            let orders = Set(
                CommandTable.all.filter { $0.words.first == "orders" && $0.words.count > 1 }.map { $0.words[1] })
            #expect(Set(try await complete(["galley", "orders", ""], galley)) == orders)
            #expect(try await complete(["galley", "orders", "list", "--st"], galley) == ["--status"])
            #expect(
                try await complete(["galley", "orders", "list", "--status", "re"], galley) == ["received", "rejected"])
            #expect(try await complete(["galley", "orders", "list", "--sort", "=", "d"], galley) == ["due"])
            #expect(try await complete(["galley", "--theme", "sol"], galley) == ["solarized-dark"])
            #expect(try await complete(["galley", "themes", "preview", "dr"], galley) == ["dracula"])
            #expect(try await complete(["galley", "status", "--environment", "k"], galley) == ["kitchen"])
            #expect(try await complete(["galley", "--environment", "kitchen", "qu"], galley) == ["queues"])
            #expect(try await complete(["galley", "completion", ""], galley) == ["bash", "zsh", "fish", "names"])
        }
    }

    @Test func queueNamesComeFromTheConfiguration() async throws {
        try await Galley.with { galley in
            let file = try galley.configure(
                """
                default_environment = "t"
                [environments.t]
                kind = "dev"
                [environments.t.redis]
                url = "redis://127.0.0.1:1/0"
                queues = ["suppliers", "orders", "bad $(touch pwned)"]
                """)
            #expect(
                try await complete(["galley", "--config", file, "queues", "jobs", "su"], galley) == ["suppliers"])
            // A name from outside is quoted, never run.
            let hostile = try await complete(["galley", "--config", file, "queues", "jobs", "b"], galley)
            #expect(hostile == ["bad\\ \\$\\(touch\\ pwned\\)"], "\(hostile)")
            #expect(access(galley.folder + "/pwned", F_OK) != 0)
        }
    }

    @Test(arguments: ["zsh", "fish"]) func otherShellsGetTheWholeTable(shell: String) async throws {
        try await Galley.with { galley in
            let script = try await galley.run("completion \(shell)")
            #expect(script.status == 0)
            for word in ["orders", "partly_received", "names queues", "names themes", "conflicts"] {
                #expect(script.output.contains(word), "\(shell) lacks \(word)")
            }
        }
    }

    @Test func theManualPageIsSound() async throws {
        try await Galley.with { galley in
            let page = try await galley.run("help --man > page.1")
            #expect(page.status == 0)
            let text = try await galley.run("help --man")
            for section in ["NAME", "SYNOPSIS", "COMMANDS", "OPTIONS", "KEYS", "EXIT STATUS", "ENVIRONMENT", "FILES"] {
                #expect(text.output.contains(".SH \"\(section)\""), "\(section)")
            }
            #expect(text.output.unicodeScalars.allSatisfy { $0.value < 0x7F && ($0.value >= 0x20 || $0 == "\n") })
            guard access("/usr/bin/groff", X_OK) == 0 else { return }
            let checked = try await galley.run("version; groff -man -Tutf8 -ww -z page.1 2>&1")
            #expect(checked.output.split(separator: "\n") == ["galley 0.1.0"], "\(checked.output)")
        }
    }
}
