import CSystem
import Glibc

/// A program to start: what, with which arguments and environment, where.
struct Launch: Sendable {
    var program: String
    var arguments: [String] = []
    /// The whole environment beside ``Launch/base(_:)``; nothing is inherited.
    var environment: [String: String] = [:]
    var folder: String
    /// Sent when the supervisor ends, however it ends.
    var deathSignal: Int32 = SIGTERM

    /// What every process of a platform gets.
    static func base(_ folder: Folder) -> [String: String] {
        [
            "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin", "LANG": "C.UTF-8", "TZ": "UTC",
            "HOME": folder.root, ProcessTree.mark: folder.root,
        ]
    }

    /// Starts it in a session of its own; call from a thread that lives as long as the child shall.
    func start(
        in folder: Folder, input: Int32 = -1, output: Int32, errors: Int32
    ) throws(LocalPlatformError) -> pid_t {
        let variables = Launch.base(folder).merging(environment) { $1 }.map { "\($0)=\($1)" }.sorted()
        let pid = withCStrings([program] + arguments) { arguments in
            withCStrings(variables) { variables in
                program.withCString { program in
                    self.folder.withCString { place in
                        var request = galley_spawn(
                            path: program, arguments: arguments, environment: variables, folder: place, input: input,
                            output: output, errors: errors, new_session: true, death_signal: deathSignal,
                            user: uid_t.max, group: gid_t.max)
                        return galley_spawn(&request)
                    }
                }
            }
        }
        guard pid > 0 else { throw .system("start", program, errno: errno) }
        return pid
    }
}

/// The strings as a null-terminated array of C strings, valid within `body`.
func withCStrings<Result>(_ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result)
    -> Result
{
    let copies = strings.map { strdup($0) } + [nil]
    defer { for copy in copies { free(copy) } }
    return copies.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { preconditionFailure("the array ends with a null") }
        return body(base)
    }
}
