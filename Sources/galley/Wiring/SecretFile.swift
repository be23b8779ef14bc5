import Glibc

/// A file that holds one secret: its first line, at most 4 KiB.
enum SecretFile {
    static func read(_ path: String) throws(CommandFailure) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw CommandFailure(
                status: ExitStatus.configuration,
                message: "\(path) cannot be read: \(String(cString: strerror(errno)))",
                code: "configuration", hint: "it holds a password; its owner must be the one who runs galley")
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)).prefix { $0 != 10 && $0 != 13 }, as: UTF8.self)
    }
}
