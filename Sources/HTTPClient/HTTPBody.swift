import Reactor

/// The chunks of an answer's body, as they come. For one iteration by one task.
///
/// When nobody asks for the next chunk, the transfer pauses after 256 KiB and the server with it.
/// Cancelling the task that waits, or letting go of the body, ends the transfer.
public struct HTTPBody: AsyncSequence, Sendable {
    public typealias Element = [UInt8]
    public typealias Failure = HTTPError

    let lifetime: Lifetime

    /// Ends the transfer when the last reference goes.
    final class Lifetime: Sendable {
        let pipe: DownloadPipe
        /// Lets a paused transfer go on.
        let resume: @Sendable () -> Void
        let cancel: @Sendable () -> Void

        init(pipe: DownloadPipe, resume: @escaping @Sendable () -> Void, cancel: @escaping @Sendable () -> Void) {
            self.pipe = pipe
            self.resume = resume
            self.cancel = cancel
        }

        deinit { cancel() }
    }

    public struct AsyncIterator: AsyncIteratorProtocol {
        let lifetime: Lifetime

        /// The next chunk, or nil after a complete body; an incomplete one throws.
        public mutating func next() async throws(HTTPError) -> [UInt8]? {
            let lifetime = lifetime
            return try await withTaskCancellationHandler {
                await lifetime.pipe.next(resume: lifetime.resume)
            } onCancel: {
                lifetime.cancel()
            }.get()
        }

        public mutating func next(isolation actor: isolated (any Actor)?) async throws(HTTPError) -> [UInt8]? {
            try await next()
        }
    }

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(lifetime: lifetime) }
}

/// A bounded buffer between the thread that receives a body and the task that reads it.
final class DownloadPipe: Sendable {
    typealias Piece = Result<[UInt8]?, HTTPError>

    private struct State {
        var chunks: [[UInt8]] = []
        var buffered = 0
        var end: HTTPError??
        var paused = false
        var reader: CheckedContinuation<Piece, Never>?
    }

    private static let limit = 256 << 10
    private let state = Locked(State())

    /// Takes the next chunk, or waits for it; `resume` is called when a paused transfer can go on.
    func next(resume: @Sendable () -> Void) async -> Piece {
        await withCheckedContinuation { continuation in
            let (piece, mustResume) = state.withLock { state -> (Piece?, Bool) in
                precondition(state.reader == nil, "two tasks iterate the same body")
                guard state.chunks.isEmpty else {
                    let chunk = state.chunks.removeFirst()
                    state.buffered -= chunk.count
                    guard state.paused, state.buffered < Self.limit / 2 else { return (.success(chunk), false) }
                    state.paused = false
                    return (.success(chunk), true)
                }
                if let end = state.end { return (end.map { .failure($0) } ?? .success(nil), false) }
                state.reader = continuation
                defer { state.paused = false }
                return (nil, state.paused)
            }
            if mustResume { resume() }
            if let piece { continuation.resume(returning: piece) }
        }
    }

    /// Takes a chunk; false when the buffer is full: the transfer pauses and offers the same bytes again.
    func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let (taken, reader) = state.withLock { state -> (Bool, CheckedContinuation<Piece, Never>?) in
            if let reader = state.reader {
                state.reader = nil
                return (true, reader)
            }
            guard state.buffered < Self.limit else {
                state.paused = true
                return (false, nil)
            }
            state.chunks.append(Array(bytes))
            state.buffered += bytes.count
            return (true, nil)
        }
        reader?.resume(returning: .success(Array(bytes)))
        return taken
    }

    /// The transfer is over: nil after a complete body.
    func finish(_ error: HTTPError?) {
        let reader = state.withLock { state in
            state.end = .some(error)
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume(returning: error.map { .failure($0) } ?? .success(nil))
    }
}
