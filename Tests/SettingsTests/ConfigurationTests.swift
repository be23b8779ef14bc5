import Settings
import Testing

@Suite struct ConfigurationTests {
    @Test func theDocumentedShapeLoads() throws {
        let (configuration, problems) = try load(goodConfiguration)
        #expect(problems == [])
        #expect(configuration.ui.theme == "light")
        #expect(configuration.ui.keymap == "default")
        #expect(configuration.ui.refresh == .milliseconds(500))
        let prod = try #require(configuration.environment(named: "prod"))
        #expect(prod.kind == .prod)
        #expect(prod.title == "fb-platform")
        #expect(prod.postgres?.nodes.map(\.name) == ["eu-west-1a", "us-east-1a"])
        #expect(prod.postgres?.nodes.map(\.port) == [5433, 5432])
        #expect(prod.postgres?.nodes.first?.roleHint == "primary")
        #expect(prod.redis?.queues == ["order-items", "mail"])
        #expect(prod.services.first?.healthPath == "/health")
        #expect(prod.api?.graphqlURL == "http://127.0.0.1:3000/graphql")
        #expect(prod.thresholds.queueLag == .seconds(90))
        #expect(prod.thresholds.replicaLagBytes == 64 << 20)
        #expect(prod.policy.readOnly)
    }

    @Test func nothingConfiguredGivesTheDefaults() {
        let (configuration, problems) = Configuration.load(layers: [])
        #expect(problems == [])
        #expect(configuration.defaultEnvironment == "local")
        #expect(configuration.environments == [])
        #expect(configuration.settings.allSatisfy { $0.origin == .builtIn })
    }

    @Test func laterLayersWinSettingBySetting() throws {
        let second = """
            [ui]
            theme = "dark"
            [environments.prod.postgres]
            [[environments.prod.postgres.nodes]]
            name = "us-east-1a"
            port = 6000
            [environments.local]
            kind = "local"
            """
        let (configuration, problems) = try load(
            goodConfiguration, second, variables: ["GALLEY_THEME": "mono", "GALLEY_MOUSE": "true", "PATH": "/bin"],
            flags: [
                SettingsFlag("--environment", key: "default_environment", value: "local"),
                SettingsFlag("--set", key: "environments.prod.postgres.nodes[us-east-1a].region", value: "us-east-1"),
            ])
        #expect(problems == [])
        #expect(configuration.defaultEnvironment == "local")
        #expect(configuration.ui.theme == "mono")
        #expect(configuration.ui.mouse)
        #expect(configuration.environments.map(\.name) == ["prod", "local"])
        #expect(configuration.environment(named: "local")?.policy.readOnly == false)
        let node = configuration.environment(named: "prod")?.postgres?.nodes.last
        #expect(node?.host == "10.0.0.2")
        #expect(node?.port == 6000)
        #expect(node?.region == "us-east-1")
    }

    @Test func blameTellsWhoSaidWhat() throws {
        let (configuration, _) = try load(
            goodConfiguration, "[ui]\ntheme = \"dark\"", variables: ["GALLEY_REFRESH": "2s"],
            flags: [SettingsFlag("--keymap", key: "ui.keymap", value: "vi")])
        let blame = configuration.blame().split(separator: "\n").map(String.init)
        #expect(blame.contains("default_environment = \"prod\"  # from one.toml:1"))
        #expect(blame.contains("ui.theme = \"dark\"  # from two.toml:2"))
        #expect(blame.contains("ui.refresh = \"2s\"  # from GALLEY_REFRESH"))
        #expect(blame.contains("ui.keymap = \"vi\"  # from --keymap"))
        #expect(blame.contains("ui.mouse = false  # from built-in"))
        #expect(blame.contains("environments.prod.postgres.nodes[eu-west-1a].port = 5433  # from one.toml:15"))
        #expect(blame.contains("environments.prod.postgres.nodes[us-east-1a].port = 5432  # from built-in"))
    }

    @Test func whatIsShownLoadsToTheSame() throws {
        let (configuration, _) = try load(goodConfiguration)
        let (again, problems) = try load(configuration.show())
        #expect(problems == [])
        #expect(again.environments == configuration.environments)
        #expect(again.settings.map(\.path) == configuration.settings.map(\.path))
        #expect(again.settings.map(\.value) == configuration.settings.map(\.value))
        #expect(again.show() == configuration.show())
    }

    @Test func everySettingIsDocumented() {
        let reference = Configuration.reference()
        for key in SettingKey.all {
            #expect(reference.contains("`\(key.pattern)`"))
            #expect(key.summary.hasSuffix("."))
        }
        #expect(Set(SettingKey.all.map(\.pattern)).count == SettingKey.all.count)
    }

    @Test func foldersFollowTheEnvironment() {
        let plain = SettingsPaths(variables: ["HOME": "/home/anna"], uid: 1000)
        #expect(plain.userFile == "/home/anna/.config/galley/galley.toml")
        #expect(plain.state == "/home/anna/.local/state/galley")
        #expect(plain.runtime == "/tmp/galley-1000")
        let set = SettingsPaths(
            variables: [
                "HOME": "/h", "XDG_CONFIG_HOME": "/c/", "XDG_STATE_HOME": "relative", "XDG_RUNTIME_DIR": "/run/user/7",
            ], uid: 7)
        #expect(set.configuration == "/c/galley")
        #expect(set.state == "/h/.local/state/galley")
        #expect(set.runtime == "/run/user/7/galley")
    }
}
