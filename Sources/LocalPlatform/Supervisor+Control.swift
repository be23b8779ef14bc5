import CSystem
import Glibc
import PlatformModel
import Reactor

extension Supervisor {
    /// Opens the socket on which commands come; only the owner and root can enter its folder.
    nonisolated static func listen(at path: String) throws(LocalPlatformError) -> Int32 {
        guard var address = sockaddr_un.at(path) else { throw .system("listen", path, errno: ENAMETOOLONG) }
        unlink(path)
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(AF_UNIX, kind, 0)
        guard descriptor >= 0 else { throw .system("listen", path, errno: errno) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        guard bound, chmod(path, 0o600) == 0, Glibc.listen(descriptor, 16) == 0 else {
            let failure = errno
            close(descriptor)
            throw .system("listen", path, errno: failure)
        }
        return descriptor
    }

    /// Answers commands for as long as the process lives.
    func serve(_ listener: Int32) async {
        while true {
            guard case .ready = await loop.wait(listener, for: .read, until: .never) else { return }
            let descriptor = galley_accept(listener)
            guard descriptor >= 0 else {
                if errno == EMFILE || errno == ENFILE { await loop.sleep(until: .after(.milliseconds(100))) }
                continue
            }
            guard isAllowed(descriptor) else {
                close(descriptor)
                continue
            }
            Task { await converse(descriptor) }
        }
    }

    private func isAllowed(_ descriptor: Int32) -> Bool {
        let user = galley_peer_user(descriptor)
        return user == 0 || user == owner.user
    }

    private func converse(_ descriptor: Int32) async {
        let channel = LineChannel(descriptor: descriptor, loop: loop)
        while let request = await channel.receive(until: .after(.seconds(60))) {
            guard let command = request["command"]?.text else { return }
            let answer: JSON
            switch command {
            case "watch":
                answer = await follow(channel)
            case "status":
                answer = ["result": status()]
            case "stop":
                await stop()
                answer = ["result": ["stopped": true]]
            case "fault":
                answer = await reply { (supervisor) throws(LocalPlatformError) in try await supervisor.inject(request) }
            case "heal":
                answer = await reply { (supervisor) throws(LocalPlatformError) in try await supervisor.heal(request) }
            case "faults":
                answer = ["result": .array(targets())]
            default:
                answer = Self.failure(.usage("unknown command \(command)"))
            }
            guard await channel.send(answer, until: .after(.seconds(5))) else { return }
        }
    }

    private func reply(
        _ work: (Supervisor) async throws(LocalPlatformError) -> JSON
    ) async -> JSON {
        do {
            return ["result": try await work(self)]
        } catch {
            return Self.failure(error)
        }
    }

    static func failure(_ error: LocalPlatformError) -> JSON { ["error": error.json] }

    /// Tells the progress until the start has ended one way or the other.
    ///
    /// When the last one who waits for the start goes away, the start is given up: nobody wants it.
    private func follow(_ channel: LineChannel) async -> JSON {
        watchers += 1
        defer { watchers -= 1 }
        var next = 0
        while true {
            while next < told.count {
                let line = told[next]
                next += 1
                guard await channel.send(line, until: .after(.seconds(5))) else { break }
            }
            switch phase {
            case .ready: return ["result": status()]
            case .failed(let error): return Self.failure(error)
            case .stopping, .stopped:
                return Self.failure(
                    LocalPlatformError(
                        code: "stopped", operation: "start", target: folder.root, cause: "it was stopped meanwhile"))
            case .starting: break
            }
            if channel.isClosed {
                if watchers == 1 {
                    record("given-up", "platform", "nobody waits for the start")
                    Task { await stop() }
                }
                return .null
            }
            await loop.sleep(until: .after(.milliseconds(20)))
        }
    }

    /// The platform and each process, as `galley local status --json` shows it.
    func status() -> JSON {
        let processes = children.map { child -> JSON in
            let facts = child.pid.flatMap { ProcessFacts($0) }
            let memory = child.pid.map { ProcessTree.memory(of: $0) }
            var object = JSONObject([
                ("name", .string(child.name)), ("kind", .string(child.kind.rawValue)), ("state", .string(child.state)),
                ("pid", child.pid.map { .integer(Int64($0)) } ?? .null),
                ("port", child.port.map { .integer(Int64($0)) } ?? .null),
                ("uptime_seconds", facts.map { .number(($0.age * 10).rounded() / 10) } ?? .null),
                ("memory_bytes", memory.map { .integer(Int64($0)) } ?? .null),
                ("restarts", .integer(Int64(child.restarts))),
            ])
            if child.kind == .postgres { object["role"] = isStandby(child.name) ? "standby" : "primary" }
            if !child.reason.isEmpty { object["reason"] = .string(child.reason) }
            let faults = ([child.fault].compactMap { $0 } + linkFaults.filter { $0.target == child.name }).map(\.json)
            if !faults.isEmpty { object["faults"] = .array(faults) }
            return .object(object)
        }
        let phaseName =
            switch phase {
            case .starting: "starting"
            case .ready: "running"
            case .stopping: "stopping"
            case .stopped: "stopped"
            case .failed: "failed"
            }
        return [
            "phase": .string(phaseName), "folder": .string(folder.root), "pid": .integer(Int64(getpid())),
            "options": state.options.json, "ports": ports.json, "processes": .array(processes),
        ]
    }
}

extension LocalPlatformError {
    var json: JSON {
        [
            "code": .string(code), "operation": .string(operation), "target": .string(target), "cause": .string(cause),
            "hint": .string(hint), "exit_code": .integer(Int64(exitCode)),
        ]
    }

    init?(_ json: JSON?) {
        guard let json, let code = json["code"]?.text else { return nil }
        self.init(
            code: code, operation: json["operation"]?.text ?? "", target: json["target"]?.text ?? "",
            cause: json["cause"]?.text ?? "", hint: json["hint"]?.text ?? "",
            exitCode: Int32(json["exit_code"]?.int ?? 1))
    }
}
