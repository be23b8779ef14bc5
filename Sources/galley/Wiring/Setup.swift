import Glibc
import LocalPlatform
import Settings

/// The process's surroundings and the configuration that follows from them.
struct Setup: Sendable {
    let paths: SettingsPaths
    let configuration: Configuration
    let problems: [SettingsProblem]

    /// Reads all layers; the local platform's own file is one of them while that platform is there.
    init(_ arguments: Arguments) {
        let variables = Setup.variables
        paths = SettingsPaths(variables: variables, uid: getuid())
        var flags: [SettingsFlag] = []
        for (option, key) in [("theme", "ui.theme"), ("keymap", "ui.keymap")] {
            if let value = arguments.option(option) {
                flags.append(SettingsFlag("--\(option)", key: key, value: value))
            }
        }
        let layers = SettingsLayer.standard(
            paths: paths, file: arguments.option("config"), variables: variables, flags: flags)
        // Below the user's own files: these may add to `local` or choose another default.
        let local = SettingsLayer.file(path: LocalPlatform().configuration, isRequired: false)
        (configuration, problems) = Configuration.load(layers: [local] + layers, home: paths.home)
    }

    /// The environment that the arguments, or else the configuration, choose.
    func environment(_ arguments: Arguments) throws(CommandFailure) -> EnvironmentSettings {
        let name = arguments.option("environment") ?? configuration.defaultEnvironment
        // A mistake in another environment must not keep anybody from this one.
        let relevant = problems.filter {
            !$0.key.hasPrefix("environments.") || $0.key.hasPrefix("environments.\(name).")
        }
        if let problem = relevant.first {
            let more = relevant.count > 1 ? " (and \(relevant.count - 1) more: galley config check)" : ""
            throw CommandFailure(status: ExitStatus.configuration, message: "\(problem)\(more)", code: "configuration")
        }
        if let environment = configuration.environment(named: name) {
            guard environment.postgres?.nodes.isEmpty ?? true, environment.redis == nil, environment.services.isEmpty
            else { return environment }
            // All would be well with it: there is nothing that could be wrong.
            throw CommandFailure(
                status: ExitStatus.configuration, message: "environment \(name) names nothing to watch",
                code: "configuration",
                hint: "add environments.\(name).postgres.nodes, environments.\(name).redis.url or"
                    + " environments.\(name).services")
        }
        let known = configuration.environments.map(\.name)
        if name == "local" {
            throw CommandFailure(
                status: ExitStatus.configuration, message: "no platform is configured and no local one is there",
                code: "configuration", hint: "galley local up starts one; \(paths.userFile) names others")
        }
        throw CommandFailure(
            status: ExitStatus.configuration,
            message: "there is no environment “\(name)”" + Suggestion.text(for: name, among: known),
            code: "configuration",
            hint: known.isEmpty ? "none is configured" : "configured: \(known.joined(separator: ", "))")
    }

    /// The themes and keymaps that can be chosen.
    var looks: Looks { Looks(folder: paths.configuration) }

    static var variables: [String: String] {
        var found: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            let parts = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { found[String(parts[0])] = String(parts[1]) }
            entry += 1
        }
        return found
    }

    static var userName: String {
        let user = getpwuid(getuid()).flatMap { String(cString: $0.pointee.pw_name) } ?? "\(getuid())"
        var host = [CChar](repeating: 0, count: 256)
        gethostname(&host, host.count - 1)
        let name = String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return "\(user)@\(name.prefix { $0 != "." })"
    }
}
