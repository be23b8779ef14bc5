/// The recent past of one number, oldest first, at equal steps: what a sparkline draws.
///
/// `nil` is a step without a reading: a gap in the line, never a zero.
public struct Trend: Sendable, Equatable {
    public let step: Duration
    public let capacity: Int
    public private(set) var points: [Double?] = []

    public init(step: Duration, capacity: Int) {
        self.step = step
        self.capacity = capacity
    }

    public mutating func append(_ point: Double?) {
        points.append(point)
        if points.count > capacity { points.removeFirst(points.count - capacity) }
    }

    public var last: Double? { points.last ?? nil }
    public var maximum: Double? { points.compactMap(\.self).max() }
}

/// What trends are kept of.
public enum TrendKey: Sendable, Hashable {
    case ordersPerMinute
    case openOrders
    case lateOrders
    case queueLag(String)
    case queueWaiting(String)
    case totalQueueLag
    case replicaLagBytes(String)
    case transactionsPerSecond(String)
    case connections(String)
    case serviceLatency(String)
    case redisOperations
    case agentRunsPerMinute
    case agentRunsWaiting
    case agentDecisionTime
}
