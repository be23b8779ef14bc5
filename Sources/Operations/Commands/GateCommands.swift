extension CommandTable {
    /// What serves the gate itself: arming, freezes, approvals, interrupted operations, the audit, the account.
    static let gateCommands: [Command] = [
        Command(
            "console.arm", "Arm the console", help: "Allow actions in a read-only environment for some minutes.",
            danger: .low, role: .operator,
            arguments: [
                CommandArgument("MINUTES", .positional, "how long, 1 to 240", required: true),
                reason("why; kept in the audit", required: true),
            ] + asking, words: ["arm"], example: "arm 15 --reason 'deploy 4.2'",
            exemptions: [.readOnly, .freeze, .unknownFreeze]),
        Command(
            "console.disarm", "Disarm the console", help: "Make the environment read-only for this console again.",
            danger: .low, role: .viewer, arguments: asking, words: ["disarm"], example: "disarm",
            exemptions: [.readOnly, .freeze, .unknownFreeze, .confirmation]),
        Command(
            "freeze.set", "Freeze the platform", help: "Keep every console from acting, for a time and with a reason.",
            danger: .low, role: .operator,
            arguments: [
                CommandArgument("for", .option(placeholder: "TIME"), "how long: 30m, 4h, 2d", required: true),
                reason("why; every console shows it", required: true),
            ] + asking, words: ["freeze"], example: "freeze --for 4h --reason 'moving the database'",
            exemptions: [.readOnly, .freeze]),
        Command(
            "freeze.lift", "Lift the freeze", help: "End a freeze; its owner or a lead may.", danger: .low,
            role: .operator, arguments: asking, words: ["unfreeze"], example: "unfreeze",
            exemptions: [.readOnly, .freeze]),
        Command(
            "approvals.list", "List requests for approval",
            help: "Print what waits for a second person, with the time that is left.",
            arguments: [CommandArgument("json", .flag, "print one JSON object")], words: ["approvals", "list"],
            example: "approvals list"),
        Command(
            "approvals.show", "Show a request", help: "Print the exact plan that a request is about.",
            arguments: [approval, CommandArgument("json", .flag, "print one JSON object")],
            words: ["approvals", "show"], example: "approvals show 7f3a9c0d1e2b4f56"),
        Command(
            "approvals.grant", "Agree to a plan",
            help: "Agree, as the second person, to exactly the plan of a request.",
            danger: .low, role: .operator, arguments: [approval] + asking, words: ["approvals", "grant"],
            example: "approvals grant 7f3a9c0d1e2b4f56",
            exemptions: [.readOnly]),
        Command(
            "approvals.refuse", "Refuse a plan", help: "Refuse a request; the plan is then not carried out.",
            danger: .low, role: .operator, arguments: [approval] + asking, words: ["approvals", "refuse"],
            example: "approvals refuse 7f3a9c0d1e2b4f56",
            exemptions: [.readOnly, .freeze, .confirmation]),
        Command(
            "operations.list", "List interrupted operations",
            help: "Print what was begun on this machine and not brought to an end, step by step.",
            arguments: [CommandArgument("json", .flag, "print one JSON object")], words: ["operations", "list"],
            example: "operations list"),
        Command(
            "operations.resume", "Resume an operation",
            help: "Look for what an interrupted operation did, and do what is left of it.", danger: .low,
            role: .kitchen, arguments: [operation] + asking, words: ["operations", "resume"],
            example: "operations resume 7f3a9c0d1e2b"),
        Command(
            "operations.close", "Close an operation",
            help: "File an interrupted operation away after you have made sure of it yourself.", danger: .low,
            role: .kitchen, arguments: [operation, reason("what you found", required: true)] + asking,
            words: ["operations", "close"], example: "operations close 7f3a9c0d1e2b --reason 'the order is there'",
            exemptions: [.readOnly, .freeze, .unknownFreeze]),
        Command(
            "audit.list", "List the audit", help: "Print who did what, newest last.",
            arguments: [
                CommandArgument("subject", .option(placeholder: "WHO"), "only what this person did"),
                CommandArgument("command", .option(placeholder: "ID"), "only this command, or this group: orders"),
                CommandArgument("local", .flag, "this machine's own record instead of the database's"),
                CommandArgument("limit", .option(placeholder: "N"), "entries at most, 1 to 100000"),
                CommandArgument("json", .flag, "print one JSON object"),
            ], words: ["audit", "list"], example: "audit list --command orders --limit 20"),
        Command(
            "audit.verify", "Verify the audit",
            help: "Look for changed, missing and moved entries; the exit status tells (0, 1).",
            arguments: [CommandArgument("json", .flag, "print one JSON object")], words: ["audit", "verify"],
            example: "audit verify"),
        Command(
            "audit.export", "Export the audit", help: "Print every entry, as JSON Lines or CSV.",
            arguments: [
                CommandArgument(
                    "format", .option(placeholder: "FORMAT"), "jsonl unless told", allowed: ["jsonl", "csv"]),
                CommandArgument("local", .flag, "this machine's own record instead of the database's"),
            ], words: ["audit", "export"], example: "audit export --format csv"),
        Command(
            "orders.outbox", "List the outbox",
            help: "Print the orders that wait for the API, and those that came back.",
            arguments: [CommandArgument("json", .flag, "print one JSON object")], words: ["orders", "outbox"],
            example: "orders outbox"),
        Command(
            "account.show", "Show who you are",
            help: "Print your name, role and kitchens, and what the environment asks.",
            arguments: [CommandArgument("json", .flag, "print one JSON object")], words: ["account", "show"],
            example: "account show"),
        Command(
            "account.enrol", "Set up a second factor",
            help: "Make a secret for an authenticator application and write it to the account's file.",
            words: ["account", "enrol"], example: "account enrol"),
    ]

    private static let approval = CommandArgument("REQUEST", .positional, "the request's number", required: true)
    private static let operation = CommandArgument("OPERATION", .positional, "the operation's number", required: true)
}
