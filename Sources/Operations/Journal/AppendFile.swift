import Glibc

/// A file of lines that only grows: a line is durable when ``append(_:)`` returns.
///
/// What a crash left half written, a last line without its end, was never durable and is cut off before the next one.
final class AppendFile: Sendable {
    private let descriptor: Int32
    let path: String

    /// How an open file keeps others out.
    enum Lock {
        /// Gives up when somebody else has it: they are alive and at work on it.
        case ifFree
        /// Waits for whoever has it, who is done in milliseconds.
        case waiting
    }

    /// Whether there must be such a file, must not be, or either.
    enum Existence { case new, existing, either }

    /// - Parameters:
    ///   - existence: `new` fails with the code `exists` when there is such a file.
    ///   - lock: how to become the only writer.
    /// - Throws: ``StateError``, with code `in-use` when another process has the lock.
    init(_ path: String, _ existence: Existence = .either, lock: Lock) throws(StateError) {
        var flags = O_RDWR | O_APPEND | O_CLOEXEC
        if existence != .existing { flags |= O_CREAT }
        if existence == .new { flags |= O_EXCL }
        let descriptor = open(path, flags, 0o600)
        guard descriptor >= 0 else {
            if errno == EEXIST {
                throw StateError(code: "exists", operation: "make", target: path, cause: "it exists already")
            }
            throw StateError("open", path, errno)
        }
        while flock(descriptor, lock == .ifFree ? LOCK_EX | LOCK_NB : LOCK_EX) != 0 {
            if errno == EINTR { continue }
            let number = errno
            close(descriptor)
            if number == EWOULDBLOCK {
                throw StateError(
                    code: "in-use", operation: "open", target: path, cause: "another console is at work on it")
            }
            throw StateError("lock", path, number)
        }
        self.descriptor = descriptor
        self.path = path
    }

    deinit { close(descriptor) }

    /// The whole lines; a torn last one is left out.
    func lines() throws(StateError) -> [String] {
        guard let text = StateFolder.text(from: descriptor) else { throw StateError("read", path, errno) }
        return Self.wholeLines(text)
    }

    static func wholeLines(_ text: String) -> [String] {
        guard let end = text.utf8.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
        return text[..<end].split(separator: "\n", omittingEmptySubsequences: true).map(String.init)
    }

    /// The last whole line, read from the end; nil in an empty file.
    func lastLine() throws(StateError) -> String? {
        var size = lseek(descriptor, 0, SEEK_END)
        guard size >= 0 else { throw StateError("read", path, errno) }
        var tail: [UInt8] = []
        while size > 0 {
            let count = min(size, 1 << 16)
            size -= count
            var buffer = [UInt8](repeating: 0, count: count)
            guard pread(descriptor, &buffer, count, size) == count else { throw StateError("read", path, errno) }
            tail = buffer + tail
            let lines = tail.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            // The last piece has no end; the one before is whole when it has a line end before it, or begins the file.
            if lines.count >= 3 || (size == 0 && lines.count == 2) {
                return String(decoding: lines[lines.count - 2], as: UTF8.self)
            }
        }
        return nil
    }

    /// Adds a line and returns when the disk has it.
    func append(_ line: String) throws(StateError) {
        try cutTornLine()
        let before = lseek(descriptor, 0, SEEK_END)
        do throws(StateError) {
            try StateFolder.write(line + "\n", to: descriptor, at: path)
            guard fdatasync(descriptor) == 0 else { throw StateError("write", path, errno) }
        } catch {
            // A full disk may have taken a part of it.
            ftruncate(descriptor, before)
            throw error
        }
    }

    private func cutTornLine() throws(StateError) {
        let size = lseek(descriptor, 0, SEEK_END)
        guard size > 0 else { return }
        var last: UInt8 = 0
        guard pread(descriptor, &last, 1, size - 1) == 1 else { throw StateError("read", path, errno) }
        guard last != UInt8(ascii: "\n") else { return }
        // Bytes, not text: a torn line may end within a character.
        var whole = size - 1
        var byte: UInt8 = 0
        while whole > 0 {
            guard pread(descriptor, &byte, 1, whole - 1) == 1 else { throw StateError("read", path, errno) }
            if byte == UInt8(ascii: "\n") { break }
            whole -= 1
        }
        guard ftruncate(descriptor, whole) == 0 else { throw StateError("write", path, errno) }
    }
}
