import CCurl
import Reactor

/// A bounded buffer between a task that produces a body and the thread that sends it.
final class UploadPipe: Sendable {
    private struct State {
        var chunks: [[UInt8]] = []
        var offset = 0
        var buffered = 0
        var sent: Int64 = 0
        var ended = false
        var failure: String?
        var closed = false
        var readerPaused = false
        var writer: CheckedContinuation<Void, Never>?
    }

    enum Piece: Sendable {
        case bytes(Int)
        case pause
        case failed(String)
    }

    private static let limit = 256 << 10
    private let length: Int64?
    private let state = Locked(State())
    private let producer = Locked<Task<Void, Never>?>(nil)

    init(length: Int64?) {
        self.length = length
    }

    /// Starts the producing task; `wake` is called when a paused reader can go on.
    func start(_ body: HTTPBodyProducer, wake: @escaping @Sendable () -> Void) {
        let task = Task {
            do {
                try await body.produce { [self] chunk in await write(chunk, wake) }
                end(nil, wake)
            } catch {
                end("the request's body could not be read: \(error)", wake)
            }
        }
        producer.withLock { $0 = task }
    }

    private func write(_ chunk: [UInt8], _ wake: @Sendable () -> Void) async -> Bool {
        guard !chunk.isEmpty else { return state.withLock { !$0.closed } }
        let (mustWake, isFull) = state.withLock { state in
            guard !state.closed else { return (false, false) }
            state.chunks.append(chunk)
            state.buffered += chunk.count
            defer { state.readerPaused = false }
            return (state.readerPaused, state.buffered >= Self.limit)
        }
        if mustWake { wake() }
        if isFull {
            await withCheckedContinuation { continuation in
                let goOn = state.withLock { state in
                    guard !state.closed, state.buffered >= Self.limit else { return true }
                    state.writer = continuation
                    return false
                }
                if goOn { continuation.resume() }
            }
        }
        return state.withLock { !$0.closed }
    }

    private func end(_ failure: String?, _ wake: @Sendable () -> Void) {
        let mustWake = state.withLock { state in
            state.ended = true
            state.failure = failure
            defer { state.readerPaused = false }
            return state.readerPaused
        }
        if mustWake { wake() }
    }

    /// Fills the buffer from what is there; 0 bytes is the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Piece {
        let (piece, writer) = state.withLock { state -> (Piece, CheckedContinuation<Void, Never>?) in
            if let failure = state.failure { return (.failed(failure), nil) }
            var count = 0
            var used = 0
            while count < buffer.count, used < state.chunks.count {
                let chunk = state.chunks[used][state.offset...].prefix(buffer.count - count)
                UnsafeMutableRawBufferPointer(rebasing: buffer[count...]).copyBytes(from: chunk)
                count += chunk.count
                state.offset += chunk.count
                if state.offset == state.chunks[used].count {
                    used += 1
                    state.offset = 0
                }
            }
            state.chunks.removeFirst(used)
            state.buffered -= count
            state.sent += Int64(count)
            if let length, state.sent > length || (state.ended && count == 0 && state.sent < length) {
                return (.failed("the request's body is not as long as was said"), nil)
            }
            if count == 0, !state.ended {
                state.readerPaused = true
                return (.pause, nil)
            }
            guard state.buffered < Self.limit / 2 else { return (.bytes(count), nil) }
            defer { state.writer = nil }
            return (.bytes(count), state.writer)
        }
        writer?.resume()
        return piece
    }

    /// The transfer is over: the producer is cancelled and never suspended again.
    func close() {
        let writer = state.withLock { state in
            state.closed = true
            state.chunks = []
            state.buffered = 0
            defer { state.writer = nil }
            return state.writer
        }
        writer?.resume()
        producer.withLock { $0?.cancel() }
    }
}
