import Glibc
import Reactor
import Testing

@testable import LocalPlatform

/// The API's side of order actions: a suite in the services' own language, against real servers.
///
/// `GALLEY_PYTHON_TESTS` names what to run, such as `test_moves.Receiving`; without it everything is run.
@Suite(.serialized) struct OrderActionsTests {
    @Test func everyOrderOnceAndByWhomItMay() async throws {
        try await TemporaryPlatform.with { temporary in
            try await temporary.platform.start(temporary.options())
            let chosen = getenv("GALLEY_PYTHON_TESTS").map { String(cString: $0) } ?? ""
            let modules = chosen.isEmpty ? "discover" : PostgresFiles.shellQuoted(chosen)
            // The mark makes it and all that it starts part of the platform, which is ended as a whole.
            let output = try await lines(
                of: "cd \(PostgresFiles.shellQuoted(Files.parent(of: #filePath) + "/Python")) && "
                    + "\(ProcessTree.mark)=\(temporary.folder.root) GALLEY_PLATFORM_FOLDER=\(temporary.folder.root) "
                    + "PYTHONPATH=\(temporary.folder.python) PYTHONDONTWRITEBYTECODE=1 "
                    + "timeout --signal=KILL 900 \(PythonSetup().program) -m unittest \(modules) 2>&1")
            let last = output.last { !$0.isEmpty } ?? "no output"
            #expect(last.hasPrefix("OK"), "\(output.suffix(80).joined(separator: "\n"))")
            let ran = output.last { $0.hasPrefix("Ran ") }?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
            #expect((ran ?? 0) > 0)
        }
    }

    /// What a shell command prints, read as it comes: no thread is held while it runs.
    private func lines(of command: String) async throws -> [Substring] {
        let stream = try #require(popen(command, "r"))
        defer { pclose(stream) }
        let descriptor = fileno(stream)
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        defer { EventLoop.shared.forget(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16384)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count > 0 {
                bytes += buffer[..<count]
            } else if count == 0 {
                return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            } else if errno == EAGAIN {
                _ = await EventLoop.shared.wait(descriptor, for: .read, until: .never)
            } else if errno != EINTR {
                return ["reading failed: \(errno)"]
            }
        }
    }
}
