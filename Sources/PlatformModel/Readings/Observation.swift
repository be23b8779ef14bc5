/// One attempt to read something, as a collector hands it to the store.
public enum Observation: Sendable {
    case database(name: String, Attempt<DatabaseNode>)
    case redis(Attempt<RedisServer>)
    case queues(Attempt<[Queue]>)
    case orders(Attempt<OrdersOverview>)
    case service(name: String, Attempt<ServiceHealth>)
    case agents(Attempt<AgentsOverview>)
}

/// What an attempt brought, when it began and how long it took.
public struct Attempt<Value: Sendable & Equatable>: Sendable {
    public let result: Result<Value, ReadFailure>
    public let at: Moment
    public let took: Duration
    /// Where the value came from, when it was not the usual place.
    public let origin: String?

    public init(_ result: Result<Value, ReadFailure>, at: Moment, took: Duration, origin: String? = nil) {
        self.result = result
        self.at = at
        self.took = took
        self.origin = origin
    }
}

extension Reading {
    public mutating func take(_ attempt: Attempt<Value>) {
        switch attempt.result {
        case .success(let value): succeed(value, at: attempt.at, took: attempt.took, origin: attempt.origin)
        case .failure(let failure): fail(failure, at: attempt.at, took: attempt.took)
        }
    }
}
