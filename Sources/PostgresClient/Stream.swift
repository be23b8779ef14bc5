import CPostgres
import Reactor

extension PostgresClient {
    /// Runs one statement and gives its rows one by one, in bounded memory.
    ///
    /// Begins at the first `next()`. The connection is taken until the last row, an error, the deadline, or until the
    /// iterator is let go of, which cancels the rest on the server. Rows are read from the network only as they are
    /// asked for: a slow reader slows the server down. (`PQsetSingleRowMode`.)
    /// - Parameter deadline: covers all rows, also the time that the reader takes for them.
    public func stream(
        _ sql: String, _ parameters: [PostgresValue] = [], until deadline: Deadline
    ) -> PostgresRowStream {
        PostgresRowStream(client: self, statement: PostgresStatement(sql, parameters), deadline: deadline)
    }
}

/// The rows of one statement as they arrive.
public struct PostgresRowStream: AsyncSequence, Sendable {
    public typealias Element = PostgresRow
    public typealias Failure = PostgresError

    let client: PostgresClient
    let statement: PostgresStatement
    let deadline: Deadline

    public func makeAsyncIterator() -> Iterator { Iterator(stream: self) }

    public struct Iterator: AsyncIteratorProtocol {
        private let stream: PostgresRowStream
        private var lease: StreamLease?
        private var batch: ArraySlice<PostgresRow> = []
        private var isDone = false

        init(stream: PostgresRowStream) { self.stream = stream }

        /// - Throws: ``PostgresError``; after it, or after nil, the stream is over.
        public mutating func next() async throws(PostgresError) -> PostgresRow? {
            if let row = batch.popFirst() { return row }
            if isDone { return nil }
            do throws(PostgresError) {
                let open: StreamLease
                if let lease {
                    open = lease
                } else {
                    open = try await stream.client.openStream(stream.statement, until: stream.deadline)
                    lease = open
                }
                batch = try await stream.client.nextBatch(open.ticket)[...]
            } catch {
                isDone = true
                throw error
            }
            if batch.isEmpty { isDone = true }
            return batch.popFirst()
        }

        public mutating func next(isolation actor: isolated (any Actor)?) async throws(PostgresError) -> PostgresRow? {
            try await next()
        }
    }
}

/// What a stream's reader holds: when it is let go of before the end, the statement is stopped.
final class StreamLease: Sendable {
    let ticket: UInt64
    private let client: PostgresClient

    init(ticket: UInt64, client: PostgresClient) {
        self.ticket = ticket
        self.client = client
    }

    deinit {
        let (ticket, client) = (ticket, client)
        Task { await client.endStream(ticket, nil) }
    }
}

/// What the client knows of a stream under way.
struct StreamState {
    let link: Link
    let deadline: Deadline
    /// Ends the stream at its deadline even when nobody asks for rows.
    let clock: Task<Void, Never>?
    var columns: [String]?
    /// Whether a reader is suspended in ``PostgresClient/nextBatch(_:)`` now.
    var isReading = false
    /// Why it was stopped from outside; the connection is taken care of.
    var failure: PostgresError?
    /// How it ended behind rows that the reader has not had yet; the connection is still to be taken care of.
    var ending: Failure?
}

extension PostgresClient {
    private static let batchSize = 256

    func openStream(_ statement: PostgresStatement, until deadline: Deadline) async throws(PostgresError) -> StreamLease
    {
        let one = try encoded(statement.sql, statement.parameters, "stream")
        let link = try await begin("stream", until: deadline)
        do throws(Failure) {
            guard link.send(one), link.singleRowMode() else { throw lost(link, "stream") }
            try await flush(link, "stream", until: deadline)
        } catch {
            throw conclude(error, link)
        }
        let ticket = nextTicket
        nextTicket += 1
        let clock =
            deadline == .never
            ? nil
            : Task { [loop] in
                if await loop.sleep(until: deadline) { endStream(ticket, timedOutError("stream").afterSending()) }
            }
        streams[ticket] = StreamState(link: link, deadline: deadline, clock: clock)
        return StreamLease(ticket: ticket, client: self)
    }

    /// The rows that are there, at least one; empty at the end.
    func nextBatch(_ ticket: UInt64) async throws(PostgresError) -> [PostgresRow] {
        guard let state = streams[ticket] else { return [] }
        if let failure = state.failure {
            streams[ticket] = nil
            throw failure
        }
        let link = state.link
        if let ending = state.ending {
            forgetStream(ticket)
            throw conclude(ending, link)
        }
        streams[ticket]?.isReading = true
        do throws(Failure) {
            let batch = try await readBatch(link, ticket, until: state.deadline)
            streams[ticket]?.isReading = false
            if batch.isEmpty {
                forgetStream(ticket)
                releaseTurn()
            }
            return batch
        } catch {
            forgetStream(ticket)
            throw conclude(error, link)
        }
    }

    private func readBatch(
        _ link: Link, _ ticket: UInt64, until deadline: Deadline
    ) async throws(Failure) -> [PostgresRow] {
        if Task.isCancelled { throw .interrupted(cancelledError("stream").afterSending()) }
        var batch: [PostgresRow] = []
        do throws(Failure) {
            while batch.count < Self.batchSize {
                if !batch.isEmpty, link.isBusy { break }
                guard let result = try await nextResult(link, "stream", until: deadline) else { break }
                guard PQresultStatus(result) == PGRES_SINGLE_TUPLE else {
                    // The end without rows, or an error.
                    _ = try rows(result, link, "stream")
                    continue
                }
                let columns = streams[ticket]?.columns
                let storage = ResultStorage(result, target: link.target, columns: columns)
                if columns == nil { streams[ticket]?.columns = storage.columns }
                batch.append(PostgresRow(storage: storage, row: 0))
            }
        } catch {
            // The rows before it are the reader's first.
            guard !batch.isEmpty else { throw error }
            streams[ticket]?.ending = error
        }
        return batch
    }

    private func forgetStream(_ ticket: UInt64) {
        streams.removeValue(forKey: ticket)?.clock?.cancel()
    }

    /// Stops a stream from outside of its reader: let go of, or out of time.
    func endStream(_ ticket: UInt64, _ failure: PostgresError?) {
        guard let state = streams[ticket] else { return }
        // A reader that waits sees its own deadline; one that has been told already is done.
        if state.isReading { return }
        if let ending = state.ending {
            streams[ticket]?.ending = nil
            let error = conclude(ending, state.link)
            if failure != nil { streams[ticket]?.failure = error }
        } else if state.failure == nil {
            stop(state.link)
            streams[ticket]?.failure = failure
        }
        if failure == nil {
            forgetStream(ticket)
        }
    }
}
