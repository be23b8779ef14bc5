import Glibc

/// The log of one process: appended to by the process itself, bounded by us.
struct LogFile: Sendable {
    let path: String

    static let limit = 16 << 20

    /// Opens for appending; what grew too large becomes `.1`, of which there is one.
    func open() throws(LocalPlatformError) -> Int32 {
        if Files.size(of: path) > LogFile.limit { rename(path, path + ".1") }
        let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o640)
        guard descriptor >= 0 else { throw .system("open the log", path, errno: errno) }
        return descriptor
    }

    /// Empties a log that a running process made too large: it appends, so it goes on at the start.
    func bound() {
        guard Files.size(of: path) > 2 * LogFile.limit else { return }
        if let bytes = Files.read(path, limit: 2 * LogFile.limit) {
            try? Files.write(bytes, to: path + ".1", mode: 0o640)
        }
        truncate(path, 0)
    }

    /// The last lines, for saying why a process ended.
    func tail(lines: Int) -> [String] {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        let size = lseek(descriptor, 0, Int32(SEEK_END))
        lseek(descriptor, max(0, size - 8192), Int32(SEEK_SET))
        var buffer = [UInt8](repeating: 0, count: 8192)
        let count = read(descriptor, &buffer, buffer.count)
        guard count > 0 else { return [] }
        return String(decoding: buffer[..<count], as: UTF8.self).split(separator: "\n").suffix(lines).map(String.init)
    }
}
