import PlatformModel
import PostgresClient
import Reactor

/// Where orders are read from: the primary, or a replica while the primary is away.
public struct OrderSource: Sendable {
    private let primary: PostgresClient
    private let replica: PostgresClient
    private let schema: String

    /// - Parameters:
    ///   - primary: connects to whichever node accepts writes; LISTEN works only there.
    ///   - replica: connects to any node that answers.
    ///   - schema: where the contract's views are.
    public init(primary: PostgresClient, replica: PostgresClient, schema: String = "galley") {
        self.primary = primary
        self.replica = replica
        self.schema = schema
    }

    func notifications(on channel: String) async -> AsyncStream<PostgresNotificationEvent> {
        await primary.notifications(on: [channel])
    }

    /// Runs a statement on the primary, or where it cannot be reached on a replica; tells which answered.
    ///
    /// Half of the time is for the primary, so that a hung one leaves enough for a replica.
    func rows(
        _ statement: PostgresStatement, until deadline: Deadline
    ) async throws(ReadFailure) -> (rows: PostgresRows, origin: String) {
        let half = Deadline.after(deadline.remaining / 2)
        do {
            return (try await primary.query(statement, until: half), "primary")
        } catch {
            let failure = qualified(ReadFailure(error))
            // One that has no connection left is as good as away.
            guard failure.isUnreachable || failure.kind == .full else { throw failure }
            do {
                return (try await replica.query(statement, until: deadline), "replica")
            } catch {
                // The primary's own failure is the better news: it is the one to mend.
                throw failure
            }
        }
    }

    /// The statement in a hint with the schema before its view: the server names the view alone.
    private func qualified(_ failure: ReadFailure) -> ReadFailure {
        let parts = failure.hint.split(separator: "GRANT SELECT ON ", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return failure }
        let hint = "\(parts[0])GRANT SELECT ON \(OrdersOverviewRow.quoted(schema)).\(parts[1])"
        return ReadFailure(code: failure.code, cause: failure.cause, hint: hint)
    }

    // MARK: What is read

    func overview(until deadline: Deadline) async throws(ReadFailure) -> (OrdersOverview, origin: String) {
        let (rows, origin) = try await rows(OrdersOverviewRow.statement(schema: schema), until: deadline)
        guard let row = rows.first else { throw ReadFailure(code: "protocol", cause: "no row of orders came") }
        do {
            return (try OrdersOverviewRow.decode(row), origin)
        } catch {
            throw ReadFailure(error)
        }
    }

    /// One page of orders, 1 to 200, filtered and sorted by the server.
    public func page(
        _ query: OrderQuery, after cursor: OrderCursor?, until deadline: Deadline
    ) async throws(ReadFailure) -> OrderPage {
        var query = query
        query.limit = max(1, min(query.limit, 200))
        if OrderPageStatement.scannedText(query) != nil {
            return try await search(query, after: cursor, until: deadline)
        }
        let statement = OrderPageStatement(query: query, cursor: cursor, schema: schema).statement
        let (rows, _) = try await rows(statement, until: deadline)
        var orders = try Self.decoded(rows)
        let more = orders.count > query.limit
        if more { orders.removeLast(orders.count - query.limit) }
        let next = more ? orders.last.map { OrderCursor(id: $0.id, at: query.sort.instant(of: $0)) } : nil
        return OrderPage(query: query, after: cursor, orders: orders, next: next)
    }

    /// Looks for a text from the newest order downwards, window by window, until a page is full or half of the
    /// time is used; the page's `next` tells how far it came. A text is always searched newest first.
    private func search(
        _ query: OrderQuery, after cursor: OrderCursor?, until deadline: Deadline
    ) async throws(ReadFailure) -> OrderPage {
        var query = query
        query.sort = .newest
        let enough = Deadline.after(deadline.remaining / 2)
        var upper: Int64
        if let cursor {
            upper = cursor.id
        } else {
            let newest = PostgresStatement(
                "SELECT coalesce(max(id), 0) + 1 AS upper FROM \(OrdersOverviewRow.quoted(schema)).orders")
            do {
                upper = try await rows(newest, until: deadline).rows.first?.decode("upper") ?? 1
            } catch {
                throw ReadFailure(error)
            }
        }
        var found: [Order] = []
        while upper > 1, found.count < query.limit, !enough.hasPassed {
            var statement = OrderPageStatement(query: query, cursor: nil, schema: schema)
            let lower = max(1, upper - OrderPageStatement.windowSize)
            statement.window = lower..<upper
            found += try Self.decoded(try await rows(statement.statement, until: deadline).rows)
            upper = lower
        }
        if found.count > query.limit {
            found.removeLast(found.count - query.limit)
            upper = found.last?.id ?? upper
        }
        let next = upper > 1 ? OrderCursor(id: upper, at: nil) : nil
        return OrderPage(query: query, after: cursor, orders: found, next: next)
    }

    private static func decoded(_ rows: PostgresRows) throws(ReadFailure) -> [Order] {
        do {
            return try rows.map { try OrderRow.decode($0) }
        } catch {
            throw ReadFailure(error)
        }
    }

    /// One order with its lines and its history; nil when there is none of that number.
    public func details(id: Int64, until deadline: Deadline) async throws(ReadFailure) -> OrderDetails? {
        let statement = OrderDetailsRow.statement(id: id, schema: schema)
        guard let row = try await rows(statement, until: deadline).rows.first else { return nil }
        do {
            return try OrderDetailsRow.decode(row)
        } catch {
            throw ReadFailure(error)
        }
    }
}

extension OrderQuery.Sort {
    /// The instant that a page is sorted by, where it is not the identity itself.
    func instant(of order: Order) -> Timestamp? {
        switch self {
        case .newest: nil
        case .changed: order.updatedAt
        case .due: order.dueAt
        }
    }
}
