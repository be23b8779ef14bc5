import Glibc
import Reactor
import TestSupport

/// Programs of other people, through the shell.
enum Shell {
    /// Runs to the end and returns what went to standard output.
    static func run(_ command: String) async throws -> String {
        let bytes = await Thread.run("shell", on: .shared, until: .after(.seconds(300))) { () -> [UInt8] in
            guard let stream = popen(command, "r") else { return [] }
            defer { pclose(stream) }
            var bytes: [UInt8] = []
            while true {
                let byte = getc(stream)
                if byte < 0 { return bytes }
                bytes.append(UInt8(byte))
            }
        }
        guard let bytes else { throw ScratchFailure("it does not end: \(command)") }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// A program that goes on until it is ended.
final class RunningShell: Sendable {
    private let pid: Locked<pid_t>

    private init(_ pid: pid_t) { self.pid = Locked(pid) }

    deinit { stop() }

    /// - Parameter command: a program that ends by itself some time, should the tests not come to end it: `timeout …`,
    ///   which has a process group of its own.
    static func start(_ command: String) async throws -> RunningShell {
        let line = try await Shell.run("( \(command) ) >/dev/null 2>&1 & echo $!")
        guard let pid = line.split(separator: "\n").first.flatMap({ pid_t($0) }), pid > 1 else {
            throw ScratchFailure("it did not start: \(command)")
        }
        return RunningShell(pid)
    }

    /// SIGKILL to it and to what it started. Idempotent.
    func stop() {
        let pid = pid.withLock { pid in
            defer { pid = 0 }
            return pid
        }
        if pid > 1 { kill(-pid, SIGKILL) }
    }
}
