import Settings
import Testing

/// A text, and every problem it must give, word for word.
struct BadInput: Sendable, CustomTestStringConvertible {
    let text: String
    let problems: [String]

    init(_ text: String, _ problems: String...) {
        self.text = text
        self.problems = problems
    }

    var testDescription: String { problems.first ?? text }
}

private let node = "[[environments.prod.postgres.nodes]]\nname = \"a\"\nhost = \"h\"\n"
private let prod = "[environments.prod]\nkind = \"prod\"\n"

private let durations = "such as \"500ms\", \"30s\", \"5m\" or \"2h\""

@Suite struct BadInputTests {
    @Test(arguments: [
        BadInput(
            prod + node + "port = \"abc\"",
            "one.toml:6: environments.prod.postgres.nodes[a].port: found \"abc\", expected an integer 1…65535"),
        BadInput(
            prod + node + "port = 70000",
            "one.toml:6: environments.prod.postgres.nodes[a].port: found 70000, expected an integer 1…65535"),
        BadInput(
            prod + "[environments.prod.postgres]\nport = 5432",
            "one.toml:4: environments.prod.postgres.port: unknown key (it belongs to each of nodes)"),
        BadInput(
            "[ui]\n\nthem = \"dark\"\nmouse = 1",
            "one.toml:3: ui.them: unknown key (did you mean theme?)",
            "one.toml:4: ui.mouse: found 1, expected true or false"),
        BadInput("[iu]", "one.toml:1: iu: unknown key (did you mean ui?)"),
        BadInput(
            "[ui]\nqqqqqqqq = 1",
            "one.toml:2: ui.qqqqqqqq: unknown key"
                + " (known here: theme, keymap, refresh, mouse, plain)"),
        BadInput("ui = 3", "one.toml:1: ui: found 3, expected a table"),
        BadInput(
            "[ui]\nrefresh = 1",
            "one.toml:2: ui.refresh: found 1, expected a duration 100ms…1h \(durations) (write the unit: \"1ms\" for"
                + " milliseconds, \"1s\" for seconds)"),
        BadInput(
            "[ui]\nrefresh = \"1 s\"",
            "one.toml:2: ui.refresh: found \"1 s\", expected a duration 100ms…1h \(durations)"),
        BadInput(
            "[ui]\nrefresh = \"99h\"",
            "one.toml:2: ui.refresh: found \"99h\", expected a duration 100ms…1h \(durations)"),
        BadInput("[ui]\ntheme = [1]", "one.toml:2: ui.theme: found a list, expected a text"),
        BadInput(
            "[environments.prod]\nkind = \"prd\"",
            "one.toml:2: environments.prod.kind: found \"prd\", expected local, dev, staging, drill or prod"
                + " (did you mean prod?)"),
        BadInput(
            "[environments.prod]",
            "one.toml:1: environments.prod.kind: is missing, expected local, dev, staging, drill or prod"),
        BadInput(
            "[environments.\"a b\"]",
            "one.toml:1: environments.\"a b\": found \"a b\", expected a name of letters, digits, - and _"),
        BadInput(
            prod + "[environments.prod.redis]",
            "one.toml:3: environments.prod.redis.url: is missing, expected an address that begins with redis://"
                + " or rediss://"),
        BadInput(
            prod + "[environments.prod.redis]\nurl = \"redis://:hunter2@h:6379/0\"",
            "one.toml:4: environments.prod.redis.url: found an address with a user or password in it, expected an address"
                + " that begins with redis:// or rediss:// (write the password to a file, and name it in password_file"
                + " or token_file; the user has a key too)"),
        BadInput(
            prod + "[environments.prod.redis]\nurl = \"http://h\"",
            "one.toml:4: environments.prod.redis.url: found \"http://h\", expected an address that begins with redis://"
                + " or rediss://"),
        BadInput(
            prod + "[environments.prod.redis]\nurl = \"redis://h:99999\"",
            "one.toml:4: environments.prod.redis.url: found \"redis://h:99999\", whose port is no integer 1…65535,"
                + " expected an address that begins with redis:// or rediss://"),
        BadInput(
            prod + "[environments.prod.redis]\nurl = \"redis://h\"\npassword = \"hunter2\"",
            "one.toml:5: environments.prod.redis.password: unknown key (a secret belongs in a file of its own:"
                + " use password_file)"),
        BadInput(
            prod + "[environments.prod.redis]\nurl = \"redis://h\"\nqueues = [\"a\", 1]",
            "one.toml:5: environments.prod.redis.queues: found a list with 1, expected a list of texts"),
        BadInput(
            prod + "[[environments.prod.postgres.nodes]]\nhost = \"h\"",
            "one.toml:3: environments.prod.postgres.nodes[0].name: is missing, expected a text"),
        BadInput(
            prod + "[[environments.prod.postgres.nodes]]\nname = \"a\"",
            "one.toml:3: environments.prod.postgres.nodes[a].host: is missing, expected a text"),
        BadInput(
            prod + node + node, "one.toml:7: environments.prod.postgres.nodes[1].name: \"a\" is there twice"),
        BadInput(
            prod + "[environments.prod.postgres.nodes]\nname = \"a\"",
            "one.toml:3: environments.prod.postgres.nodes: found a table, expected a list of tables"),
        BadInput(
            prod + "[environments.prod.thresholds]\nqueue_lag = \"10m\"",
            "one.toml:4: environments.prod.thresholds.queue_lag: found \"10m\", expected at most queue_lag_critical,"
                + " which is \"5m\""),
        BadInput(
            prod + "[environments.prod.thresholds]\nreplica_lag_bytes = \"16M\"",
            "one.toml:4: environments.prod.thresholds.replica_lag_bytes: found \"16M\", expected a size 1B…1024TiB"
                + " such as \"4kB\", \"16MB\" or \"1GiB\""),
        BadInput(
            "default_environment = \"prdo\"\n" + prod,
            "one.toml:1: default_environment: found \"prdo\", expected prod (did you mean prod?)"),
        BadInput(
            "[ui]\ntheme = \"\\u001b[2J\\u202e\"\nkeymap = 1979-05-27",
            "one.toml:3: ui.keymap: found 1979-05-27, expected a text"),
    ])
    func everyProblemIsTold(_ input: BadInput) throws {
        let (_, problems) = try load(input.text)
        #expect(problems.map(\.description) == input.problems)
        #expect(!problems.map(\.description).joined().contains("hunter2"))
    }

    @Test func variablesAndFlagsAreNamedInProblems() throws {
        let (_, problems) = try load(
            prod, variables: ["GALLEY_MOUSE": "yes"],
            flags: [
                SettingsFlag("--refresh", key: "ui.refresh", value: "soon"),
                SettingsFlag("--set", key: "environments.prd.kind", value: "prod"),
                SettingsFlag("--set", key: "environments.prod", value: "prod"),
                SettingsFlag("--set", key: "ui.theem", value: "prod"),
            ])
        #expect(
            problems.map(\.description) == [
                "GALLEY_MOUSE: ui.mouse: found \"yes\", expected true or false",
                "--refresh: ui.refresh: found \"soon\", expected a duration 100ms…1h \(durations)",
                "--set: environments.prd.kind: there is no \"prd\" in environments",
                "--set: environments.prod: is no single setting",
                "--set: ui.theem: unknown key, did you mean theme?",
            ])
    }

    @Test func aBadSettingLeavesTheOthers() throws {
        let (configuration, problems) = try load("[ui]\ntheme = 3\nmouse = true")
        #expect(problems.count == 1)
        #expect(configuration.ui.theme == "dark")
        #expect(configuration.ui.mouse)
    }

    @Test func unitsReadAsTheyAreWritten() {
        #expect(SettingUnits.duration("1.5s") == .milliseconds(1500))
        #expect(SettingUnits.duration("250us") == .microseconds(250))
        for bad in ["", "s", "1", "-1s", "1.s", ".5s", "1e3s", "99999999999999999999s", "9223372036854775807d", "1S"] {
            #expect(SettingUnits.duration(bad) == nil, "\(bad)")
        }
        for value: Int64 in [0, 1, 999, 1000, 1024, 16_000_000, 1 << 30, 1 << 50, .max] {
            #expect(SettingUnits.bytes(SettingUnits.write(bytes: value)) == value)
        }
        for microseconds: Int64 in [0, 1, 1500, 90_000_000, 86_400_000_000, 123_456_789_012] {
            let duration = Duration.microseconds(microseconds)
            #expect(SettingUnits.duration(SettingUnits.write(duration)) == duration)
        }
    }
}
