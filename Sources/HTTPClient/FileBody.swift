import Glibc

/// A regular file as a request's body.
enum FileBody {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Opens the file and takes its length now; what is appended later is not sent.
    ///
    /// - Throws: when the file cannot be opened or is no regular file: a FIFO could block for ever.
    static func open(_ path: String) throws(Failure) -> HTTPBodyProducer {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw Failure(description: "\(path): \(String(cString: strerror(errno)))") }
        let file = OpenFile(descriptor: descriptor)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw Failure(description: "\(path): not a regular file")
        }
        let length = Int64(status.st_size)
        return HTTPBodyProducer(length: length) { write in
            var left = length
            while left > 0 {
                let chunk = try file.read(upTo: Int(min(left, 128 << 10)))
                guard !chunk.isEmpty else { throw Failure(description: "\(path): became shorter while it was sent") }
                left -= Int64(chunk.count)
                guard await write(chunk) else { return }
            }
        }
    }

    /// Closes the descriptor with the last reference.
    private final class OpenFile: Sendable {
        let descriptor: Int32

        init(descriptor: Int32) { self.descriptor = descriptor }

        deinit { close(descriptor) }

        /// Blocks for as long as the disk does.
        func read(upTo count: Int) throws(Failure) -> [UInt8] {
            var failure: Int32 = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
                // `read` initialises as many bytes as it returns.
                let got = Glibc.read(descriptor, buffer.baseAddress, count)
                if got < 0 { failure = errno }
                initialized = max(got, 0)
            }
            guard failure == 0 else { throw Failure(description: String(cString: strerror(failure))) }
            return bytes
        }
    }
}
