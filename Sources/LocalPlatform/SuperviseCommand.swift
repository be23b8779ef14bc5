import CSystem
import Glibc
import PlatformModel
import Reactor

/// The supervisor's process, `galley local supervise`: hidden, started by `up`.
public enum SuperviseCommand {
    /// Runs until it is told to stop; the first line on standard output says whether it listens.
    public static func run(_ arguments: [String]) -> Int32 {
        do {
            return try supervise(arguments)
        } catch {
            say(Supervisor.failure(error))
            return error.exitCode
        }
    }

    private static func supervise(_ arguments: [String]) throws(LocalPlatformError) -> Int32 {
        var values: [String: String] = [:]
        var index = 0
        while index + 1 < arguments.count {
            values[arguments[index]] = arguments[index + 1]
            index += 2
        }
        guard let root = values["--folder"], let options = try? JSON.parse(values["--options"] ?? "") else {
            throw .usage("supervise is started by galley local up")
        }
        let folder = Folder(root)
        let check = FolderCheck(folder: folder)
        let owner = try check.owner()
        try owner.become()
        galley_set_death_signal(Int32(values["--death-signal"] ?? "") ?? 0)
        guard access(folder.run, W_OK | X_OK) == 0 else {
            throw LocalPlatformError(
                code: "not-allowed", operation: "use the folder", target: folder.root,
                cause: "the user \(owner.name), whom the servers run as, cannot enter it",
                hint: "choose a folder below /var/lib or /tmp with --folder", exitCode: 3)
        }
        let lock = try lock(folder)
        defer { close(lock) }
        var state = try State.read(folder) ?? State()
        state.options = LocalOptions.Effective(options)
        let programs = try Programs.find(version: state.postgresVersion)
        let supervisor = Supervisor(
            folder: folder, programs: programs, python: values["--python"] ?? "", state: state,
            portBase: values["--port-base"].flatMap { UInt16($0) }.flatMap { $0 == 0 ? nil : $0 },
            timeout: .seconds(Double(values["--timeout"] ?? "") ?? 120), loop: .shared)
        let listener = try Supervisor.listen(at: folder.control)
        say(["listening": true])
        return untilEnd(supervisor, listener)
    }

    /// One supervisor a folder, however many are started at once.
    private static func lock(_ folder: Folder) throws(LocalPlatformError) -> Int32 {
        let descriptor = open(folder.lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .system("lock", folder.lock, errno: errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw LocalPlatformError(
                code: "locked", operation: "start", target: folder.root, cause: "another supervisor holds the folder",
                hint: "run galley local up again to attach, or galley local down when it hangs")
        }
        return descriptor
    }

    private static func untilEnd(_ supervisor: Supervisor, _ listener: Int32) -> Int32 {
        let result = Locked<Int32?>(nil)
        galley_name_thread("galley-local")
        let wake = galley_eventfd_create()
        for number in [SIGTERM, SIGINT, SIGHUP] { galley_signal_to_eventfd(number, wake) }
        signal(SIGPIPE, SIG_IGN)
        Task(executorPreference: EventLoop.shared) {
            let code = await supervisor.run()
            result.withLock { $0 = code }
            galley_eventfd_signal(wake)
        }
        Task(executorPreference: EventLoop.shared) { await supervisor.serve(listener) }
        // This thread only waits; the loop's thread is the one that the children depend on.
        var request = pollfd(fd: wake, events: Int16(POLLIN), revents: 0)
        while true {
            _ = poll(&request, 1, -1)
            galley_eventfd_drain(wake)
            if let code = result.withLock({ $0 }) { return code }
            Task(executorPreference: EventLoop.shared) { await supervisor.stop() }
        }
    }

    /// Answers whoever started it, once, and lets go of the pipe.
    private static func say(_ json: JSON) {
        let bytes = Array((json.write() + "\n").utf8)
        _ = bytes.withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
        let null = open("/dev/null", O_WRONLY | O_CLOEXEC)
        if null >= 0 {
            dup2(null, 1)
            close(null)
        }
    }
}
