import CSystem
import Glibc
import PostgresClient
import Reactor

/// A real PostgreSQL server in a temporary folder: loopback and a Unix socket, a free port, a generated password.
///
/// It ends with the test process, however that ends, and its folder is removed at an orderly end. Started by root it
/// runs as the user `postgres`.
public final class ScratchPostgres: Sendable {
    public let folder: String
    public let port: UInt16
    public let password: String
    public let superuser = "postgres"
    private let data: String
    private let process = Locked<pid_t>(-1)
    private let replica: Bool

    /// Why there is no server.
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
        public init(description: String) { self.description = description }
    }

    private static let first = Task { try await start() }

    /// The server that all suites share; started when first asked for. Do not stop or reconfigure it.
    public static func shared() async throws -> ScratchPostgres { try await first.value }

    /// A server of one's own.
    /// - Parameter settings: lines for `postgresql.conf`, by name.
    public static func start(settings: [String: String] = [:]) async throws -> ScratchPostgres {
        let server = try ScratchPostgres(replica: false)
        try await server.initialise(settings)
        try await server.launch()
        return server
    }

    /// A streaming standby of this server, which receives what is committed here.
    public func startReplica(settings: [String: String] = [:]) async throws -> ScratchPostgres {
        let standby = try ScratchPostgres(replica: true, password: password)
        let source = "host=127.0.0.1 port=\(port) user=\(superuser) password=\(password)"
        try await standby.run(
            "pg_basebackup", ["-D", standby.data, "-X", "stream", "-c", "fast", "-R", "-d", source])
        try standby.configure(settings)
        try await standby.launch()
        return standby
    }

    // MARK: Connecting

    /// How the superuser connects over loopback.
    public func configuration(database: String = "postgres") -> PostgresConfiguration {
        // A loaded machine may take long to connect many tests at once.
        PostgresConfiguration(
            hosts: [.init(host: "127.0.0.1", port: port)], database: database, user: superuser,
            password: PostgresSecret(password), tls: .disable, connectTimeout: .seconds(20), cancelTimeout: .seconds(20)
        )
    }

    /// A client of the superuser.
    public func client(_ name: String = "scratch", loop: EventLoop = .shared) -> PostgresClient {
        PostgresClient(configuration(), name: name, loop: loop)
    }

    // MARK: Life

    /// Ends the server and waits for it: SIGINT disconnects everyone in order, SIGQUIT at once.
    public func stop(signal: Int32 = SIGINT) async throws {
        let pid = process.withLock { $0 }
        guard pid > 0 else { return }
        kill(pid, signal)
        _ = try await ended(pid, "postgres", until: .after(.seconds(20)))
        process.withLock { $0 = -1 }
    }

    /// Starts the server again after ``stop(signal:)``, and waits until it accepts connections.
    public func launch() async throws {
        let arguments = ["-D", data, "-p", String(port), "-k", folder]
        let pid = try await spawn("postgres", arguments, logTo: folder + "/log")
        process.withLock { $0 = pid }
        var configuration = configuration()
        configuration.connectTimeout = .seconds(2)
        let end = Deadline.after(.seconds(30))
        while true {
            // A new client each time: no pause after a refused attempt.
            let client = PostgresClient(configuration, name: "start")
            let answer = try? await client.query("select 1", until: .after(.seconds(2)))
            await client.close()
            if answer != nil { return }
            guard !end.hasPassed else { throw Failure(description: "postgres does not start:\n\(log)") }
            await EventLoop.shared.sleep(until: .after(.milliseconds(20)))
        }
    }

    /// What the server has written to its log.
    public var log: String { (try? Self.read(folder + "/log")) ?? "" }

    // MARK: Files

    /// Writes a file of the server's into its data folder, readable by it alone.
    public func write(_ name: String, _ text: String) throws { try Self.write(data + "/" + name, text, owner: owner) }

    private let owner: (user: uid_t, group: gid_t)?

    private init(replica: Bool, password: String? = nil) throws {
        Self.sweeper.withLock { if !$0 { atexit { ScratchPostgres.sweep() }; $0 = true } }
        var template = Array("/tmp/galley-pg-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw Failure(description: "no folder in /tmp") }
        folder = String(cString: made)
        data = folder + "/data"
        port = try Self.freePort()
        self.password = password ?? "pw-" + String(UInt64.random(in: 0 ... .max), radix: 36)
        self.replica = replica
        if geteuid() == 0 {
            guard let entry = getpwnam("postgres") else { throw Failure(description: "there is no user postgres") }
            owner = (entry.pointee.pw_uid, entry.pointee.pw_gid)
            chown(folder, entry.pointee.pw_uid, entry.pointee.pw_gid)
        } else {
            owner = nil
        }
        let (folder, process) = (folder, process)
        Self.living.withLock { $0.append((folder, process)) }
    }

    private func initialise(_ settings: [String: String]) async throws {
        let secret = folder + "/password"
        try Self.write(secret, password + "\n", owner: owner)
        try await run(
            "initdb",
            [
                "-D", data, "-U", superuser, "-A", "scram-sha-256", "--pwfile", secret, "-N", "--no-locale", "-E",
                "UTF8",
            ])
        try configure(settings)
    }

    private func configure(_ settings: [String: String]) throws {
        var all = [
            "listen_addresses": "'127.0.0.1'", "fsync": "off", "full_page_writes": "off", "shared_buffers": "16MB",
            "max_connections": "200", "wal_level": "replica", "max_wal_senders": "6", "logging_collector": "off",
        ]
        all.merge(settings) { $1 }
        let lines = all.map { "\($0.key) = \($0.value)\n" }.sorted().joined()
        let path = data + "/postgresql.conf"
        try Self.write(path, try Self.read(path) + lines, owner: owner)
    }

    // MARK: Processes

    private func run(_ program: String, _ arguments: [String]) async throws {
        let log = folder + "/" + program + ".log"
        let pid = try await spawn(program, arguments, logTo: log)
        let code = try await ended(pid, program, until: .after(.seconds(60)))
        guard code == 0 else {
            throw Failure(description: "\(program) ended with \(code): \((try? Self.read(log)) ?? "")")
        }
    }

    private func spawn(_ program: String, _ arguments: [String], logTo log: String) async throws -> pid_t {
        let path = try Self.binary(program)
        let (folder, owner) = (folder, owner)
        // On the loop's thread, which never ends: the death signal is tied to the thread that starts the child.
        let answer = Locked<(pid: pid_t, error: Int32)?>(nil)
        let started = AsyncSignal(loop: .shared)
        EventLoop.shared.execute {
            let output = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
            let pid = Self.spawnHere([path] + arguments, folder: folder, output: output, owner: owner)
            let error = errno
            close(output)
            answer.withLock { $0 = (pid, error) }
            started.fire()
        }
        _ = await started.wait(until: .after(.seconds(20)))
        guard let (pid, error) = answer.withLock({ $0 }) else { throw Failure(description: "\(path): no answer") }
        guard pid > 0 else { throw Failure(description: "\(path): \(String(cString: strerror(error)))") }
        return pid
    }

    private static func spawnHere(
        _ command: [String], folder: String, output: Int32, owner: (user: uid_t, group: gid_t)?
    ) -> pid_t {
        let variables = ["PATH=/usr/bin:/bin", "LC_ALL=C", "TZ=UTC", "HOME=\(folder)"]
        let texts: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
        let environment: [UnsafeMutablePointer<CChar>?] = variables.map { strdup($0) } + [nil]
        let place = strdup(folder)
        defer { for text in texts + environment + [place] { free(text) } }
        return texts.withUnsafeBufferPointer { texts in
            environment.withUnsafeBufferPointer { environment in
                var request = galley_spawn()
                request.path = UnsafePointer(texts[0])
                request.arguments = texts.baseAddress
                request.environment = environment.baseAddress
                request.folder = UnsafePointer(place)
                request.input = -1
                request.output = output
                request.errors = output
                request.new_session = true
                request.death_signal = SIGQUIT
                request.user = owner?.user ?? .max
                request.group = owner?.group ?? .max
                return galley_spawn(&request)
            }
        }
    }

    /// Waits for the end of a child and gives its exit code; a signal is 128 and its number.
    private func ended(_ pid: pid_t, _ program: String, until deadline: Deadline) async throws -> Int32 {
        let watch = galley_pidfd_open(pid)
        defer { close(watch) }
        var (code, signal): (Int32, Int32) = (0, 0)
        while !galley_wait(pid, &code, &signal) {
            let readiness = await EventLoop.shared.wait(watch, for: .read, until: deadline)
            guard case .ready = readiness else { throw Failure(description: "\(program) does not end") }
        }
        EventLoop.shared.forget(watch)
        return signal == 0 ? code : 128 + signal
    }

    private static let sweeper = Locked(false)
    private static let living = Locked<[(String, Locked<pid_t>)]>([])

    /// At the end of the test process: ends the servers and removes their folders.
    private static func sweep() {
        for (folder, process) in living.withLock({ $0 }) {
            let pid = process.withLock { $0 }
            if pid > 0 {
                kill(pid, SIGQUIT)
                waitpid(pid, nil, 0)
            }
            let rm = spawnHere(["/bin/rm", "-rf", folder], folder: "/", output: -1, owner: nil)
            if rm > 0 { waitpid(rm, nil, 0) }
        }
    }

    /// The newest installed version's program.
    public static func binary(_ program: String) throws -> String {
        let root = "/usr/lib/postgresql"
        var versions: [Int] = []
        if let directory = opendir(root) {
            defer { closedir(directory) }
            while let entry = readdir(directory) {
                let name = withUnsafeBytes(of: entry.pointee.d_name) {
                    String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
                }
                if let version = Int(name) { versions.append(version) }
            }
        }
        guard let newest = versions.max() else { throw Failure(description: "install the package postgresql") }
        return "\(root)/\(newest)/bin/\(program)"
    }

    /// A port that was free a moment ago.
    public static func freePort() throws -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard bound else { throw Failure(description: "no free port on loopback") }
        return UInt16(bigEndian: address.sin_port)
    }

    static func read(_ path: String) throws -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure(description: "cannot read \(path)") }
        defer { close(descriptor) }
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count <= 0 { return String(decoding: all, as: UTF8.self) }
            all += buffer[..<count]
        }
    }

    static func write(_ path: String, _ text: String, owner: (user: uid_t, group: gid_t)?) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failure(description: "cannot write \(path)") }
        defer { close(descriptor) }
        if let owner { fchown(descriptor, owner.user, owner.group) }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw Failure(description: "cannot write \(path)") }
            rest = rest.dropFirst(count)
        }
    }
}
