import PlatformModel

/// What `platform.json` keeps between starts.
struct State: Sendable {
    static let schema = 1

    var madeAt = Timestamp.now
    var postgresVersion = 0
    var options = LocalOptions.Effective()
    var ports: Ports?
    /// The history and the jobs are filled once.
    var filled = false
    var jobsAdded = false
    /// Which edition of the SQL the database has.
    var sqlEdition = ""
    var faults: [Fault] = []
    /// Pid and start time of each process, the supervisor's first; empty when none runs.
    var running: [(name: String, pid: Int, started: UInt64)] = []

    /// nil when there is none; an unreadable one is an error, because ports and versions would be guessed.
    static func read(_ folder: Folder) throws(LocalPlatformError) -> State? {
        guard let bytes = Files.read(folder.state) else { return nil }
        let json: JSON
        do {
            json = try JSON.parse(bytes)
        } catch {
            throw LocalPlatformError(
                code: "bad-state", operation: "read the platform's state", target: folder.state,
                cause: error.description, hint: "delete this file; the next up makes it anew", exitCode: 3)
        }
        guard let schema = json["schema"]?.int, schema <= State.schema else {
            throw LocalPlatformError(
                code: "newer-folder", operation: "read the platform's state", target: folder.state,
                cause: "a newer Galley wrote it", hint: "use that Galley, or galley local reset with it", exitCode: 3)
        }
        var state = State()
        state.madeAt = json["made_at"]?.text ?? state.madeAt
        state.postgresVersion = json["postgres_version"]?.int ?? 0
        state.options = LocalOptions.Effective(json["options"])
        state.ports = Ports(json["ports"])
        state.filled = json["filled"]?.bool ?? false
        state.jobsAdded = json["jobs_added"]?.bool ?? false
        state.sqlEdition = json["sql_edition"]?.text ?? ""
        state.faults = (json["faults"]?.array ?? []).compactMap { Fault($0) }
        state.running = (json["running"]?.array ?? []).compactMap {
            guard let name = $0["name"]?.text, let pid = $0["pid"]?.int, let started = $0["started"]?.int else {
                return nil
            }
            return (name, pid, UInt64(started))
        }
        return state
    }

    func write(_ folder: Folder) throws(LocalPlatformError) {
        let json: JSON = [
            "schema": .integer(Int64(State.schema)), "made_at": .string(madeAt),
            "postgres_version": .integer(Int64(postgresVersion)), "options": options.json,
            "ports": ports?.json ?? .null, "filled": .bool(filled),
            "jobs_added": .bool(jobsAdded),
            "sql_edition": .string(sqlEdition), "faults": .array(faults.map(\.json)),
            "running": .array(
                running.map {
                    [
                        "name": .string($0.name), "pid": .integer(Int64($0.pid)),
                        "started": .integer(Int64($0.started)),
                    ]
                }),
        ]
        try Files.write(json.write(pretty: true) + "\n", to: folder.state, mode: 0o640)
    }
}
