import Glibc

/// A configuration whose servers do not exist, in a folder of its own that goes away with it.
public final class NowhereConfiguration: Sendable {
    public let folder: String
    /// The file for `--config`.
    public let file: String

    public init() throws {
        folder = try ScratchFolder.make("nowhere")
        file = folder + "/galley.toml"
        try ScratchFolder.write(
            """
            default_environment = "nowhere"
            [environments.nowhere]
            kind = "dev"
            [environments.nowhere.postgres]
            [[environments.nowhere.postgres.nodes]]
            name = "one"
            host = "127.0.0.1"
            port = 1
            """, to: file)
    }

    deinit { ScratchFolder.remove(folder) }

    /// The environment of a program that must not look into the user's own folders.
    public func environment(term: String) -> [String: String] {
        ["TERM": term, "LANG": "C.UTF-8", "HOME": folder, "PATH": "/usr/bin:/bin"]
    }
}
