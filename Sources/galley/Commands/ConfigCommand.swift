import LocalPlatform
import PlatformModel
import Settings

/// `galley config …`
enum ConfigCommand {
    static func check(_ arguments: Arguments) -> Int32 {
        let setup = Setup(arguments)
        if arguments.has("json") {
            let problems: [JSON] = setup.problems.map { problem in
                [
                    "origin": .string(problem.file), "line": .integer(Int64(problem.line)), "key": .string(problem.key),
                    "code": "configuration", "cause": .string(problem.message), "hint": .string(problem.hint),
                ]
            }
            let object = SnapshotJSON.envelope("config", environment: "", at: Moment.now().wall, [], errors: problems)
            Output.raw(object.write(pretty: true))
        } else {
            for problem in setup.problems { Output.line("\(problem)") }
            if setup.problems.isEmpty { Output.line("The configuration is good.") }
        }
        return setup.problems.isEmpty ? ExitStatus.done : ExitStatus.configuration
    }

    static func show(_ arguments: Arguments) -> Int32 {
        let setup = Setup(arguments)
        if arguments.has("json") {
            let values = setup.configuration.settings.map { ($0.path, JSON.string($0.value.toml)) }
            let object = SnapshotJSON.envelope(
                "config", environment: setup.configuration.defaultEnvironment, at: Moment.now().wall,
                [("settings", .object(JSONObject(values)))])
            Output.raw(object.write(pretty: true))
        } else {
            for setting in setup.configuration.settings { Output.line("\(setting.path) = \(setting.value.toml)") }
        }
        return ExitStatus.done
    }

    static func blame(_ arguments: Arguments) -> Int32 {
        for setting in Setup(arguments).configuration.settings {
            Output.line("\(setting.path) = \(setting.value.toml)  # from \(setting.origin)")
        }
        return ExitStatus.done
    }

    static func path(_ arguments: Arguments) -> Int32 {
        let setup = Setup(arguments)
        Output.line("system         \(setup.paths.systemFile)")
        Output.line("user           \(arguments.option("config") ?? setup.paths.userFile)")
        Output.line("themes         \(setup.paths.configuration)/themes")
        Output.line("keymaps        \(setup.paths.configuration)/keymaps")
        Output.line("state          \(setup.paths.state)")
        Output.line("local platform \(LocalPlatform().root)")
        return ExitStatus.done
    }
}
