import PlatformModel
import PostgresClient

/// The orders in numbers, from the contract's rolled-up views: the cost does not grow with the orders.
enum OrdersOverviewRow {
    static func statement(schema: String) -> PostgresStatement {
        let schema = quoted(schema)
        return PostgresStatement(
            """
            SELECT (SELECT json_agg(json_build_array(status, currency, orders, value_minor))
                      FROM \(schema).order_counts) AS counts,
                   (SELECT json_agg(json_build_array(currency, value))
                      FROM (SELECT currency, sum(value_minor)::int8 AS value FROM \(schema).order_days
                             WHERE day = (now() AT TIME ZONE 'UTC')::date
                               AND status NOT IN ('draft', 'rejected', 'cancelled')
                             GROUP BY currency ORDER BY 2 DESC) AS today) AS revenue,
                   r.placed_1m, r.placed_60m, r.placed_today,
                   l.orders AS late, extract(epoch FROM now() - l.oldest_due_at)::float8 AS oldest_late,
                   (SELECT json_agg(json_build_array(currency, value))
                      FROM (SELECT currency, sum(total_minor)::int8 AS value
                              FROM (SELECT currency, total_minor FROM \(schema).orders
                                     WHERE is_open AND due_at < now() ORDER BY due_at LIMIT 1000) AS late
                             GROUP BY currency ORDER BY 2 DESC) AS per) AS late_value,
                   (SELECT max(placed_at) FROM (SELECT placed_at FROM \(schema).orders ORDER BY id DESC LIMIT 1) AS n)
                       AS newest
              FROM \(schema).order_rates AS r, \(schema).orders_late AS l
            """, isPrepared: true)
    }

    static func decode(_ row: PostgresRow) throws -> OrdersOverview {
        var overview = OrdersOverview()
        var open: [String: Int64] = [:]
        for entry in try json(row, "counts") {
            guard let status = entry[0]?.text.flatMap(OrderStatus.init), let count = entry[2]?.int else { continue }
            overview.counts[status, default: 0] += Int64(count)
            if status.isOpen { open[entry[1]?.text ?? "", default: 0] += Int64(entry[3]?.int ?? 0) }
        }
        overview.openValue = open.map { Money(minorUnits: $0.value, currency: $0.key) }
            .sorted { ($0.minorUnits, $1.currency) > ($1.minorUnits, $0.currency) }
        overview.revenueToday = try amounts(row, "revenue")
        overview.lateValue = try amounts(row, "late_value")
        overview.placedLastMinute = try row.decode("placed_1m")
        overview.placedLastHour = try row.decode("placed_60m")
        overview.placedToday = try row.decode("placed_today")
        overview.late = try row.decode("late")
        overview.oldestLate = try row.decode("oldest_late", as: Double?.self).map { .seconds($0) }
        overview.newestPlacedAt = try row.decode("newest", as: PostgresTimestamp?.self).map(Timestamp.init)
        return overview
    }

    private static func amounts(_ row: PostgresRow, _ column: String) throws -> [Money] {
        try json(row, column).map { Money(minorUnits: Int64($0[1]?.int ?? 0), currency: $0[0]?.text ?? "") }
    }

    private static func json(_ row: PostgresRow, _ column: String) throws -> [JSON] {
        guard let text = try row.decode(column, as: String?.self) else { return [] }
        return try JSON.parse(text).array ?? []
    }

    /// An identifier as SQL wants it.
    static func quoted(_ identifier: String) -> String {
        "\"" + identifier.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
