extension CommandTable {
    /// What changes the platform; all of it goes through the gate.
    static let actionCommands: [Command] = [
        Command(
            "orders.approve", "Approve orders", help: "Let submitted orders go to their supplier.", danger: .low,
            role: .operator, arguments: [orders, reason("why; kept with the order")] + asking,
            words: ["orders", "approve"], example: "orders approve 20431 --reason 'called the kitchen'"),
        Command(
            "orders.hold", "Hold orders", help: "Keep submitted or approved orders back until they are released.",
            danger: .low, role: .operator,
            arguments: [orders, reason("why; kept with the order", required: true)] + asking,
            words: ["orders", "hold"], example: "orders hold 20431 --reason 'price looks wrong'"),
        Command(
            "orders.release", "Release orders", help: "Let held orders go to their supplier.", danger: .low,
            role: .operator, arguments: [orders, reason("why; kept with the order")] + asking,
            words: ["orders", "release"], example: "orders release 20431"),
        Command(
            "orders.cancel", "Cancel orders", help: "End orders for good; there is no way back but to order again.",
            danger: .high, role: .kitchen,
            arguments: [orders, reason("why; kept with the order", required: true)] + asking,
            words: ["orders", "cancel"], example: "orders cancel 20431@3 --reason 'ordered twice' --confirm 20431"),
        Command(
            "orders.note", "Add a note", help: "Add a note to orders; it is kept with them for good.", danger: .low,
            role: .kitchen,
            arguments: [
                orders, CommandArgument("note", .option(placeholder: "TEXT"), "what to add", required: true),
            ] + asking, words: ["orders", "note"], example: "orders note 20431 --note 'ring at the back door'"),
        Command(
            "orders.place", "Place an order",
            help: "Order from a supplier; while the API is down the order waits in the outbox.", danger: .low,
            role: .kitchen,
            arguments: [
                CommandArgument("kitchen", .option(placeholder: "CODE"), "who orders", required: true),
                CommandArgument("supplier", .option(placeholder: "CODE"), "at whom", required: true),
                CommandArgument(
                    "line", .option(placeholder: "ITEM=PACKS"), "what and how many packs; may be repeated"),
                CommandArgument(
                    "file", .option(placeholder: "FILE"), "lines of item,packs[,price in minor units]; - is the input"),
                CommandArgument("note", .option(placeholder: "TEXT"), "what the supplier should know"),
            ] + asking, words: ["orders", "place"],
            example: "orders place --kitchen MUC-01 --supplier GRUENTAL --line BAK-0101=4"),
        Command(
            "orders.outbox.send", "Send the outbox", help: "Send the orders that wait in the outbox, oldest first.",
            danger: .low, role: .kitchen, arguments: asking, words: ["orders", "outbox", "send"],
            example: "orders outbox send"),
    ]

    private static let orders = CommandArgument(
        "ORDER", .positional, "an order's number, or number@version to insist on what was seen", required: true,
        repeats: true)

    static func reason(_ help: String, required: Bool = false) -> CommandArgument {
        CommandArgument("reason", .option(placeholder: "TEXT"), help, required: required)
    }

    /// What every action takes.
    static let asking: [CommandArgument] = [
        CommandArgument("dry-run", .flag, "print the plan and do nothing"),
        CommandArgument("yes", .flag, "answer the question; only where y would be asked"),
        CommandArgument(
            "confirm", .option(placeholder: "OBJECT"), "type the object that would be asked for, without being asked"),
        CommandArgument("code", .option(placeholder: "DIGITS"), "your second factor's six digits"),
        CommandArgument("json", .flag, "print one JSON object"),
    ]
}
