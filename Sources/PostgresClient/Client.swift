import CPostgres
import Reactor

/// One connection to a PostgreSQL database that comes back by itself.
///
/// It connects at the first call and again when the connection was lost. Calls of several tasks are answered one after
/// the other, in order. Every call has a deadline; when it passes, or the calling task is cancelled, the call ends at
/// once with an error, and the statement is cancelled on the server before the next call begins. Nothing is ever sent
/// twice: an error with ``PostgresError/mayHaveExecuted`` leaves it to the caller whether to repeat.
///
/// The actor runs on its event loop's thread: a task that runs there too pays no thread hop for a call.
public actor PostgresClient {
    public nonisolated let configuration: PostgresConfiguration
    /// What people call the database: the target in errors begins with it.
    public nonisolated let name: String
    nonisolated let loop: EventLoop

    public nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    var link: Link?
    var isClosed = false
    var backoff = Backoff()
    var nextAttempt: Deadline?
    var lastError: PostgresError?
    var connectedSince: Deadline?
    var connections = 0
    /// Whether statements may be parsed once a session; not behind a pooler that mixes sessions.
    var keepsPlans = true

    // The line of those who wait for their turn.
    var isTaken = false
    var line: [Waiting] = []
    var nextTicket: UInt64 = 0

    // Streams and listeners.
    var streams: [UInt64: StreamState] = [:]
    var listeners: [UInt64: Listener] = [:]
    var pump: Task<Void, Never>?
    var parkedPump: CheckedContinuation<Void, Never>?
    var pumpWait: Task<EventLoop.Readiness, Never>?

    /// Makes a client; nothing is connected yet.
    /// - Parameters:
    ///   - name: what people call the database, `orders` or `eu-west-1a`.
    ///   - loop: the event loop whose thread does all the work.
    public init(_ configuration: PostgresConfiguration, name: String, loop: EventLoop = .shared) {
        self.configuration = configuration
        self.name = name
        self.loop = loop
    }

    // Not `isolated`: with it Swift 6.3.1 refuses every release build that makes a client in another module
    // ("circular reference").
    deinit {
        guard let link else { return }
        let loop = loop
        loop.execute { link.close(on: loop) }
    }

    /// What is known of the connection now.
    public var state: PostgresState {
        guard let link, link.isOpen else {
            return PostgresState(
                connectedSince: nil, serverVersion: nil, backendPID: nil, host: nil, isEncrypted: false,
                lastError: lastError, connections: connections)
        }
        return PostgresState(
            connectedSince: connectedSince, serverVersion: Int(link.serverVersion), backendPID: link.backendPID,
            host: link.host, isEncrypted: link.isTLS, lastError: lastError, connections: connections)
    }

    /// How many calls wait for their turn.
    public var waitingCalls: Int { line.count }

    /// Ends the connection, the listeners and every call under way, which fail with `client-closed`; for good.
    public func close() async {
        guard !isClosed else { return }
        isClosed = true
        dropLink()
        for listener in listeners.values { listener.continuation.finish() }
        listeners = [:]
        let waiting = line
        line = []
        for one in waiting { one.continuation.resume(returning: .closed) }
        unparkPump()
    }

    /// Gives up the connection without a wait; whoever is suspended on it finds it closed.
    func dropLink() {
        link?.close(on: loop)
        link = nil
        connectedSince = nil
    }

    nonisolated var target: String {
        name + " (" + configuration.hosts.map(\.endpoint).joined(separator: ",") + ")"
    }

    func problem(_ code: String, _ operation: String, _ cause: String, hint: String = "") -> PostgresError {
        PostgresError(code, operation: operation, target: link?.target ?? target, cause: cause, hint: hint)
    }
}

/// What is known of a client's connection at an instant.
public struct PostgresState: Sendable, Hashable {
    /// On the monotonic clock; nil when not connected.
    public let connectedSince: Deadline?
    /// As the server numbers itself: 150020 is 15.20.
    public let serverVersion: Int?
    /// The server process that serves the connection.
    public let backendPID: Int32?
    /// The host in use.
    public let host: PostgresConfiguration.Host?
    public let isEncrypted: Bool
    /// The last failure to connect, or loss of the connection; nil after a success.
    public let lastError: PostgresError?
    /// How many times a connection was made.
    public let connections: Int

    public var isConnected: Bool { connectedSince != nil }
}
