import PlatformModel
import PostgresClient
import Reactor

/// Reads the orders as a whole, at once when the platform says that one changed (NOTIFY), else every few seconds.
///
/// The primary is asked first; when it is away a replica answers, and the reading says so in its origin.
public actor OrdersCollector: Collector {
    public nonisolated let name = "orders"
    public nonisolated let interval: Duration
    public nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    /// The channel on which the platform tells of changed orders.
    static let channel = "galley_orders"

    private let source: OrderSource
    private let loop: EventLoop
    private let patience = Duration.milliseconds(1500)
    private var events: AsyncStream<PostgresNotificationEvent>.Iterator?

    /// - Parameter interval: the pause between two readings while nothing is pushed.
    public init(source: OrderSource, interval: Duration = .seconds(2), loop: EventLoop = .shared) {
        self.source = source
        self.interval = interval
        self.loop = loop
    }

    public func read() async -> [Observation] {
        let start = Moment.now()
        do throws(ReadFailure) {
            let (overview, origin) = try await source.overview(until: .after(patience))
            return [.orders(Attempt(.success(overview), at: start, took: Moment.now().since(start), origin: origin))]
        } catch {
            return [.orders(Attempt(.failure(error), at: start, took: Moment.now().since(start)))]
        }
    }

    public func changed() async -> Bool {
        var iterator: AsyncStream<PostgresNotificationEvent>.Iterator
        if let events {
            iterator = events
        } else {
            iterator = await source.notifications(on: Self.channel).makeAsyncIterator()
        }
        let event = await iterator.next(isolation: self)
        events = iterator
        return event != nil
    }
}
