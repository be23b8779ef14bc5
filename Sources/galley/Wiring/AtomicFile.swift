import Glibc

/// A file that is there in whole or not at all: written beside its place and renamed. Blocks as long as the disk does.
enum AtomicFile {
    /// Writes a file that only its owner may read.
    ///
    /// - Parameter replaces: a file that is there already may be lost; else it stays and is the failure.
    /// - Returns: why it was not written; nil when it was.
    static func write(_ text: String, to path: String, replaces: Bool) -> String? {
        if !replaces {
            // Taking the name first keeps two writers from believing that it was free.
            let taken = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
            guard taken >= 0 else { return errno == EEXIST ? exists : reason }
            close(taken)
        }
        let temporary = "\(path).galley-\(getpid())"
        unlink(temporary)
        let failure = fill(temporary, text) ?? (rename(temporary, path) == 0 ? nil : reason)
        if failure != nil {
            unlink(temporary)
            if !replaces { unlink(path) }
        }
        return failure
    }

    /// The failure of a write that would have replaced something.
    static let exists = "it is there already"

    /// The file's text; nil when there is none, it cannot be read or it is no text of at most that many bytes.
    static func read(_ path: String, most: Int) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count <= most {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return count == 0 ? String(validating: bytes, as: UTF8.self) : nil }
            bytes += buffer[..<count]
        }
        return nil
    }

    private static var reason: String { String(cString: strerror(errno)) }

    private static func fill(_ path: String, _ text: String) -> String? {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return reason }
        defer { close(descriptor) }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return reason }
            bytes = bytes.dropFirst(count)
        }
        // Without this a crash of the machine may leave the new name with nothing behind it.
        return fsync(descriptor) == 0 ? nil : reason
    }
}
