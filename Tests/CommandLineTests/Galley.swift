import Glibc
import PlatformModel
import Reactor
import TestSupport

/// The real program beside the tests' own, run to its end.
struct Galley {
    let folder: String

    /// What a run left behind.
    struct Run {
        let status: Int32
        let output: String
        let errors: String

        var json: JSON? { try? JSON.parse(output) }
    }

    /// Runs with a folder of its own for configuration files, which is removed after.
    static func with(_ body: (Galley) async throws -> Void) async throws {
        var template = Array("/tmp/galley-cli-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw ScratchFailure("no folder in /tmp") }
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { system("rm -rf \(folder)") }
        try await body(Galley(folder: folder))
    }

    /// Writes a configuration that no other on this machine can add to, and returns its path.
    func configure(_ text: String, mode: mode_t = 0o600) throws -> String {
        let path = "\(folder)/galley.toml"
        guard let file = fopen(path, "w") else { throw ScratchFailure("\(path) cannot be written") }
        fputs(text, file)
        fclose(file)
        chmod(path, mode)
        return path
    }

    /// - Parameters:
    ///   - arguments: as a shell has them, quotes included.
    ///   - pipe: what follows the program in the pipeline: `| head -1`.
    ///   - before: what stands before it: variables, or with `behind` what is piped into it.
    func run(
        _ arguments: String, pipe: String = "", before: String = "", behind: Bool = false
    ) async throws -> Run {
        let program = Self.program
        // `timeout` ends a program that hangs with 124.
        let command =
            "cd \(folder) && \(behind ? before : "") env -u GALLEY_ENVIRONMENT XDG_CONFIG_HOME=\(folder)"
            + " \(behind ? "" : before) timeout 60 \(program)"
            + " \(arguments) 2>\(folder)/errors \(pipe); printf '\\n%d' $?"
        let bytes = await Thread.run("galley", on: .shared, until: .after(.seconds(90))) { Self.read(command) }
        guard let bytes, let end = bytes.lastIndex(of: 10) else { throw ScratchFailure("galley \(arguments) hangs") }
        let status = Int32(String(decoding: bytes[(end + 1)...], as: UTF8.self)) ?? -1
        let errors = String(decoding: Self.read("cat \(folder)/errors"), as: UTF8.self)
        return Run(status: status, output: String(decoding: bytes[..<end], as: UTF8.self), errors: errors)
    }

    static var program: String {
        var path = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &path, path.count - 1)
        let own = String(decoding: path.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return own.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/galley"
    }

    private static func read(_ command: String) -> [UInt8] {
        guard let stream = popen(command, "r") else { return [] }
        defer { pclose(stream) }
        var bytes: [UInt8] = []
        while true {
            let byte = getc(stream)
            if byte < 0 { return bytes }
            bytes.append(UInt8(byte))
        }
    }
}
