import PlatformModel

/// What a plan must know of an order.
public struct OrderFacts: Sendable, Hashable, Identifiable {
    public let id: String
    public let kitchen: String
    public let supplier: String
    public let status: String
    public let version: Int64
    public let total: Money
    /// What may happen to it next, for whoever asked.
    public let allowedMoves: [String]

    static let fields = "id kitchen supplier status version totalMinor currency allowedMoves"

    init?(json: JSON) {
        guard let id = json["id"]?.text, let status = json["status"]?.text, let version = json["version"]?.int else {
            return nil
        }
        self.id = id
        self.status = status
        self.version = Int64(version)
        kitchen = json["kitchen"]?.text ?? ""
        supplier = json["supplier"]?.text ?? ""
        total = Money(minorUnits: Int64(json["totalMinor"]?.int ?? 0), currency: json["currency"]?.text ?? "")
        allowedMoves = (json["allowedMoves"]?.array ?? []).compactMap(\.text)
    }

    var statusWord: String { status.replacing("_", with: " ") }
}

/// One thing that happened to an order, as far as it proves who did it.
struct OrderTrace: Sendable, Hashable {
    let move: String
    let version: Int64
    let actor: String
    let request: String

    init(json: JSON) {
        move = json["move"]?.text ?? ""
        version = Int64(json["version"]?.int ?? 0)
        actor = json["actor"]?.text ?? ""
        request = json["requestId"]?.text ?? ""
    }
}

/// What can be done to an order that exists.
enum OrderChange: String, Sendable, Hashable, CaseIterable {
    case approve, hold, release, cancel, note

    /// From `orders.approve`; nil for a command that changes no order.
    init?(command: String) {
        guard command.hasPrefix("orders."), let change = OrderChange(rawValue: String(command.dropFirst(7))) else {
            return nil
        }
        self = change
    }

    var mutation: String { self == .note ? "addOrderNote" : "\(rawValue)Order" }
    var argument: String { self == .note ? "text" : "reason" }
    var verb: String { self == .note ? "add a note to" : rawValue }

    /// Where the order stands after; nil when it stays.
    var target: String? {
        switch self {
        case .approve, .release: "approved"
        case .hold: "held"
        case .cancel: "cancelled"
        case .note: nil
        }
    }

    /// What takes it back; nil when nothing does.
    func undo(_ id: String) -> String? {
        switch self {
        case .approve, .release: "galley orders hold \(id) --reason … (until it is sent)"
        case .hold: "galley orders release \(id)"
        case .cancel: nil
        case .note: nil
        }
    }
}
