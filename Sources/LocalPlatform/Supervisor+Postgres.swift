import Glibc
import Reactor

extension Supervisor {
    private func builtMark(_ node: Node) -> String { folder.data(node.name) + ".built" }

    /// Who was primary last: a built node that follows nobody, the one on the highest timeline.
    ///
    /// Others of that kind are an old primary that was never rejoined: they are left down, because a second
    /// writable copy is worse than a missing one.
    func choosePrimary(until deadline: Deadline) async throws(LocalPlatformError) -> Node {
        let built = Node.all.filter { Files.exists(builtMark($0)) }
        let writable = built.filter { !isStandby($0.name) }
        if writable.count == 1 { return writable[0] }
        if built.isEmpty { return .firstPrimary }
        guard !writable.isEmpty else {
            throw LocalPlatformError(
                code: "no-primary", operation: "find the primary", target: folder.postgres,
                cause: "every node is a standby", hint: "galley local reset starts anew", exitCode: 6)
        }
        var best = writable[0]
        var highest = 0
        for node in writable {
            let launch = Launch(
                program: programs.postgres("pg_controldata"), arguments: ["-D", folder.data(node.name)],
                folder: folder.root)
            let text = try await run("read the timeline of \(node.name)", launch, until: deadline)
            let line = text.split(separator: "\n").first { $0.hasPrefix("Latest checkpoint's TimeLineID:") }
            let timeline = line?.split(separator: ":").last.flatMap { Int(String($0).trimmed) } ?? 0
            if timeline > highest { (best, highest) = (node, timeline) }
        }
        return best
    }

    private func files(_ node: Node) -> PostgresFiles {
        PostgresFiles(
            folder: folder, node: node, ports: ports, owner: owner, asynchronous: state.options.asynchronous)
    }

    func startPrimary(_ node: Node, until deadline: Deadline) async throws(LocalPlatformError) {
        let isNew = !Files.exists(builtMark(node))
        if isNew {
            tell("database", "making the database", done: 1, total: steps)
            try Files.remove(folder.data(node.name))
            let launch = Launch(
                program: programs.postgres("initdb"),
                arguments: [
                    "-D", folder.data(node.name), "-U", "postgres", "-A", "peer", "-E", "UTF8", "--locale=C.UTF-8",
                    "--data-checksums", "--no-sync", "--no-instructions",
                ], folder: folder.root)
            _ = try await run("make the database", launch, until: deadline)
            state.sqlEdition = ""
            state.filled = false
            // A database without the orders that the queues' jobs are about: the queues start anew too.
            state.jobsAdded = false
        } else {
            tell("database", "starting the primary \(node.name)", done: 1, total: steps)
        }
        try files(node).write()
        try begin(named: node.name)
        try await untilReady(node, until: deadline)
        try await runSQL(on: node, until: deadline)
        if isNew { try Files.write("", to: builtMark(node), mode: 0o600) }
        try await fill(on: node, until: deadline)
    }

    /// Roles, schema, contract and world, when the database has another edition of them.
    private func runSQL(on node: Node, until deadline: Deadline) async throws(LocalPlatformError) {
        let edition = Resources.edition(of: "SQL")
        guard state.sqlEdition != edition else { return }
        tell("database", "roles, tables and the world", done: 2, total: steps)
        for (file, database) in [
            ("roles", "postgres"), ("schema", "platform"), ("contract", "platform"), ("agents", "platform"),
            ("world", "platform"),
        ] {
            var launch = psql(node.name, database: database, arguments: ["-q", "-f", "\(folder.sql)/\(file).sql"])
            launch.environment.merge(secrets.environment) { $1 }
            do throws(LocalPlatformError) {
                _ = try await run("run \(file).sql", launch, until: deadline)
            } catch {
                guard !state.sqlEdition.isEmpty, error.code == "tool-failed" else { throw error }
                throw LocalPlatformError(
                    code: "other-edition", operation: error.operation, target: folder.root,
                    cause: "this database was made by another edition of Galley: \(error.cause)",
                    hint: "galley local reset, then up, makes a new one", exitCode: 3)
            }
        }
        state.sqlEdition = edition
        saveState()
    }

    private func fill(on node: Node, until deadline: Deadline) async throws(LocalPlatformError) {
        guard !state.filled, state.options.orders > 0 else { return }
        tell("history", "filling in \(state.options.orders) orders", done: 3, total: steps)
        let arguments = ["-v", "orders=\(state.options.orders)", "-f", "\(folder.sql)/history.sql"]
        let launch = psql(node.name, database: "platform", arguments: arguments)
        _ = try await run("fill in the history", launch, until: deadline) { [steps] line in
            if !line.isEmpty { self.tell("history", line, done: 3, total: steps) }
        }
        state.filled = true
        saveState()
    }

    /// What needs no copy need not wait for the primary either.
    func beginBuiltReplicas(of primary: Node) throws(LocalPlatformError) {
        for node in Node.all where node != primary && Files.exists(builtMark(node)) && isStandby(node.name) {
            try files(node).write()
            try begin(named: node.name)
        }
    }

    /// Replicas one beside the other; returns when each streams.
    func startReplicas(of primary: Node, until deadline: Deadline) async throws(LocalPlatformError) {
        tell("replicas", "starting the replicas", done: 4, total: steps)
        let others = Node.all.filter { $0 != primary }
        try await makeSlots(on: primary, reserve: true, until: deadline)
        try await together(others.map { .replica($0, of: primary) }, until: deadline)
        let following = others.filter { child($0.name)?.wanted == true }.count
        var streaming = 0
        try await wait(until: deadline) { () throws(LocalPlatformError) -> Bool in
            for node in others { if let failure = self.failure(of: node.name) { throw failure } }
            let answer = try await self.sql(
                "select count(*) from pg_stat_replication where state = 'streaming'", on: primary.name, until: deadline)
            streaming = Int(answer) ?? 0
            return streaming >= following
        } late: {
            self.late(primary.name, "\(streaming) of \(following) replicas stream")
        }
    }

    func startReplica(_ node: Node, of primary: Node, until deadline: Deadline) async throws(LocalPlatformError) {
        let data = folder.data(node.name)
        if Files.exists(builtMark(node)), !isStandby(node.name) {
            child(node.name)?.reason = "it was primary before \(primary.name) was promoted, and must be rejoined"
            record("problem", node.name, "left down: a second primary")
            return
        }
        if !Files.exists(builtMark(node)) {
            try Files.remove(data)
            try await copy(primary, to: node, until: deadline)
            try Files.write("", to: data + "/standby.signal", mode: 0o600)
            try Files.write("", to: builtMark(node), mode: 0o600)
        }
        if child(node.name)?.pid == nil { try files(node).write() }
        try begin(named: node.name)
        try await untilReady(node, until: deadline)
        try await makeSlots(on: node, reserve: false, until: deadline)
    }

    /// A base backup over the node's own link, as its later stream.
    private func copy(_ primary: Node, to node: Node, until deadline: Deadline) async throws(LocalPlatformError) {
        let port = ports["link-" + node.name]
        try await wait(until: deadline) { () throws(LocalPlatformError) -> Bool in
            await self.listens(port)
        } late: {
            self.late("links", "nobody listens on port \(port)")
        }
        let launch = Launch(
            program: programs.postgres("pg_basebackup"),
            arguments: [
                "-D", folder.data(node.name), "-d", files(node).conninfo(port: port), "-X", "stream", "-S", node.slot,
                "-c", "fast", "--no-sync", "--no-manifest",
            ], folder: folder.root)
        _ = try await run("copy the database to \(node.name)", launch, until: deadline)
    }

    private func listens(_ port: UInt16) async -> Bool {
        await Probe.exchange("", port: port, loop: loop, until: .after(.seconds(1)), enough: { _ in true }) != nil
    }

    /// The slots of all others, on every node: a promotion then finds them in place.
    private func makeSlots(on node: Node, reserve: Bool, until deadline: Deadline) async throws(LocalPlatformError) {
        let names = Node.all.filter { $0 != node }.map { "'\($0.slot)'" }.joined(separator: ", ")
        _ = try await sql(
            """
            select pg_create_physical_replication_slot(name, \(reserve)) from unnest(array[\(names)]) as name
            where name not in (select slot_name from pg_replication_slots)
            """, on: node.name, until: deadline)
    }

    /// Until the node accepts connections, as it says itself in its pid file.
    func untilReady(_ node: Node, until deadline: Deadline) async throws(LocalPlatformError) {
        try await wait(until: deadline, every: .milliseconds(20)) { () throws(LocalPlatformError) -> Bool in
            if let failure = self.failure(of: node.name) { throw failure }
            return self.isReady(node.name)
        } late: {
            self.late(node.name, "it does not accept connections")
        }
    }

    func isReady(_ node: String) -> Bool {
        guard let pid = child(node)?.pid, let text = Files.readText(folder.data(node) + "/postmaster.pid") else {
            return false
        }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.count > 7 && lines[0] == "\(pid)" && String(lines[7]).trimmed == "ready"
    }
}
