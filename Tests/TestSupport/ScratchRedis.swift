import Glibc
import Reactor
import RedisClient

/// A real redis-server on loopback in a folder of its own, as an unprivileged user, that ends with the process.
public final class ScratchRedis: Sendable {
    /// What a test may ask for.
    public struct Options: Sendable {
        /// The password of the `default` user; nil lets anybody in.
        public var password: String?
        /// A further ACL user with all rights, and its password.
        public var user: (name: String, password: String)?
        /// Listens with TLS beside the port in clear, with a certificate of this kind.
        public var tls: ScratchCertificates.Kind?
        /// A node of a cluster, with no slots yet.
        public var isClusterNode = false
        /// Further lines of redis.conf.
        public var lines: [String] = []

        public init() {}
    }

    public let host = "127.0.0.1"
    public let port: UInt16
    /// Listens with TLS when that was asked for.
    public let tlsPort: UInt16
    /// The cluster's bus.
    public let busPort: UInt16
    public let password: String?
    public let user: (name: String, password: String)?
    public let folder: String
    /// A Unix socket of the same server.
    public var socketPath: String { folder + "/redis.sock" }
    /// The authority that signed the certificate, as a PEM file.
    public let caFile: String?
    private let process = Locked<pid_t>(0)

    /// For the `default` user, in clear.
    public var configuration: RedisConfiguration {
        RedisConfiguration(host: host, port: port, password: password.map { RedisSecret($0) })
    }

    /// The one that suites share: with a password, without TLS. Each suite uses keys of its own.
    public static func shared() async throws -> ScratchRedis { try await sharedServer.value }

    private static let sharedServer = Task(executorPreference: EventLoop.shared) {
        var options = Options()
        options.password = "scratch-secret"
        return try await ScratchRedis.start(options)
    }

    /// Starts a server and waits until it answers.
    public static func start(_ options: Options = Options()) async throws -> ScratchRedis {
        var last: any Error = ScratchFailure("redis-server did not start")
        // A free port can be taken by somebody else before the server has it.
        for _ in 0..<5 {
            let server = try await ScratchRedis(options)
            do {
                try await server.launch()
                return server
            } catch {
                last = error
                server.stop()
            }
        }
        throw last
    }

    private init(_ options: Options) async throws {
        folder = try ScratchFolder.make("redis")
        port = ScratchFolder.freePort()
        tlsPort = ScratchFolder.freePort()
        busPort = ScratchFolder.freePort()
        password = options.password
        user = options.user
        var lines = [
            "bind 127.0.0.1", "port \(port)", "dir \(folder)", "unixsocket \(folder)/redis.sock", "save \"\"",
            "appendonly no", "daemonize no", "logfile \(folder)/log", "enable-debug-command yes",
        ]
        if let password { lines.append("requirepass \(password)") }
        if let user { lines.append("user \(user.name) on \">\(user.password)\" ~* &* +@all") }
        if let kind = options.tls {
            let certificates = try await ScratchCertificates.make(in: folder, kind)
            caFile = certificates.authority
            lines += [
                "tls-port \(tlsPort)", "tls-cert-file \(certificates.certificate)", "tls-key-file \(certificates.key)",
                "tls-ca-cert-file \(certificates.authority)", "tls-auth-clients no",
            ]
        } else {
            caFile = nil
        }
        if options.isClusterNode {
            lines += ["cluster-enabled yes", "cluster-port \(busPort)", "cluster-node-timeout 2000"]
        }
        try ScratchFolder.write((lines + options.lines).joined(separator: "\n") + "\n", to: folder + "/redis.conf")
    }

    deinit { stop() }

    /// Starts the process and waits until it replies; after ``kill()`` it comes back on the same port.
    public func launch() async throws {
        let started = try await ScratchProcess.spawn(["/usr/bin/redis-server", folder + "/redis.conf"])
        process.withLock { $0 = started }
        ScratchProcess.endAtExit(started, folder: folder)
        var configuration = configuration
        configuration.socketPath = socketPath
        let end = Deadline.after(.seconds(20))
        while !end.hasPassed {
            // A fresh client each time: one that failed would back off.
            let client = RedisClient(configuration, name: "scratch")
            let reply = try? await client.send(RedisCommand("PING"), until: .after(.seconds(2)))
            await client.close()
            if reply == .simple("PONG") { return }
            guard ScratchProcess.isRunning(started) else {
                throw ScratchFailure("redis-server ended: \(ScratchFolder.read(folder + "/log"))")
            }
            await EventLoop.shared.sleep(until: .after(.milliseconds(10)))
        }
        throw ScratchFailure("redis-server does not answer: \(ScratchFolder.read(folder + "/log"))")
    }

    /// SIGKILL, and waits until the process is gone.
    public func kill() {
        let id = process.withLock { id in
            defer { id = 0 }
            return id
        }
        if id > 0 { ScratchProcess.end(id) }
    }

    /// Stops answering without closing anything, until ``resume()``.
    public func suspend() { signal(SIGSTOP) }
    public func resume() { signal(SIGCONT) }

    private func signal(_ number: Int32) {
        let id = process.withLock { $0 }
        if id > 0 { Glibc.kill(id, number) }
    }

    /// Ends the process and removes its folder. Idempotent.
    public func stop() {
        kill()
        ScratchFolder.remove(folder)
    }

    /// Three primaries that share the slots, ready to serve.
    public static func cluster() async throws -> [ScratchRedis] {
        var options = Options()
        options.isClusterNode = true
        var nodes: [ScratchRedis] = []
        for _ in 0..<3 { nodes.append(try await start(options)) }
        let end = Deadline.after(.seconds(30))
        let clients = nodes.map { RedisClient($0.configuration, name: "node") }
        let shares = [(0, 5460), (5461, 10922), (10923, 16383)]
        for (client, (first, last)) in zip(clients, shares) {
            _ = try await client.send(RedisCommand("CLUSTER", "ADDSLOTSRANGE", "\(first)", "\(last)"), until: end)
        }
        for node in nodes.dropFirst() {
            let meet = RedisCommand("CLUSTER", "MEET", node.host, "\(node.port)", "\(node.busPort)")
            _ = try await clients[0].send(meet, until: end)
        }
        for client in clients {
            while true {
                let state = try await client.send(RedisCommand("CLUSTER", "INFO"), until: end).text ?? ""
                let ranges = try await client.send(RedisCommand("CLUSTER", "SLOTS"), until: end).array ?? []
                if state.contains("cluster_state:ok"), ranges.count == 3 { break }
                await EventLoop.shared.sleep(until: .after(.milliseconds(20)))
            }
            await client.close()
        }
        return nodes
    }
}
