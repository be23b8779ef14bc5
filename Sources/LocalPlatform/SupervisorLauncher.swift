import CSystem
import Glibc
import PlatformModel
import Reactor

/// Prepares the folder and starts the supervisor as a process of its own.
struct SupervisorLauncher {
    let folder: Folder
    let loop: EventLoop

    /// Returns when the supervisor listens; what it found unusual comes back as notes.
    ///
    /// nil when another one was started at the same moment: the caller attaches to that.
    func launch(
        _ options: LocalOptions, timeout: Duration, staysWithCaller: Bool,
        progress: @escaping @Sendable (LocalPlatform.Progress) -> Void
    ) async throws(LocalPlatformError) -> [String]? {
        try FolderCheck(folder: folder).checkPath()
        var notes: [String] = []
        // Without it, a second start would take the first one's young processes for leftovers.
        let lock = try await launchLock(progress)
        defer { close(lock) }
        if LineChannel.connect(to: folder.control, loop: loop) != nil { return nil }
        let owner = try FolderCheck(folder: folder).prepare(orders: options.orders ?? 0)
        let stored = try State.read(folder)
        _ = try Programs.find(version: stored?.postgresVersion)
        let effective = options.over(stored?.options ?? LocalOptions.Effective())
        if let stored, stored.sqlEdition != "", effective.orders != stored.options.orders, stored.filled {
            notes.append(
                "the history keeps its \(stored.options.orders) orders; galley local reset and up make another")
        }
        try await preparePython(progress)
        notes += try await endLeftovers()
        try start(options: effective, portBase: options.portBase, timeout: timeout, owner: owner, staysWithCaller)
        return notes
    }

    /// The folder itself is the lock, because it is there before anything is in it.
    private func launchLock(
        _ progress: @Sendable (LocalPlatform.Progress) -> Void
    ) async throws(LocalPlatformError) -> Int32 {
        if !Files.exists(folder.root) { try Files.makeFolder(folder.root) }
        let descriptor = open(folder.root, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("open the folder", folder.root, errno: errno) }
        var waits = false
        // As long as it takes: the other one may be installing packages.
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            if !waits {
                progress(LocalPlatform.Progress(step: "files", text: "waiting for another start", done: 0, total: 6))
            }
            waits = true
            guard await loop.sleep(until: .after(.milliseconds(20))) else {
                close(descriptor)
                throw LocalPlatformError(
                    code: "locked", operation: "start", target: folder.root, cause: "another start holds the folder")
            }
        }
        return descriptor
    }

    private func preparePython(
        _ progress: @escaping @Sendable (LocalPlatform.Progress) -> Void
    ) async throws(LocalPlatformError) {
        let python = PythonSetup()
        if python.isReady { return }
        let result = await Thread.run("python-setup", on: loop, until: .never) { () -> LocalPlatformError? in
            do throws(LocalPlatformError) {
                try python.prepare { progress(LocalPlatform.Progress(step: "python", text: $0, done: 0, total: 6)) }
                return nil
            } catch {
                return error
            }
        }
        if let failure = result ?? nil { throw failure }
    }

    private func endLeftovers() async throws(LocalPlatformError) -> [String] {
        let left = ProcessTree.members(of: folder)
        if left.isEmpty { return [] }
        let folder = folder
        let rest = await Thread.run("clean-up", on: loop, until: .after(.seconds(15))) {
            ProcessTree.endMembers(of: folder)
        }
        guard let rest, rest.isEmpty else {
            throw LocalPlatformError(
                code: "left-behind", operation: "clean up", target: folder.root,
                cause: "processes of an earlier start cannot be ended", hint: "galley local down, as root if needed")
        }
        return ["\(left.count) processes of a crashed start were ended"]
    }

    private func start(
        options: LocalOptions.Effective, portBase: UInt16?, timeout: Duration, owner: Account, _ staysWithCaller: Bool
    ) throws(LocalPlatformError) {
        let log = try LogFile(path: folder.log("supervisor")).open()
        defer { close(log) }
        try Files.give(folder.log("supervisor"), to: owner)
        var pipe: [Int32] = [0, 0]
        guard galley_pipe(&pipe) == 0 else { throw .system("make a pipe", folder.root, errno: errno) }
        defer { close(pipe[0]) }
        let program = Self.executable
        let arguments = [
            "galley", "local", "supervise", "--folder", folder.root, "--options", options.json.write(), "--timeout",
            "\(timeout.seconds)", "--port-base", "\(portBase ?? 0)", "--death-signal", staysWithCaller ? "15" : "0",
            "--python", PythonSetup().program,
        ]
        let variables = Launch.base(folder).map { "\($0)=\($1)" } + ["SWIFT_BACKTRACE=enable=no"]
        let pid = withCStrings(arguments) { arguments in
            withCStrings(variables) { variables in
                program.withCString { program in
                    var request = galley_spawn(
                        path: program, arguments: arguments, environment: variables, folder: nil, input: -1,
                        output: pipe[1], errors: log, new_session: true, death_signal: 0, user: uid_t.max,
                        group: gid_t.max)
                    return galley_spawn(&request)
                }
            }
        }
        let failure = errno
        close(pipe[1])
        guard pid > 0 else { throw .system("start the supervisor", program, errno: failure) }
        // One line: that it listens, or why it cannot; blocking, because it comes within milliseconds.
        var line: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !line.contains(UInt8(ascii: "\n")) {
            let count = read(pipe[0], &buffer, buffer.count)
            if count > 0 { line += buffer[..<count] } else if count == 0 || errno != EINTR { break }
        }
        let answer = try? JSON.parse(line)
        if answer?["listening"] != nil { return }
        waitpid(pid, nil, 0)
        throw LocalPlatformError(answer?["error"])
            ?? LocalPlatformError(
                code: "supervisor-ended", operation: "start the supervisor", target: folder.root,
                cause: LogFile(path: folder.log("supervisor")).tail(lines: 3).joined(separator: " | "),
                hint: "its log is \(folder.log("supervisor"))")
    }

    /// This program; from a test, the `galley` beside it.
    static var executable: String {
        let own = Files.linkTarget("/proc/self/exe") ?? ""
        // A program that was rebuilt meanwhile is still reachable this way.
        if own.hasSuffix("/galley") || own.hasSuffix("/galley (deleted)") { return "/proc/self/exe" }
        return Files.parent(of: own) + "/galley"
    }
}
