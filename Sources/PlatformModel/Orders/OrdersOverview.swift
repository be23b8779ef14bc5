/// The orders as a whole: what the overview and the head of the list show.
public struct OrdersOverview: Sendable, Hashable {
    public var counts: [OrderStatus: Int64]
    /// Value of the open orders, one amount a currency, largest first.
    public var openValue: [Money]
    public var late: Int64
    public var lateValue: [Money]
    /// How long the order that waits longest past its delivery does so.
    public var oldestLate: Duration?
    public var placedLastMinute: Int64
    public var placedLastHour: Int64
    public var placedToday: Int64
    public var revenueToday: [Money]
    /// When the newest order was placed.
    public var newestPlacedAt: Timestamp?

    public init(
        counts: [OrderStatus: Int64] = [:], openValue: [Money] = [], late: Int64 = 0, lateValue: [Money] = [],
        oldestLate: Duration? = nil, placedLastMinute: Int64 = 0, placedLastHour: Int64 = 0, placedToday: Int64 = 0,
        revenueToday: [Money] = [], newestPlacedAt: Timestamp? = nil
    ) {
        self.counts = counts
        self.openValue = openValue
        self.late = late
        self.lateValue = lateValue
        self.oldestLate = oldestLate
        self.placedLastMinute = placedLastMinute
        self.placedLastHour = placedLastHour
        self.placedToday = placedToday
        self.revenueToday = revenueToday
        self.newestPlacedAt = newestPlacedAt
    }

    public var open: Int64 { counts.reduce(0) { $1.key.isOpen ? $0 + $1.value : $0 } }
    public var total: Int64 { counts.values.reduce(0, +) }
}
