import CSystem
import Glibc
import Reactor

extension Supervisor {
    /// Runs a tool to its end and returns what it printed; its complaints go to `logs/setup.log`.
    func run(
        _ what: String, _ launch: Launch, until deadline: Deadline, line: ((String) -> Void)? = nil
    ) async throws(LocalPlatformError) -> String {
        var launch = launch
        launch.deathSignal = SIGTERM
        let log = LogFile(path: folder.log("setup-" + what.replacing(" ", with: "-")))
        unlink(log.path)
        let errors = try log.open()
        var pipe: [Int32] = [0, 0]
        guard galley_pipe(&pipe) == 0 else {
            close(errors)
            throw .system("make a pipe", what, errno: errno)
        }
        // The child writes as usual; only our end does not block.
        _ = fcntl(pipe[0], F_SETFL, O_NONBLOCK)
        let pid: pid_t
        do {
            defer {
                close(errors)
                close(pipe[1])
            }
            pid = try launch.start(in: folder, output: pipe[1], errors: errors)
        } catch {
            close(pipe[0])
            throw error
        }
        oneOffs.insert(pid)
        defer { oneOffs.remove(pid) }
        let output = await read(pipe[0], until: deadline, line: line)
        loop.forget(pipe[0])
        close(pipe[0])
        guard let output, let end = await exit(of: pid, until: deadline) else {
            ProcessTree.signal(pid, SIGKILL)
            _ = await exit(of: pid, until: .after(.seconds(2)))
            throw LocalPlatformError(
                code: "timed-out", operation: what, target: folder.root, cause: "it did not end in time",
                hint: "give more time with --timeout; its log is \(log.path)", exitCode: 7)
        }
        guard end.code == 0, end.signal == 0 else {
            let lines = log.tail(lines: 4).joined(separator: " | ")
            throw LocalPlatformError(
                code: "tool-failed", operation: what, target: folder.root,
                cause: lines.isEmpty ? end.description : lines, hint: hint(for: lines, log: log.path))
        }
        unlink(log.path)
        return output
    }

    private func hint(for lines: String, log: String) -> String {
        if lines.contains("No space left") { return SystemCause(ENOSPC).hint }
        return "its log is \(log)"
    }

    /// Everything up to the end of the stream, bounded; nil at the deadline.
    private func read(_ descriptor: Int32, until deadline: Deadline, line: ((String) -> Void)?) async -> String? {
        var all: [UInt8] = []
        var told = 0
        while true {
            var buffer = [UInt8](repeating: 0, count: 16384)
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count > 0 {
                if all.count < 4 << 20 { all += buffer[..<count] }
                while let line, let end = all[told...].firstIndex(of: UInt8(ascii: "\n")) {
                    line(String(decoding: all[told..<end], as: UTF8.self))
                    told = end + 1
                }
            } else if count == 0 {
                return String(decoding: all, as: UTF8.self)
            } else if errno == EAGAIN {
                guard case .ready = await loop.wait(descriptor, for: .read, until: deadline) else { return nil }
            } else if errno != EINTR {
                return nil
            }
        }
    }

    /// Asks a node as its superuser over the socket.
    func sql(
        _ text: String, on node: String, database: String = "postgres", until deadline: Deadline
    ) async throws(LocalPlatformError) -> String {
        let launch = psql(node, database: database, arguments: ["-At", "-c", text])
        return try await run("ask \(node)", launch, until: deadline).trimmed
    }

    func psql(_ node: String, database: String, arguments: [String]) -> Launch {
        Launch(
            program: programs.postgres("psql"),
            arguments: [
                "-X", "-v", "ON_ERROR_STOP=1", "-h", folder.run, "-p", "\(ports[node])", "-U", "postgres", "-d",
                database,
            ] + arguments,
            // Nothing that builds the platform waits for replicas that are not there yet.
            environment: ["PGOPTIONS": "-c synchronous_commit=local", "PGCONNECT_TIMEOUT": "5"], folder: folder.root)
    }

    /// Waits until the condition holds; throws the error that `late` makes at the deadline.
    func wait(
        until deadline: Deadline, every step: Duration = .milliseconds(50),
        for condition: () async throws(LocalPlatformError) -> Bool, late: () -> LocalPlatformError
    ) async throws(LocalPlatformError) {
        while try await !condition() {
            if deadline.hasPassed || Task.isCancelled || phase == .stopping { throw late() }
            await loop.sleep(until: .after(step))
        }
    }
}
