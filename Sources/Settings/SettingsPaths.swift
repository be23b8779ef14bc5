/// Where Galley's files are, by the rules of the XDG base directories.
public struct SettingsPaths: Sendable, Hashable {
    /// Empty when HOME is not set.
    public let home: String
    /// `$XDG_CONFIG_HOME/galley`: the user's configuration, themes and keymaps.
    public let configuration: String
    /// `$XDG_STATE_HOME/galley`: journals, history.
    public let state: String
    /// `$XDG_RUNTIME_DIR/galley`: sockets and locks, gone with the session; a folder of the user's own in `/tmp` without it.
    public let runtime: String
    /// `/etc/galley`
    public let system = "/etc/galley"

    /// - Parameters:
    ///   - variables: the process's environment; a relative path in it is ignored, as the rules want.
    ///   - uid: the user's number.
    public init(variables: [String: String], uid: UInt32) {
        let absolute = { (name: String) -> String? in
            guard let value = variables[name], value.hasPrefix("/") else { return nil }
            return value.count > 1 && value.hasSuffix("/") ? String(value.dropLast()) : value
        }
        home = absolute("HOME") ?? ""
        configuration = (absolute("XDG_CONFIG_HOME") ?? home + "/.config") + "/galley"
        state = (absolute("XDG_STATE_HOME") ?? home + "/.local/state") + "/galley"
        runtime = absolute("XDG_RUNTIME_DIR").map { $0 + "/galley" } ?? "/tmp/galley-\(uid)"
    }

    public var systemFile: String { system + "/galley.toml" }
    public var userFile: String { configuration + "/galley.toml" }
}
