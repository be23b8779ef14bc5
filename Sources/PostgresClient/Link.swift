import CPostgres
import Glibc
import Reactor

/// The one owner of a `PGconn`: every call of libpq that reads or writes it is in this file or an extension beside it.
///
/// After ``close(on:)`` each method does nothing and says that the link is closed, so that a call that was suspended
/// meanwhile finds out safely.
final class Link: @unchecked Sendable {
    // Guarded: used by one thread at a time: the event loop's, or, while the loop awaits it, the connecting thread.
    private var pointer: OpaquePointer?
    let target: String
    let host: PostgresConfiguration.Host?
    /// What has come since the last complete answer: the bound of what libpq may hold for us.
    private var intake = Intake()
    /// Synchronisation points of a pipeline whose answer is still to come.
    var pendingSyncs = 0
    /// Channels on which this session listens.
    var listening: Set<String> = []
    /// The statements that the server has parsed in this session: their names, by their text.
    var plans: [String: String] = [:]
    private var plansNamed = 0
    private(set) var sawEnd = false
    private(set) var isTLS = false

    /// Takes ownership of a connection just begun.
    init(adopting pointer: OpaquePointer, target: String, host: PostgresConfiguration.Host?) {
        self.pointer = pointer
        self.target = target
        self.host = host
        // The default prints notices to stderr, over the screen.
        PQsetNoticeReceiver(pointer, { _, _ in }, nil)
        // So that an error while connecting carries its SQLSTATE; libpq has no other way to tell it.
        PQsetErrorVerbosity(pointer, PQERRORS_VERBOSE)
    }

    deinit {
        if let pointer { PQfinish(pointer) }
    }

    var isOpen: Bool { pointer != nil }

    /// Says goodbye and closes the descriptor, after the loop has forgotten it; called on the loop.
    func close(on loop: EventLoop) {
        guard let open = pointer else { return }
        pointer = nil
        let descriptor = PQsocket(open)
        if descriptor >= 0 { loop.forget(descriptor) }
        PQfinish(open)
    }

    /// -1 when there is none.
    var descriptor: Int32 { pointer.map(PQsocket) ?? -1 }
    var status: ConnStatusType { pointer.map(PQstatus) ?? CONNECTION_BAD }
    var isBroken: Bool { status == CONNECTION_BAD }
    var serverVersion: Int32 { pointer.map(PQserverVersion) ?? 0 }
    var backendPID: Int32 { pointer.map(PQbackendPID) ?? 0 }
    var needsPassword: Bool { pointer.map { PQconnectionNeedsPassword($0) != 0 } ?? false }
    var inTransaction: Bool {
        switch pointer.map(PQtransactionStatus) ?? PQTRANS_UNKNOWN {
        case PQTRANS_INTRANS, PQTRANS_INERROR: true
        default: false
        }
    }

    var isInPipeline: Bool { pointer.map { PQpipelineStatus($0) != PQ_PIPELINE_OFF } ?? false }

    /// What libpq last complained of, unclean.
    var message: String {
        pointer.flatMap(PQerrorMessage).map { String(cString: $0) } ?? ""
    }

    /// The password that libpq found, to be struck out of texts.
    var password: String { pointer.flatMap(PQpass).map { String(cString: $0) } ?? "" }

    func parameter(_ name: String) -> String? {
        pointer.flatMap { PQparameterStatus($0, name) }.map { String(cString: $0) }
    }

    // MARK: Connecting

    /// One step of the handshake; may compute a password proof, whose cost the server chooses.
    func connectPoll() -> PostgresPollingStatusType {
        guard let pointer else { return PGRES_POLLING_FAILED }
        return PQconnectPoll(pointer)
    }

    /// Whether the next step may answer a request for a password.
    var isAuthenticating: Bool { status == CONNECTION_AWAITING_RESPONSE }

    /// Ends the handshake phase: no call blocks from here on.
    func becomeReady() {
        guard let pointer else { return }
        PQsetnonblocking(pointer, 1)
        isTLS = PQsslInUse(pointer) != 0
        intake.reset()
    }

    func peerCertificate() -> galley_pg_certificate? {
        var certificate = galley_pg_certificate()
        guard let pointer, galley_pg_peer_certificate(pointer, &certificate) != 0 else { return nil }
        return certificate
    }

    // MARK: Reading and writing

    enum Step { case done, pending, failed, tooLarge }

    /// Notes what waits at the descriptor and whether the other side has ended; gives all that was noted so.
    @discardableResult
    func measure() -> Int {
        guard let pointer else { return 0 }
        if !intake.note(PQsocket(pointer)) { sawEnd = true }
        return intake.noted
    }

    /// Takes in what has come, at most about `limit` bytes since the last complete answer.
    func consume(limit: Int) -> Step {
        guard let pointer else { return .failed }
        repeat {
            measure()
            guard PQconsumeInput(pointer) == 1 else { return .failed }
            if intake.exceeds(limit, PQsocket(pointer)) { return .tooLarge }
            // Parses, and so makes room before more is read.
        } while PQisBusy(pointer) == 1 && isTLS && galley_pg_tls_pending(pointer) > 0
        return .done
    }

    /// An answer is complete: counts from zero again.
    func resetIntake() { intake.reset() }

    /// Whether an answer is still to come; parses what has been taken in.
    var isBusy: Bool { pointer.map { PQisBusy($0) == 1 } ?? false }

    func flush() -> Step {
        guard let pointer else { return .failed }
        switch PQflush(pointer) {
        case 0: return .done
        case 1: return .pending
        default: return .failed
        }
    }

    /// The next answer; nil at the end of those of a statement.
    func nextResult() -> OpaquePointer? { pointer.flatMap(PQgetResult) }

    /// Before a statement is sent: whether the session is still there, as far as can be known without a round trip.
    func isAlive() -> Bool {
        guard let pointer, PQstatus(pointer) == CONNECTION_OK else { return false }
        // Bounded, for a server that never stops talking.
        for _ in 0..<64 {
            var poll = pollfd(fd: PQsocket(pointer), events: Int16(POLLIN), revents: 0)
            guard Glibc.poll(&poll, 1, 0) > 0 else { return true }
            guard PQconsumeInput(pointer) == 1 else { return false }
            // Parses, so that what an idle server says is dealt with and not kept.
            _ = PQisBusy(pointer)
            if PQstatus(pointer) != CONNECTION_OK { return false }
        }
        return false
    }

    // MARK: Sending

    func send(_ statement: borrowing EncodedStatement) -> Bool {
        guard let pointer else { return false }
        return statement.withPointers { sql, count, types, values, lengths, formats in
            PQsendQueryParams(pointer, sql, count, types, values, lengths, formats, 0) == 1
        } ?? false
    }

    /// Has the server parse a statement under a name that was never used in this session.
    func sendParse(_ statement: borrowing EncodedStatement) -> String? {
        guard let pointer else { return nil }
        plansNamed += 1
        let name = "galley_\(plansNamed)"
        let sent = statement.withPointers { sql, count, types, _, _, _ in
            PQsendPrepare(pointer, name, sql, count, types) == 1
        }
        return sent == true ? name : nil
    }

    func send(_ statement: borrowing EncodedStatement, parsedAs name: String) -> Bool {
        guard let pointer else { return false }
        return statement.withPointers { _, count, _, values, lengths, formats in
            PQsendQueryPrepared(pointer, name, count, values, lengths, formats, 0) == 1
        } ?? false
    }

    func send(script: String) -> Bool { pointer.map { PQsendQuery($0, script) == 1 } ?? false }
    func singleRowMode() -> Bool { pointer.map { PQsetSingleRowMode($0) == 1 } ?? false }
    func enterPipeline() -> Bool { pointer.map { PQenterPipelineMode($0) == 1 } ?? false }
    func exitPipeline() -> Bool { pointer.map { PQexitPipelineMode($0) == 1 } ?? false }
    func pipelineSync() -> Bool { pointer.map { PQpipelineSync($0) == 1 } ?? false }

    /// A ticket with which another thread can ask the server to stop the running statement.
    func cancelTicket() -> CancelTicket? {
        pointer.flatMap(PQgetCancel).map(CancelTicket.init(adopting:))
    }

    /// Takes the notifications that have arrived.
    func takeNotifications() -> [PostgresNotification] {
        var taken: [PostgresNotification] = []
        while let pointer, let raw = PQnotifies(pointer) {
            taken.append(
                PostgresNotification(
                    channel: String(cString: raw.pointee.relname), payload: String(cString: raw.pointee.extra),
                    backendPID: raw.pointee.be_pid))
            PQfreemem(raw)
        }
        return taken
    }
}

/// The one owner of a `PGcancel`.
final class CancelTicket: @unchecked Sendable {
    // Guarded: libpq allows one PGcancel to be used by any thread; it is used once, by one.
    private let pointer: OpaquePointer

    init(adopting pointer: OpaquePointer) { self.pointer = pointer }

    deinit { PQfreeCancel(pointer) }

    /// Blocks while it connects to the server, in clear and without a time limit: for a thread of its own.
    func cancel() {
        var text = [CChar](repeating: 0, count: 256)
        PQcancel(pointer, &text, Int32(text.count))
    }
}
