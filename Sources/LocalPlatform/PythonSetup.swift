import CSystem
import Glibc
import Reactor

/// The virtual environment that the services run in: made once a set of pinned packages, outside the folder.
public struct PythonSetup: Sendable {
    let place: String

    /// Debian's own interpreter: others on the path come and go with their users.
    static let interpreter = "/usr/bin/python3"
    static let requirements = "Python/requirements.txt"

    public init() {
        let edition = Resources.edition(of: Self.requirements, alone: true)
        if geteuid() == 0 {
            place = "/var/lib/galley/python-\(edition)"
        } else {
            let data = getenv("XDG_DATA_HOME").map { String(cString: $0) } ?? ""
            place = (data.hasPrefix("/") ? data : Folder.home + "/.local/share") + "/galley/python-\(edition)"
        }
    }

    var program: String { place + "/bin/python" }
    private var mark: String { place + "/.complete" }
    public var isReady: Bool { Files.exists(mark) && Files.isExecutable(program) }

    /// Makes the environment unless it is whole already; a half-made one is made again.
    ///
    /// Blocks while pip loads packages; call it from a thread of its own.
    public func prepare(say: (String) -> Void) throws(LocalPlatformError) {
        if isReady { return }
        try Files.makeFolder(Files.parent(of: place))
        let lock = open(place + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard lock >= 0 else { throw .system("lock", place, errno: errno) }
        defer { close(lock) }
        // Two set-ups at once: the second waits, and finds the work done.
        while flock(lock, LOCK_EX) != 0, errno == EINTR {}
        if isReady { return }
        guard Files.isExecutable(Self.interpreter) else {
            throw Programs.missing("Python 3", package: "python3 python3-venv")
        }
        say("making the Python environment in \(place)")
        try Files.remove(place)
        let made = try call(Self.interpreter, ["-m", "venv", place])
        guard made.code == 0 else {
            try Files.remove(place)
            if made.output.contains("ensurepip") || made.output.contains("python3-venv") {
                throw Programs.missing("Python's venv module", package: "python3-venv")
            }
            throw failed("make the Python environment", made.output, hint: "")
        }
        guard let requirements = Resources.bytes(Self.requirements) else {
            throw failed("read the requirements", "they are not in this binary", hint: "build it again")
        }
        try Files.write(requirements, to: place + "/requirements.txt")
        say("installing the pinned packages")
        let installed = try call(
            program,
            [
                "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--quiet", "-r",
                place + "/requirements.txt",
            ])
        guard installed.code == 0 else {
            throw failed(
                "install the Python packages", installed.output,
                hint: "pip needs the package index: check the network, the proxy and pip's configuration")
        }
        // Compiled now, because the services run as a user who may not write here.
        _ = try call(program, ["-m", "compileall", "-q", place + "/lib"])
        try Files.write("", to: mark)
    }

    private func failed(_ what: String, _ output: String, hint: String) -> LocalPlatformError {
        let lines = output.split(separator: "\n").suffix(3).joined(separator: " | ")
        return LocalPlatformError(
            code: "python-setup", operation: what, target: place, cause: lines, hint: hint, exitCode: 3)
    }

    /// Runs a program to its end with the caller's environment (proxies, pip's settings).
    private func call(
        _ program: String, _ arguments: [String]
    ) throws(LocalPlatformError) -> (code: Int32, output: String) {
        var pipe: [Int32] = [0, 0]
        guard galley_pipe(&pipe) == 0 else { throw .system("make a pipe", program, errno: errno) }
        defer { close(pipe[0]) }
        let pid = withCStrings([program] + arguments) { arguments in
            var request = galley_spawn(
                path: arguments[0], arguments: arguments, environment: environ, folder: nil, input: -1, output: pipe[1],
                errors: pipe[1], new_session: false, death_signal: SIGTERM, user: uid_t.max, group: gid_t.max)
            return galley_spawn(&request)
        }
        let failure = errno
        close(pipe[1])
        guard pid > 0 else { throw .system("start", program, errno: failure) }
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16384)
        while true {
            let count = read(pipe[0], &buffer, buffer.count)
            if count > 0 { output += buffer[..<count] } else if count == 0 || errno != EINTR { break }
        }
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        let code = status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
        return (code, String(decoding: output, as: UTF8.self))
    }
}
