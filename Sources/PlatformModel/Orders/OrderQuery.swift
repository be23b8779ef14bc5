/// Which orders a list wants: the filter and the sort run on the server, a page at a time.
public struct OrderQuery: Sendable, Hashable {
    public enum Sort: String, Sendable, Hashable, CaseIterable {
        /// Newest first.
        case newest
        /// Latest change first.
        case changed
        /// Open orders by promised delivery, the most overdue first.
        case due
    }

    public var sort: Sort
    public var statuses: Set<OrderStatus>
    public var kitchen: String?
    public var supplier: String?
    public var lateOnly: Bool
    public var minimumMinorUnits: Int64?
    /// An order number, or a text in kitchen or supplier.
    public var text: String?
    public var limit: Int

    public init(
        sort: Sort = .newest, statuses: Set<OrderStatus> = [], kitchen: String? = nil, supplier: String? = nil,
        lateOnly: Bool = false, minimumMinorUnits: Int64? = nil, text: String? = nil, limit: Int = 200
    ) {
        self.sort = sort
        self.statuses = statuses
        self.kitchen = kitchen
        self.supplier = supplier
        self.lateOnly = lateOnly
        self.minimumMinorUnits = minimumMinorUnits
        self.text = text
        self.limit = limit
    }
}

/// Where the next page begins: the sort value and identity of the last row that was had.
public struct OrderCursor: Sendable, Hashable {
    public let id: Int64
    public let at: Timestamp?

    public init(id: Int64, at: Timestamp?) {
        self.id = id
        self.at = at
    }
}

/// One page of a list of orders.
public struct OrderPage: Sendable, Hashable {
    public let query: OrderQuery
    public let after: OrderCursor?
    public let orders: [Order]
    /// Where the next page begins; nil at the end.
    public let next: OrderCursor?

    public init(query: OrderQuery, after: OrderCursor?, orders: [Order], next: OrderCursor?) {
        self.query = query
        self.after = after
        self.orders = orders
        self.next = next
    }
}
