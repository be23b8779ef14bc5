import PlatformModel
import PostgresClient

/// The SQL of one page of orders: keyset paging, so that the millionth page costs what the first does.
///
/// A text has no index: it is looked for in a window of ids, and the caller moves the window (`CONTRACT.md` 1.2).
struct OrderPageStatement {
    let query: OrderQuery
    let cursor: OrderCursor?
    let schema: String
    var window: Range<Int64>?

    /// How many ids a text is looked for in at once: it keeps a statement below 10 ms.
    static let windowSize: Int64 = 2000

    /// The text that must be looked for row by row; nil when an index serves the query, as for a number.
    static func scannedText(_ query: OrderQuery) -> String? {
        guard let text = query.text, !text.isEmpty, Int64(text.drop { $0 == "#" }) == nil else { return nil }
        return text
    }

    var statement: PostgresStatement {
        var parameters: [PostgresValue] = []
        func bind(_ value: PostgresValue, _ type: String) -> String {
            parameters.append(value)
            return "$\(parameters.count)::\(type)"
        }
        var conditions: [String] = []
        // Sorted, so that one query always gives one text and the server can keep its plan.
        let statuses = query.statuses.map(\.rawValue).sorted()
        if statuses.count == 1 {
            conditions.append("status = \(bind(.text(statuses[0]), "text"))")
        } else if !statuses.isEmpty {
            conditions.append("status = ANY (\(bind(.textArray(statuses), "text[]")))")
        }
        if let kitchen = query.kitchen { conditions.append("kitchen_code = \(bind(.text(kitchen), "text"))") }
        if let supplier = query.supplier { conditions.append("supplier_code = \(bind(.text(supplier), "text"))") }
        // A literal: the planner must see the number to choose the partial index of large orders.
        if let minimum = query.minimumMinorUnits { conditions.append("total_minor >= \(minimum)") }
        if query.lateOnly { conditions.append("is_open AND due_at < now()") }
        if query.sort == .due { conditions.append("is_open AND due_at IS NOT NULL") }
        if let text = Self.scannedText(query) {
            conditions.append("search LIKE \(bind(.text("%\(Self.escaped(text.lowercased()))%"), "text"))")
            if let window {
                conditions.append("id >= \(bind(.int(window.lowerBound), "int8"))")
                conditions.append("id < \(bind(.int(window.upperBound), "int8"))")
            }
        } else if let number = query.text.flatMap({ Int64($0.drop { $0 == "#" }) }) {
            conditions.append("id = \(bind(.int(number), "int8"))")
        }
        if let cursor {
            let id = bind(.int(cursor.id), "int8")
            let at = cursor.at.map { bind(.timestamp(PostgresTimestamp(microseconds: $0.microseconds)), "timestamptz") }
            switch (query.sort, at) {
            case (.changed, let at?): conditions.append("(updated_at, id) < (\(at), \(id))")
            case (.due, let at?): conditions.append("(due_at, id) > (\(at), \(id))")
            default: conditions.append("id < \(id)")
            }
        }
        let order =
            switch query.sort {
            case .newest: "id DESC"
            case .changed: "updated_at DESC, id DESC"
            case .due: "due_at, id"
            }
        let filter = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        return PostgresStatement(
            """
            SELECT \(OrderRow.columns) FROM \(OrdersOverviewRow.quoted(schema)).orders \(filter)
             ORDER BY \(order) LIMIT \(query.limit + 1)
            """, parameters)
    }

    /// A text as LIKE takes it literally.
    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            if "\\%_".contains(character) { result.append("\\") }
            result.append(character)
        }
    }
}

/// One row of the contract's view of orders.
enum OrderRow {
    static let columns = """
        id, status, kitchen_code, kitchen, region, supplier_code, supplier, currency, total_minor, line_count, \
        placed_at, due_at, updated_at, version, placed_by, note
        """

    static func decode(_ row: PostgresRow) throws -> Order {
        let status = try row.decode("status", as: String.self)
        guard let status = OrderStatus(rawValue: status) else {
            throw ReadFailure(
                code: "contract", cause: "an order has the status “\(status)”, which this version does not know",
                hint: "update galley, or see the contract's list of statuses")
        }
        return Order(
            id: try row.decode("id"), status: status, kitchenCode: try row.decode("kitchen_code"),
            kitchen: try row.decode("kitchen", as: String?.self) ?? "",
            region: try row.decode("region", as: String?.self) ?? "", supplierCode: try row.decode("supplier_code"),
            supplier: try row.decode("supplier", as: String?.self) ?? "",
            total: Money(minorUnits: try row.decode("total_minor"), currency: try row.decode("currency")),
            lineCount: try row.decode("line_count"), placedAt: Timestamp(try row.decode("placed_at")),
            dueAt: try row.decode("due_at", as: PostgresTimestamp?.self).map(Timestamp.init),
            updatedAt: Timestamp(try row.decode("updated_at")), version: try row.decode("version"),
            placedBy: try row.decode("placed_by", as: String?.self) ?? "",
            note: try row.decode("note", as: String?.self) ?? "")
    }
}
