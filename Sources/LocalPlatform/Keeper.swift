import CSystem
import Glibc
import PlatformModel
import Reactor

/// A process that waits for the supervisor's end and then ends what is left of the platform.
///
/// The kernel signals the children when the supervisor dies, but a child that was stopped on purpose hears
/// nothing, and one that takes long would outlive it.
public enum Keeper {
    /// Starts it; the supervisor keeps the returned descriptor open for as long as it lives.
    static func start(for folder: Folder) throws(LocalPlatformError) -> Int32 {
        var pipe: [Int32] = [0, 0]
        guard galley_pipe(&pipe) == 0 else { throw .system("make a pipe", folder.root, errno: errno) }
        defer { close(pipe[0]) }
        let launch = Launch(
            program: SupervisorLauncher.executable, arguments: ["local", "keep", "--folder", folder.root],
            environment: ["SWIFT_BACKTRACE": "enable=no"], folder: folder.root, deathSignal: 0)
        do throws(LocalPlatformError) {
            _ = try launch.start(in: folder, input: pipe[0], output: -1, errors: -1)
        } catch {
            close(pipe[1])
            throw error
        }
        return pipe[1]
    }

    /// The process itself, `galley local keep`: hidden, started by the supervisor.
    public static func run(_ arguments: [String]) -> Int32 {
        guard arguments.count == 2, arguments[0] == "--folder" else { return 2 }
        let folder = Folder(arguments[1])
        var byte: UInt8 = 0
        // Nobody writes: it returns when the last holder of the other end is gone.
        while read(0, &byte, 1) < 0, errno == EINTR {}
        return ProcessTree.endMembers(of: folder).isEmpty ? 0 : 1
    }
}
