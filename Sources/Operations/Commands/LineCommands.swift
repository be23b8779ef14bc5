import PlatformModel

extension CommandTable {
    /// What the command line does without a screen.
    static let lineCommands: [Command] =
        platformCommands + findingCommands + configurationCommands + localCommands + helpCommands

    private static let platformCommands: [Command] = [
        Command(
            "status", "Show the platform's health",
            help: "Print health, findings and one line for every system; the exit status tells it too (0, 10, 11).",
            arguments: [watch, json], words: ["status"], example: "status --watch --plain"),
        Command(
            "orders.list", "List orders", help: "Print a page of orders, filtered and sorted by the server.",
            arguments: [
                CommandArgument(
                    "status", .option(placeholder: "WORD"), "only orders in this status; may be repeated",
                    allowed: OrderStatus.allCases.map(\.rawValue)),
                CommandArgument("kitchen", .option(placeholder: "CODE"), "only orders of this kitchen"),
                CommandArgument("supplier", .option(placeholder: "CODE"), "only orders at this supplier"),
                CommandArgument("late", .flag, "only open orders past their delivery"),
                CommandArgument("search", .option(placeholder: "TEXT"), "a number, or a part of a name"),
                CommandArgument(
                    "sort", .option(placeholder: "ORDER"), "which come first",
                    allowed: OrderQuery.Sort.allCases.map(\.rawValue)),
                limit, json,
            ], words: ["orders", "list"], example: "orders list --late --status held --limit 20"),
        Command(
            "orders.show", "Show an order", help: "Print one order with its lines and its history.",
            arguments: [CommandArgument("ORDER", .positional, "the order's number", required: true), json],
            words: ["orders", "show"], example: "orders show 4711"),
        Command(
            "queues.list", "List queues", help: "Print every queue with its jobs by state, lag, rates and workers.",
            arguments: [json], words: ["queues", "list"], example: "queues list --json"),
        Command(
            "queues.jobs", "List jobs", help: "Print the jobs of one queue in one state, next first.",
            arguments: [
                CommandArgument("QUEUE", .positional, "the queue's name", required: true, names: .queues),
                CommandArgument(
                    "state", .option(placeholder: "STATE"), "which jobs; waiting unless told",
                    allowed: JobState.allCases.map(\.rawValue)),
                limit, json,
            ], words: ["queues", "jobs"], example: "queues jobs suppliers --state failed"),
        Command(
            "databases.list", "List databases",
            help: "Print every database node with its role, position, lag, slots and load.",
            arguments: [json], words: ["databases", "list"], example: "databases list"),
        Command(
            "services.list", "List services",
            help: "Print every service with its health, how fast it answers, and what it says of what it needs.",
            arguments: [json], words: ["services", "list"], example: "services list"),
        Command(
            "agents.list", "List agents", help: "Print every agent with its runs by state, rate and decision times.",
            arguments: [watch, json], words: ["agents", "list"], example: "agents list --watch"),
        Command(
            "agents.runs", "List runs", help: "Print the agents' runs, newest first.",
            arguments: [
                CommandArgument(
                    "state", .option(placeholder: "STATE"), "only runs in this state",
                    allowed: AgentRun.State.allCases.map(\.rawValue)),
                CommandArgument("graph", .option(placeholder: "NAME"), "only runs of this agent"),
                CommandArgument("order", .option(placeholder: "ORDER"), "only runs about this order"),
                limit, watch, json,
            ], words: ["agents", "runs"], example: "agents runs --state waiting"),
        Command(
            "agents.show", "Show a run", help: "Print one run with its steps, tool calls, errors and questions.",
            arguments: [CommandArgument("THREAD", .positional, "the run's thread", required: true), watch, json],
            words: ["agents", "show"], example: "agents show order-20431-approver"),
    ]

    private static let findingCommands: [Command] = [
        Command(
            "findings.list", "List findings", help: "Print everything that needs attention, causes above symptoms.",
            arguments: [json], words: ["findings", "list"], example: "findings list --json"),
        Command(
            "why", "Explain what is wrong with something",
            help: "Tell what was seen, what causes it, what it causes and what to do, for a finding or a name.",
            arguments: [
                CommandArgument(
                    "NAME", .positional, "a finding, or a database, queue or service", required: true, names: .queues),
                json,
            ], words: ["why"], example: "why QueueLagHigh"),
    ]

    private static let configurationCommands: [Command] = [
        Command(
            "config.check", "Check the configuration",
            help: "Read every configuration file and print each problem with file and line.",
            arguments: [json], words: ["config", "check"], example: "config check --config ./galley.toml"),
        Command(
            "config.show", "Show the configuration", help: "Print the effective configuration.", arguments: [json],
            words: ["config", "show"], example: "config show"),
        Command(
            "config.blame", "Tell where settings come from",
            help: "Print each effective setting with the file and line that decided it.", arguments: [json],
            words: ["config", "blame"], example: "config blame"),
        Command(
            "config.path", "Tell where files are looked for", help: "Print the files and folders that are read.",
            arguments: [json], words: ["config", "path"], example: "config path"),
        Command(
            "themes.list", "List themes", help: "Print the themes that can be chosen, and where each comes from.",
            arguments: [json], words: ["themes", "list"], example: "themes list"),
        Command(
            "themes.check", "Check themes",
            help: "Measure the contrast of every role of one theme or of all, and tell what is wrong and where.",
            arguments: [theme, json], words: ["themes", "check"], example: "themes check dark"),
        Command(
            "themes.preview", "Preview a theme",
            help: "Draw a sample of every role in the terminal's colours, or name the colours where there are none.",
            arguments: [theme, json], words: ["themes", "preview"], example: "themes preview nord"),
        Command(
            "keys", "Show the keys",
            help: "Print which keys give which commands and where, as the chosen keymap has it.",
            arguments: [
                CommandArgument("conflicts", .flag, "only keys that hide others, and commands without a key"),
                CommandArgument("markdown", .flag, "as tables for the documentation"), json,
            ], words: ["keys"], example: "keys --conflicts --keymap vim"),
    ]

    private static let localCommands: [Command] = [
        Command(
            "local.up", "Start the local platform",
            help: "Start a whole platform of real servers on this machine, or attach to the one that runs.",
            arguments: [
                CommandArgument("rate", .option(placeholder: "N"), "orders a minute from the traffic generator"),
                CommandArgument("orders", .option(placeholder: "N"), "orders of the past, when the database is made"),
                CommandArgument("jobs", .option(placeholder: "N"), "jobs on the queues, when the database is made"),
                CommandArgument("async", .flag, "commits do not wait for replicas"),
                CommandArgument("sync", .flag, "commits wait for replicas again"),
                CommandArgument("port-base", .option(placeholder: "N"), "use the ports from N on"),
                CommandArgument("foreground", .flag, "stay, and end it with Ctrl-C"), timeout, folder, json,
            ], words: ["local", "up"], example: "local up --rate 120"),
        Command(
            "local.down", "Stop the local platform", help: "End every process of the local platform.",
            arguments: [folder, json], words: ["local", "down"], example: "local down"),
        Command(
            "local.status", "Show the local platform's processes",
            help: "Print each process with state, port and memory.", arguments: [folder, json],
            words: ["local", "status"], example: "local status"),
        Command(
            "local.reset", "Delete the local platform", help: "Stop the local platform and delete its folder.",
            arguments: [CommandArgument("yes", .flag, "do not ask"), folder, json], words: ["local", "reset"],
            example: "local reset --yes"),
        Command(
            "local.fault", "Break something on purpose", help: "Inject a fault into the local platform, or heal it.",
            arguments: [
                CommandArgument(
                    "FAULT", .positional, "what is done, or list or heal", required: true,
                    allowed: [
                        "list", "heal", "kill", "hang", "resume", "stop", "cut", "delay", "error", "slow",
                        "stop-workers",
                    ]), CommandArgument("TARGET", .positional, "to whom: galley local fault list tells"),
                CommandArgument("by", .option(placeholder: "TIME"), "how long a delay or slowness is"), folder, json,
            ], words: ["local", "fault"], example: "local fault kill redis"),
        Command(
            "local.setup", "Prepare the machine for a local platform",
            help: "Make the Python environment that the local platform's services run in.", arguments: [json],
            words: ["local", "setup"], example: "local setup"),
    ]

    private static let helpCommands: [Command] = [
        Command(
            "help.line", "Explain a command",
            help: "List the commands, explain one, or print the manual page.",
            arguments: [
                CommandArgument("COMMAND", .positional, "which command"),
                CommandArgument("WORD", .positional, "its second word"),
                CommandArgument("man", .flag, "print the manual page: galley help --man | man -l -"),
            ], words: ["help"], example: "help orders list"),
        Command(
            "completion", "Print shell completion",
            help: "Print what bash, zsh or fish load to complete commands, or the names that they ask for.",
            arguments: [
                CommandArgument(
                    "SHELL", .positional, "whose completion", required: true, allowed: ["bash", "zsh", "fish", "names"]),
                CommandArgument(
                    "KIND", .positional, "which names",
                    allowed: CommandArgument.Names.allCases.filter { $0 != .none && $0 != .files }.map(\.rawValue)),
            ], words: ["completion"], example: "completion bash"),
        Command("version", "Show the version", help: "Print the version.", words: ["version"], example: "version"),
    ]

    private static let json = CommandArgument("json", .flag, "print one JSON object")
    private static let watch = CommandArgument(
        "watch", .flag, "print again whenever something changed, until stopped; with --plain only what changed")
    private static let limit = CommandArgument("limit", .option(placeholder: "N"), "rows at most, 1 to 200")
    private static let theme = CommandArgument("NAME", .positional, "a shipped theme or one of yours", names: .themes)
    private static let folder = CommandArgument(
        "folder", .option(placeholder: "PATH"), "where it lives", names: .files)
    private static let timeout = CommandArgument(
        "timeout", .option(placeholder: "SECONDS"), "give up after this long")

    /// Options that every command takes.
    public static let globalArguments: [CommandArgument] = [
        CommandArgument(
            "environment", .option(placeholder: "NAME"), "which platform, of those configured", names: .environments),
        CommandArgument(
            "config", .option(placeholder: "FILE"), "read this file instead of the user's own", names: .files),
        CommandArgument("as", .option(placeholder: "ACCOUNT"), "act as this account, of those configured"),
        CommandArgument("read-only", .flag, "refuse every action"),
        CommandArgument("plain", .flag, "sentences instead of a screen, and words instead of keys"),
        CommandArgument("theme", .option(placeholder: "NAME"), "colours of the screen", names: .themes),
        CommandArgument("keymap", .option(placeholder: "NAME"), "keys of the screen", names: .keymaps),
        CommandArgument("help", .flag, "explain the command"),
    ]
}
