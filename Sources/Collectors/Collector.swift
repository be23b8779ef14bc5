import PlatformModel
import Reactor
import RedisClient

/// One thing that is read again and again: its SQL, keys or URL stand beside its decoder in one file.
public protocol Collector: Sendable {
    /// For logs and errors: `database eu-west-1a`.
    var name: String { get }
    /// The pause between two readings when nothing pushes.
    var interval: Duration { get }
    /// Reads once, within a deadline of its own; never throws, a failure is an observation too.
    func read() async -> [Observation]
    /// Reads the part that answers soonest, once, for a console that has just opened; nil when there is no such part.
    func glance() async -> [Observation]?
    /// Suspends until the other side says that something changed; false when the task was cancelled.
    ///
    /// A collector without push never returns from here before cancellation.
    func changed() async -> Bool
}

extension Collector {
    public func glance() async -> [Observation]? { nil }

    public func changed() async -> Bool {
        await EventLoop.shared.sleep(until: .never)
        return false
    }
}

/// What all collectors share: the clocks, and how a client's error becomes a failed reading.
enum Reader {
    static func now() -> Moment { Moment.now() }

    static func attempt<Value: Sendable & Equatable>(
        _ body: () async throws -> Value
    ) async -> Attempt<Value> {
        let start = Moment.now()
        do {
            let value = try await body()
            return Attempt(.success(value), at: start, took: Moment.now().since(start))
        } catch {
            return Attempt(.failure(ReadFailure(error)), at: start, took: Moment.now().since(start))
        }
    }
}

extension ReadFailure {
    /// The same; of a cluster it also says which node.
    init(_ error: any Error, in redis: RedisDeployment) {
        if redis.isCluster, let error = error as? RedisError {
            self.init(code: error.code, cause: "\(error.target): \(error.cause)", hint: error.hint)
        } else {
            self.init(error)
        }
    }

    /// What a client's error says, without its target: the reading knows where it comes from.
    public init(_ error: any Error) {
        if let failure = error as? ReadFailure {
            self = failure
        } else if let error = error as? any OperationError {
            self.init(code: error.code, cause: error.cause, hint: error.hint)
        } else {
            self.init(code: "unexpected", cause: "\(error)")
        }
    }
}
