/// The body of a request.
public enum HTTPUpload: Sendable {
    case none
    case bytes([UInt8])
    /// A regular file, read piece by piece while it is sent. Relative paths are relative to the process.
    case file(path: String)
    case producer(HTTPBodyProducer)

    /// Chunks that are taken as fast as the server reads them.
    ///
    /// - Parameters:
    ///   - chunks: iterated once, by a task of its own that is cancelled when the transfer ends.
    ///   - length: the number of bytes in all; nil sends them in HTTP's chunked encoding. Fewer or more is an error.
    public static func stream<Chunks: AsyncSequence & Sendable>(
        _ chunks: Chunks, length: Int64? = nil
    ) -> HTTPUpload where Chunks.Element == [UInt8] {
        .producer(
            HTTPBodyProducer(length: length) { write in
                for try await chunk in chunks {
                    guard await write(chunk) else { return }
                }
            })
    }
}

/// A body that is written piece by piece.
public struct HTTPBodyProducer: Sendable {
    /// Hands one chunk over; suspends while the server does not read; false when the transfer is over.
    public typealias Write = @Sendable (_ chunk: [UInt8]) async -> Bool

    let length: Int64?
    let produce: @Sendable (_ write: Write) async throws -> Void

    /// - Parameters:
    ///   - length: the number of bytes in all, or nil.
    ///   - produce: writes the body and returns at its end; an error it throws ends the transfer.
    public init(length: Int64? = nil, produce: @escaping @Sendable (_ write: Write) async throws -> Void) {
        self.length = length
        self.produce = produce
    }
}
