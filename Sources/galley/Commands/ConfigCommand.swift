import LocalPlatform
import PlatformModel
import Settings
import TerminalCells

/// `galley config …`
enum ConfigCommand {
    static func check(_ arguments: Arguments) -> Int32 {
        let setup = Setup(arguments)
        if arguments.has("json") {
            let object = SnapshotJSON.envelope(
                "config", environment: "", at: Moment.now().wall, [], errors: setup.problems.map(SnapshotJSON.error))
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
        let settings = Setup(arguments).configuration.settings
        if arguments.has("json") {
            let list: [JSON] = settings.map {
                ["setting": .string($0.path), "value": $0.value.json, "from": .string("\($0.origin)")]
            }
            let object = SnapshotJSON.envelope(
                "blame", environment: "", at: Moment.now().wall, [("settings", .array(list))])
            Output.raw(object.write(pretty: true))
            return ExitStatus.done
        }
        for setting in settings {
            Output.line("\(setting.path) = \(setting.value.toml)  # from \(setting.origin)")
        }
        return ExitStatus.done
    }

    static func path(_ arguments: Arguments) -> Int32 {
        let setup = Setup(arguments)
        let places = [
            ("system", setup.paths.systemFile), ("user", arguments.option("config") ?? setup.paths.userFile),
            ("themes", "\(setup.paths.configuration)/themes"), ("keymaps", "\(setup.paths.configuration)/keymaps"),
            ("state", setup.paths.state), ("local platform", LocalPlatform().root),
        ]
        if arguments.has("json") {
            let paths = places.map { ($0.0.replacing(" ", with: "_"), JSON.string($0.1)) }
            let object = SnapshotJSON.envelope(
                "paths", environment: "", at: Moment.now().wall, [("paths", .object(JSONObject(paths)))])
            Output.raw(object.write(pretty: true))
            return ExitStatus.done
        }
        for (name, path) in places { Output.line("\(name.padded(to: 14)) \(path)") }
        return ExitStatus.done
    }
}
