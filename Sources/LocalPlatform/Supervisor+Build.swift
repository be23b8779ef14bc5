import Glibc
import Reactor

extension Supervisor {
    /// Starts everything, making what is missing; a second start finds it made.
    func build(until deadline: Deadline) async throws(LocalPlatformError) {
        tell("files", "writing configuration", done: 0, total: steps)
        let primary = try await prepare(until: deadline)
        try await together([.redis, .links, .databases(primary), .console], until: deadline)
        try await finishServices(until: deadline)
        try Configuration(folder: folder, ports: ports).write()
        tell("ready", "the platform is up", done: steps, total: steps)
    }

    var steps: Int { 6 }

    /// What is done beside other things. Values and not closures, which this compiler cannot lower here.
    enum Work: Sendable {
        case redis, links, console
        case databases(Node)
        case replica(Node, of: Node)
    }

    private func perform(_ work: Work, until deadline: Deadline) async throws(LocalPlatformError) {
        switch work {
        case .redis: try await startRedis(until: deadline)
        case .links: try begin(named: "links")
        case .databases(let primary):
            try beginBuiltReplicas(of: primary)
            try await startPrimary(primary, until: deadline)
            // The services start beside the replicas: both mostly wait.
            try beginServices()
            try await startReplicas(of: primary, until: deadline)
        case .console: try await makeTokens(until: deadline)
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

    private func beginServices() throws(LocalPlatformError) {
        guard !state.options.serversOnly else { return }
        for name in Services.names { try begin(named: name) }
    }

    /// Until each says of itself that it is healthy; then the kitchens begin to order.
    private func finishServices(until deadline: Deadline) async throws(LocalPlatformError) {
        guard !state.options.serversOnly else { return }
        tell("services", "starting the services", done: 5, total: steps)
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
        try await addJobs(until: deadline)
        try begin(named: "traffic")
    }

    private func addJobs(until deadline: Deadline) async throws(LocalPlatformError) {
        guard state.options.jobs > 0, !state.jobsAdded else { return }
        tell("jobs", "adding \(state.options.jobs) jobs", done: 5, total: steps)
        let services = Services(folder: folder, ports: ports, options: state.options, python: python)
        let arguments = ["--queue", "notifications", "--count", "\(state.options.jobs)"]
        _ = try await run("add the jobs", services.launch("jobs", role: nil, arguments: arguments), until: deadline)
        state.jobsAdded = true
        saveState()
    }

    /// What people and consoles show at the API: one token a role, and one that is bound to a kitchen.
    private func makeTokens(until deadline: Deadline) async throws(LocalPlatformError) {
        var launch = Services(folder: folder, ports: ports, options: state.options, python: python)
            .launch("tokens", role: nil)
        launch.arguments =
            ["-c", Self.tokenScript] + Secrets.tokens.map { "\($0.subject) \($0.role) \($0.kitchens)" }
        let lines = try await run("make the tokens", launch, until: deadline).split(separator: "\n")
        guard lines.count == Secrets.tokens.count else {
            throw LocalPlatformError(
                code: "tool-failed", operation: "make the tokens", target: folder.secrets,
                cause: "\(lines.count) tokens instead of \(Secrets.tokens.count)",
                hint: "its log is \(folder.log("setup-make-the-tokens"))")
        }
        for (token, line) in zip(Secrets.tokens, lines) {
            try Files.write(String(line).trimmed, to: folder.secret(token.file), mode: 0o600, owner: owner)
        }
    }

    private static let tokenScript = """
        import os, sys
        from foodplatform.tokens import sign
        key = open(os.environ["TOKEN_KEY_FILE"], "rb").read().strip()
        for wanted in sys.argv[1:]:
            subject, role, kitchens = wanted.split()
            print(sign(key, subject, role, kitchens.split(","), 365 * 86400))
        """
}
