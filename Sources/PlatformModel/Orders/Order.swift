/// Where an order stands in its life.
public enum OrderStatus: String, Sendable, Hashable, CaseIterable {
    case draft, submitted, held, approved, sent, confirmed
    case partlyReceived = "partly_received"
    case received, rejected, cancelled

    /// Whether somebody still waits for something: `is_open` of the contract. A draft was not sent to anybody yet.
    public var isOpen: Bool {
        switch self {
        case .draft, .received, .rejected, .cancelled: false
        case .submitted, .held, .approved, .sent, .confirmed, .partlyReceived: true
        }
    }

    public var word: String { self == .partlyReceived ? "partly received" : rawValue }
}

/// One order as lists show it.
public struct Order: Sendable, Hashable, Identifiable {
    public let id: Int64
    public let status: OrderStatus
    public let kitchenCode: String
    public let kitchen: String
    public let region: String
    public let supplierCode: String
    public let supplier: String
    public let total: Money
    public let lineCount: Int
    public let placedAt: Timestamp
    public let dueAt: Timestamp?
    public let updatedAt: Timestamp
    /// Bumped by every change: an action names the version that was on screen.
    public let version: Int64
    public let placedBy: String
    public let note: String

    public init(
        id: Int64, status: OrderStatus, kitchenCode: String, kitchen: String, region: String, supplierCode: String,
        supplier: String, total: Money, lineCount: Int, placedAt: Timestamp, dueAt: Timestamp?, updatedAt: Timestamp,
        version: Int64, placedBy: String, note: String
    ) {
        self.id = id
        self.status = status
        self.kitchenCode = kitchenCode
        self.kitchen = kitchen
        self.region = region
        self.supplierCode = supplierCode
        self.supplier = supplier
        self.total = total
        self.lineCount = lineCount
        self.placedAt = placedAt
        self.dueAt = dueAt
        self.updatedAt = updatedAt
        self.version = version
        self.placedBy = placedBy
        self.note = note
    }

    /// How long past its promised delivery an open order is; nil when it is not late.
    public func lateness(at now: Timestamp) -> Duration? {
        guard status.isOpen, let dueAt, dueAt < now else { return nil }
        return now - dueAt
    }
}

/// One line of an order.
public struct OrderLine: Sendable, Hashable {
    public let number: Int
    public let itemCode: String
    public let item: String
    public let pack: String
    public let quantity: String
    public let received: String
    public let price: Money
    public let total: Money
    public let allergens: [String]

    public init(
        number: Int, itemCode: String, item: String, pack: String, quantity: String, received: String, price: Money,
        total: Money, allergens: [String]
    ) {
        self.number = number
        self.itemCode = itemCode
        self.item = item
        self.pack = pack
        self.quantity = quantity
        self.received = received
        self.price = price
        self.total = total
        self.allergens = allergens
    }
}

/// One thing that happened to an order.
public struct OrderEvent: Sendable, Hashable {
    public let at: Timestamp
    public let actor: String
    public let from: OrderStatus?
    public let to: OrderStatus?
    public let note: String

    public init(at: Timestamp, actor: String, from: OrderStatus?, to: OrderStatus?, note: String) {
        self.at = at
        self.actor = actor
        self.from = from
        self.to = to
        self.note = note
    }
}

/// An order with its lines and history, as the details show it.
public struct OrderDetails: Sendable, Hashable {
    public let order: Order
    public let lines: [OrderLine]
    public let events: [OrderEvent]

    public init(order: Order, lines: [OrderLine], events: [OrderEvent]) {
        self.order = order
        self.lines = lines
        self.events = events
    }
}
