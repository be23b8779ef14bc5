import Collectors
import PlatformModel
import Reactor

/// `galley orders …`: what the orders screen shows.
enum OrdersCommand {
    private static let patience = Duration.seconds(5)

    static func list(_ arguments: Arguments) throws(CommandFailure) -> Int32 {
        let query = try query(arguments, limit: 50)
        let connections = try Connections(try Setup(arguments).environment(arguments))
        let source = try source(connections)
        let page = try outcome { () async throws(ReadFailure) in
            try await source.page(query, after: nil, until: .after(patience))
        }
        let now = Moment.now()
        if arguments.has("json") {
            let object = SnapshotJSON.envelope(
                "orders", environment: connections.identity.name, at: now.wall,
                [("orders", .array(page.orders.map(SnapshotJSON.order))), ("more", .bool(page.next != nil))])
            Output.raw(object.write(pretty: true))
            return ExitStatus.done
        }
        var table = TextTable([
            ("ORDER", .right), ("STATUS", .left), ("KITCHEN", .left), ("SUPPLIER", .left), ("TOTAL", .right),
            ("LINES", .right), ("PLACED", .right), ("DUE", .right),
        ])
        for order in page.orders {
            table.add([
                "#\(order.id)", order.status.word, order.kitchen, order.supplier, order.total.description,
                "\(order.lineCount)", Quantity.shortDuration(now.wall - order.placedAt) + " ago",
                due(order, at: now.wall),
            ])
        }
        table.print()
        return ExitStatus.done
    }

    static func show(_ arguments: Arguments) throws(CommandFailure) -> Int32 {
        let id = try number(arguments)
        let connections = try Connections(try Setup(arguments).environment(arguments))
        let source = try source(connections)
        let details = try outcome { () async throws(ReadFailure) in
            try await source.details(id: id, until: .after(patience))
        }
        guard let details else { throw absent(id) }
        let now = Moment.now()
        if arguments.has("json") {
            let object = SnapshotJSON.envelope(
                "order", environment: connections.identity.name, at: now.wall,
                [("order", SnapshotJSON.details(details))])
            Output.raw(object.write(pretty: true))
            return ExitStatus.done
        }
        print(details, at: now.wall)
        return ExitStatus.done
    }

    /// The order's number, `4711` or `#4711`.
    static func number(_ arguments: Arguments) throws(CommandFailure) -> Int64 {
        let word = arguments.positionals[0]
        guard let id = Int64(word.drop { $0 == "#" }), id > 0 else {
            throw CommandFailure(
                status: ExitStatus.usage, message: "“\(word)” is no order number", code: "usage",
                hint: "galley orders list --search TEXT finds orders by a part of a name")
        }
        return id
    }

    static func absent(_ id: Int64) -> CommandFailure {
        CommandFailure(
            status: ExitStatus.notFound, message: "there is no order #\(id)", code: "not-found",
            hint: "galley orders list shows the newest")
    }

    private static func print(_ details: OrderDetails, at now: Timestamp) {
        let order = details.order
        Output.line("Order #\(order.id)  \(order.status.word)  \(order.total)  version \(order.version)")
        Output.line(
            "  \(order.kitchen) (\(order.kitchenCode), \(order.region)) from \(order.supplier) (\(order.supplierCode))")
        Output.line("  placed \(order.placedAt) by \(order.placedBy), delivery \(due(order, at: now))")
        if !order.note.isEmpty { Output.line("  note: \(order.note)") }
        Output.line()
        var lines = TextTable([
            ("LINE", .right), ("ITEM", .left), ("PACK", .left), ("QTY", .right), ("GOT", .right), ("PRICE", .right),
            ("TOTAL", .right), ("ALLERGENS", .left),
        ])
        for line in details.lines {
            lines.add([
                "\(line.number)", "\(line.itemCode) \(line.item)", line.pack, line.quantity, line.received,
                line.price.amountText, line.total.amountText, line.allergens.joined(separator: ", "),
            ])
        }
        lines.print()
        Output.line()
        for event in details.events {
            let move = event.to.map { to in (event.from.map { "\($0.word) → " } ?? "") + to.word } ?? ""
            Output.line("  \(event.at)  \(move)  \(event.actor)  \(event.note)")
        }
    }

    private static func due(_ order: Order, at now: Timestamp) -> String {
        guard let dueAt = order.dueAt else { return "-" }
        guard order.status.isOpen else { return dueAt.dateText }
        return dueAt < now
            ? "late " + Quantity.shortDuration(now - dueAt) : "in " + Quantity.shortDuration(dueAt - now)
    }

    /// - Parameter limit: how many rows unless `--limit` says.
    static func query(_ arguments: Arguments, limit: Int) throws(CommandFailure) -> OrderQuery {
        var query = OrderQuery(limit: try self.limit(arguments, otherwise: limit))
        query.statuses = Set((arguments.options["status"] ?? []).compactMap(OrderStatus.init))
        query.kitchen = arguments.option("kitchen")
        query.supplier = arguments.option("supplier")
        query.lateOnly = arguments.has("late")
        query.text = arguments.option("search")
        query.sort = arguments.option("sort").flatMap(OrderQuery.Sort.init) ?? (query.lateOnly ? .due : .newest)
        return query
    }

    static func limit(_ arguments: Arguments, otherwise standard: Int) throws(CommandFailure) -> Int {
        guard let word = arguments.option("limit") else { return standard }
        guard let limit = Int(word), (1...200).contains(limit) else {
            throw CommandFailure(
                status: ExitStatus.usage, message: "--limit \(word): allowed is 1 to 200", code: "usage")
        }
        return limit
    }

    static func source(_ connections: Connections) throws(CommandFailure) -> OrderSource {
        if let source = connections.orders { return source }
        let name = connections.identity.name
        throw CommandFailure(
            status: ExitStatus.configuration, message: "environment \(name) has no database", code: "configuration",
            hint: "name its nodes in environments.\(name).postgres.nodes")
    }

    /// Waits for a reading; a failure becomes the command's.
    static func outcome<Value: Sendable>(
        _ body: @escaping @Sendable () async throws(ReadFailure) -> Value
    ) throws(CommandFailure) -> Value {
        let result: Result<Value, ReadFailure> = runBlocking {
            do throws(ReadFailure) {
                return .success(try await body())
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(let value): return value
        case .failure(let failure): throw CommandFailure(failure)
        }
    }
}
