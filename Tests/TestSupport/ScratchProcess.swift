import CSystem
import Glibc
import Reactor

/// Why a server for tests did not come up.
public struct ScratchFailure: Error, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}

/// Child processes of tests: unprivileged, and gone with the test process however that ends.
enum ScratchProcess {
    /// Who children run as when the tests run as root, which servers refuse.
    static let account: (user: uid_t, group: gid_t)? = {
        guard getuid() == 0, let entry = getpwnam("nobody") else { return nil }
        return (entry.pointee.pw_uid, entry.pointee.pw_gid)
    }()

    private static let spawner = EventLoop(name: "spawner")

    /// Starts a program; it is sent SIGKILL when this process ends.
    static func spawn(_ words: [String]) async throws -> pid_t {
        let id = await withCheckedContinuation { continuation in
            // The death signal comes when the spawning thread ends: the loop's lives as long as the process.
            // A loop of its own, so that a slow fork holds nobody's readiness up.
            spawner.execute { continuation.resume(returning: start(words)) }
        }
        guard id > 0 else { throw ScratchFailure("\(words[0]) could not be started") }
        return id
    }

    private static func start(_ words: [String]) -> pid_t {
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var environment: [UnsafeMutablePointer<CChar>?] = [strdup("PATH=/usr/bin:/bin"), strdup("LC_ALL=C"), nil]
        defer { for word in arguments + environment { free(word) } }
        var request = galley_spawn()
        request.input = -1
        request.output = -1
        request.errors = -1
        request.death_signal = SIGKILL
        request.user = account?.user ?? uid_t.max
        request.group = account?.group ?? gid_t.max
        return arguments.withUnsafeMutableBufferPointer { arguments in
            environment.withUnsafeMutableBufferPointer { environment in
                request.path = UnsafePointer(arguments[0])
                request.arguments = UnsafePointer(arguments.baseAddress)
                request.environment = UnsafePointer(environment.baseAddress)
                return galley_spawn(&request)
            }
        }
    }

    /// Runs a program to its end.
    static func run(_ words: [String]) async throws {
        let id = try await spawn(words)
        let descriptor = galley_pidfd_open(id)
        defer {
            EventLoop.shared.forget(descriptor)
            close(descriptor)
        }
        let readiness = await EventLoop.shared.wait(descriptor, for: .read, until: .after(.seconds(30)))
        guard case .ready = readiness else {
            end(id)
            throw ScratchFailure("\(words[0]) did not end")
        }
        var (code, signal) = (Int32(0), Int32(0))
        guard galley_wait(id, &code, &signal), code == 0, signal == 0 else {
            throw ScratchFailure("\(words.joined(separator: " ")) failed")
        }
    }

    static func isRunning(_ id: pid_t) -> Bool {
        var (code, signal) = (Int32(0), Int32(0))
        return !galley_wait(id, &code, &signal) && kill(id, 0) == 0
    }

    /// SIGKILL, and waits for the end.
    static func end(_ id: pid_t) {
        living.withLock { _ = $0.removeValue(forKey: id) }
        kill(id, SIGKILL)
        waitpid(id, nil, 0)
    }

    // MARK: The end of the test process

    private static let living = Locked<[pid_t: String]>([:])
    private static let registered: Bool = atexit { ScratchProcess.endAll() } == 0

    /// Ends the process and removes the folder when this process exits, unless ``end(_:)`` comes first.
    static func endAtExit(_ id: pid_t, folder: String) {
        precondition(registered)
        living.withLock { $0[id] = folder }
    }

    private static func endAll() {
        for (id, folder) in living.withLock({ $0 }) {
            end(id)
            ScratchFolder.remove(folder)
        }
    }
}
