import Glibc
import Reactor

extension Supervisor {
    /// Starts everything, making what is missing; a second start finds it made.
    func build(until deadline: Deadline) async throws(LocalPlatformError) {
        tell("files", "writing configuration", done: 0, total: steps)
        let primary = try await prepare(until: deadline)
        try await together([.redis, .links, .databases(primary)], until: deadline)
        try await startServices(until: deadline)
        try Configuration(folder: folder, ports: ports).write()
        tell("ready", "the platform is up", done: steps, total: steps)
    }

    var steps: Int { 6 }

    /// What is done beside other things. Values and not closures, which this compiler cannot lower here.
    enum Work: Sendable {
        case redis, links
        case databases(Node)
        case replica(Node, of: Node)
    }

    private func perform(_ work: Work, until deadline: Deadline) async throws(LocalPlatformError) {
        switch work {
        case .redis: try await startRedis(until: deadline)
        case .links: try begin(named: "links")
        case .databases(let primary):
            try await startPrimary(primary, until: deadline)
            try await startReplicas(of: primary, until: deadline)
        case .replica(let node, let primary): try await startReplica(node, of: primary, until: deadline)
        }
    }

    /// Does all at once; the first failure cancels the rest.
    func together(_ all: [Work], until deadline: Deadline) async throws(LocalPlatformError) {
        let failure = await withTaskGroup(of: LocalPlatformError?.self) { group in
            for work in all {
                group.addTask { [self] in
                    do throws(LocalPlatformError) {
                        try await self.perform(work, until: deadline)
                        return nil
                    } catch {
                        return error
                    }
                }
            }
            var first: LocalPlatformError?
            for await failure in group {
                if first == nil, let failure {
                    first = failure
                    group.cancelAll()
                }
            }
            return first
        }
        if let failure { throw failure }
    }

    /// Files, ports, passwords and the list of processes; says who is primary.
    private func prepare(until deadline: Deadline) async throws(LocalPlatformError) -> Node {
        for name in Files.list(folder.faults) { try Files.remove(folder.faults + "/" + name) }
        secrets = try Secrets.prepare(in: folder, owner: owner)
        try secrets.writePassFiles(in: folder, owner: owner)
        try Resources.write("Python", to: folder.python)
        try Resources.write("SQL", to: folder.sql)
        let (ports, moved) = try Ports.choose(base: portBase, earlier: state.ports)
        self.ports = ports
        for line in moved { tell("files", line, done: 0, total: steps) }
        state.postgresVersion = programs.postgresVersion
        let primary = try await choosePrimary(until: deadline)
        children = Node.all.map { node in
            let data = folder.data(node.name)
            let launch = Launch(
                program: programs.postgres("postgres"), arguments: ["-D", data], folder: data, deathSignal: SIGINT)
            return Child(name: node.name, kind: .postgres, port: ports[node.name], launch: launch)
        }
        let redis = RedisFiles(folder: folder, port: ports["redis"], owner: owner, secrets: secrets)
        try redis.write()
        let launch = Launch(program: programs.redisServer, arguments: [redis.configuration], folder: folder.redis)
        children.append(Child(name: "redis", kind: .redis, port: ports["redis"], launch: launch))
        let services = Services(folder: folder, ports: ports, options: state.options, python: python)
        children += services.children(primary: primary)
        saveState()
        return primary
    }

    func begin(named name: String) throws(LocalPlatformError) {
        if let child = child(name), child.pid == nil { try begin(child) }
    }

    /// Why a process that should be there is not; nil while it runs.
    func failure(of name: String) -> LocalPlatformError? {
        guard let child = child(name), child.pid == nil, !child.reason.isEmpty else { return nil }
        return LocalPlatformError(
            code: "did-not-start", operation: "start", target: name, cause: child.reason,
            hint: "its log is \(folder.log(name))")
    }

    func late(_ name: String, _ cause: String) -> LocalPlatformError {
        LocalPlatformError(
            code: "timed-out", operation: "start", target: name, cause: cause,
            hint: "its log is \(folder.log(name)); give more time with --timeout", exitCode: 7)
    }

    private func startRedis(until deadline: Deadline) async throws(LocalPlatformError) {
        try begin(named: "redis")
        let password = secrets[Secrets.redisName("galley_reader")]
        try await wait(until: deadline) { () throws(LocalPlatformError) -> Bool in
            if let failure = self.failure(of: "redis") { throw failure }
            return await Probe.redis(
                port: self.ports["redis"], user: "galley_reader", password: password, loop: self.loop,
                until: .after(.seconds(1)))
        } late: {
            self.late("redis", "it does not answer")
        }
    }

    private func startServices(until deadline: Deadline) async throws(LocalPlatformError) {
        guard !state.options.serversOnly else { return }
        tell("services", "starting the services", done: 5, total: steps)
        for name in Services.names { try begin(named: name) }
        for name in Services.names {
            var said = "it does not answer"
            try await wait(until: deadline) { () throws(LocalPlatformError) -> Bool in
                if let failure = self.failure(of: name) { throw failure }
                guard
                    let answer = await Probe.health(
                        port: self.ports[name], loop: self.loop, until: .after(.seconds(2)))
                else { return false }
                said = "/health says \(answer.status): \(answer.body.prefix(300))"
                return answer.status == 200
            } late: {
                self.late(name, said)
            }
        }
        try begin(named: "traffic")
    }
}
