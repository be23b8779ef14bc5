extension CommandTable {
    /// What the command line does without a screen.
    static let lineCommands: [Command] = [
        Command(
            "status", "Show the platform's health",
            help: "Print health, findings and one line for every system; the exit status tells it too (0, 10, 11).",
            arguments: [watch, json], words: ["status"]),
        Command(
            "orders.list", "List orders", help: "Print a page of orders, filtered and sorted by the server.",
            arguments: [
                CommandArgument("status", .option(placeholder: "WORD"), "only orders in this status; may be repeated"),
                CommandArgument("kitchen", .option(placeholder: "CODE"), "only orders of this kitchen"),
                CommandArgument("supplier", .option(placeholder: "CODE"), "only orders at this supplier"),
                CommandArgument("late", .flag, "only open orders past their delivery"),
                CommandArgument("search", .option(placeholder: "TEXT"), "a number, or a part of a name"),
                CommandArgument(
                    "sort", .option(placeholder: "ORDER"), "which come first", allowed: ["newest", "changed", "due"]),
                limit, json,
            ], words: ["orders", "list"]),
        Command(
            "orders.show", "Show an order", help: "Print one order with its lines and its history.",
            arguments: [CommandArgument("ORDER", .positional, "the order's number", required: true), json],
            words: ["orders", "show"]),
        Command(
            "queues.list", "List queues", help: "Print every queue with its jobs by state, lag, rates and workers.",
            arguments: [json], words: ["queues", "list"]),
        Command(
            "queues.jobs", "List jobs", help: "Print the jobs of one queue in one state, next first.",
            arguments: [
                CommandArgument("QUEUE", .positional, "the queue's name", required: true),
                CommandArgument(
                    "state", .option(placeholder: "STATE"), "which jobs; waiting unless told",
                    allowed: ["waiting", "prioritized", "active", "delayed", "completed", "failed", "waiting-children"]),
                limit, json,
            ], words: ["queues", "jobs"]),
        Command(
            "databases.list", "List databases",
            help: "Print every database node with its role, position, lag, slots and load.",
            arguments: [json], words: ["databases", "list"]),
        Command(
            "config.check", "Check the configuration",
            help: "Read every configuration file and print each problem with file and line.",
            arguments: [json], words: ["config", "check"]),
        Command(
            "config.show", "Show the configuration", help: "Print the effective configuration.", arguments: [json],
            words: ["config", "show"]),
        Command(
            "config.blame", "Tell where settings come from",
            help: "Print each effective setting with the file and line that decided it.", words: ["config", "blame"]),
        Command(
            "config.path", "Tell where files are looked for", help: "Print the files and folders that are read.",
            words: ["config", "path"]),
        Command(
            "themes.list", "List themes", help: "Print the themes that can be chosen.", words: ["themes", "list"]),
        Command(
            "local.up", "Start the local platform",
            help: "Start a whole platform of real servers on this machine, or attach to the one that runs.",
            arguments: [passedOn], words: ["local", "up"]),
        Command(
            "local.down", "Stop the local platform", help: "End every process of the local platform.",
            arguments: [passedOn], words: ["local", "down"]),
        Command(
            "local.status", "Show the local platform's processes",
            help: "Print each process with state, port and memory.",
            arguments: [passedOn], words: ["local", "status"]),
        Command(
            "local.reset", "Delete the local platform", help: "Stop the local platform and delete its folder.",
            arguments: [passedOn], words: ["local", "reset"]),
        Command(
            "local.fault", "Break something on purpose", help: "Inject a fault into the local platform, or heal it.",
            arguments: [passedOn], words: ["local", "fault"]),
        Command(
            "local.setup", "Prepare the machine for a local platform",
            help: "Make the Python environment that the local platform's services run in.", arguments: [passedOn],
            words: ["local", "setup"]),
        Command("version", "Show the version", help: "Print the version.", words: ["version"]),
    ]

    private static let json = CommandArgument("json", .flag, "print one JSON object")
    private static let watch = CommandArgument("watch", .flag, "print again whenever something changed, until stopped")
    private static let limit = CommandArgument("limit", .option(placeholder: "N"), "rows at most, 1 to 1000")
    private static let passedOn = CommandArgument("…", .positional, "see galley local --help")

    /// Options that every command takes.
    public static let globalArguments: [CommandArgument] = [
        CommandArgument("environment", .option(placeholder: "NAME"), "which platform, of those configured"),
        CommandArgument("config", .option(placeholder: "FILE"), "read this file instead of the user's own"),
        CommandArgument("as", .option(placeholder: "ACCOUNT"), "act as this account, of those configured"),
        CommandArgument("read-only", .flag, "refuse every action"),
        CommandArgument("plain", .flag, "lines and sentences instead of a screen"),
        CommandArgument("theme", .option(placeholder: "NAME"), "colours of the screen"),
        CommandArgument("keymap", .option(placeholder: "NAME"), "keys of the screen"),
        CommandArgument("help", .flag, "explain the command"),
    ]
}
