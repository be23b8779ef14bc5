import Glibc

/// Where everything of one local platform lies. Nothing is ever written outside `root`.
struct Folder: Sendable, Hashable {
    let root: String

    init(_ root: String) { self.root = Files.absolute(root) }

    /// Where a platform lives when nobody says otherwise.
    static var standard: String {
        if geteuid() == 0 { return "/var/lib/galley/local" }
        return stateHome + "/galley/local"
    }

    private static var stateHome: String {
        if let state = getenv("XDG_STATE_HOME").map({ String(cString: $0) }), state.hasPrefix("/") { return state }
        return home + "/.local/state"
    }

    static var home: String {
        if let home = getenv("HOME").map({ String(cString: $0) }), home.hasPrefix("/") { return home }
        return getpwuid(geteuid()).map { String(cString: $0.pointee.pw_dir) } ?? "/tmp"
    }

    /// Says that the folder is ours; `reset` deletes no folder without it.
    var marker: String { root + "/.galley-local-platform" }
    var state: String { root + "/platform.json" }
    var events: String { root + "/events.jsonl" }
    var configuration: String { root + "/galley.toml" }
    var secrets: String { root + "/secrets" }
    var postgres: String { root + "/postgres" }
    var redis: String { root + "/redis" }
    var archive: String { root + "/wal-archive" }
    var logs: String { root + "/logs" }
    var run: String { root + "/run" }
    var faults: String { root + "/faults" }
    var python: String { root + "/python" }
    var sql: String { root + "/sql" }
    var control: String { run + "/control.sock" }
    var lock: String { run + "/supervisor.lock" }

    func data(_ node: String) -> String { postgres + "/" + node }
    func log(_ process: String) -> String { logs + "/" + process + ".log" }
    func secret(_ name: String) -> String { secrets + "/" + name }
    func fault(_ name: String) -> String { faults + "/" + name + ".json" }

    /// The folders inside, with the modes they need.
    var parts: [(path: String, mode: mode_t)] {
        [
            (secrets, 0o700), (postgres, 0o700), (redis, 0o700), (archive, 0o700), (logs, 0o755), (run, 0o700),
            (faults, 0o700), (python, 0o755), (sql, 0o755),
        ]
    }
}
