import PlatformModel
import PostgresClient

/// One order with everything that belongs to it, in one statement.
enum OrderDetailsRow {
    static func statement(id: Int64, schema: String) -> PostgresStatement {
        let schema = OrdersOverviewRow.quoted(schema)
        return PostgresStatement(
            """
            SELECT \(OrderRow.columns),
                   (SELECT coalesce(json_agg(json_build_object(
                               'line', line, 'code', item_code, 'item', item, 'pack', pack_size,
                               'quantity', quantity::text, 'received', received_quantity::text,
                               'price', price_minor, 'total', total_minor, 'allergens', allergens) ORDER BY line), '[]')
                      FROM \(schema).order_lines WHERE order_id = o.id) AS lines,
                   (SELECT coalesce(json_agg(json_build_object(
                               'at', (extract(epoch FROM at) * 1000000)::int8, 'actor', actor, 'move', move,
                               'from', from_status, 'to', to_status, 'detail', detail) ORDER BY at, id), '[]')
                      FROM \(schema).order_events WHERE order_id = o.id) AS events
              FROM \(schema).orders AS o WHERE id = $1::int8
            """, [.int(id)])
    }

    static func decode(_ row: PostgresRow) throws -> OrderDetails {
        let order = try OrderRow.decode(row)
        let lines = try JSON.parse(row.decode("lines", as: String.self)).array ?? []
        let events = try JSON.parse(row.decode("events", as: String.self)).array ?? []
        return OrderDetails(
            order: order, lines: lines.map { line($0, currency: order.total.currency) }, events: events.map(event))
    }

    private static func line(_ json: JSON, currency: String) -> OrderLine {
        func money(_ key: String) -> Money {
            Money(minorUnits: Int64(json[key]?.int ?? 0), currency: currency)
        }
        return OrderLine(
            number: json["line"]?.int ?? 0, itemCode: json["code"]?.text ?? "", item: json["item"]?.text ?? "",
            pack: json["pack"]?.text ?? "", quantity: json["quantity"]?.text ?? "",
            received: json["received"]?.text ?? "", price: money("price"), total: money("total"),
            allergens: (json["allergens"]?.array ?? []).compactMap(\.text))
    }

    private static func event(_ json: JSON) -> OrderEvent {
        let detail = json["detail"]
        let note = detail?.text ?? (detail.map { $0.isNull ? "" : $0.write() } ?? "")
        return OrderEvent(
            at: Timestamp(microseconds: Int64(json["at"]?.int ?? 0)), actor: json["actor"]?.text ?? "",
            from: json["from"]?.text.flatMap(OrderStatus.init), to: json["to"]?.text.flatMap(OrderStatus.init),
            note: note == "{}" ? json["move"]?.text ?? "" : note)
    }
}
