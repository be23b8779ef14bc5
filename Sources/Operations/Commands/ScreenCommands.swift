extension CommandTable {
    /// What keys and the palette do on a screen.
    static let screenCommands: [Command] =
        goCommands + generalCommands + listCommands + columnCommands + contextCommands

    private static let goCommands: [Command] = [
        Command("go.overview", "Overview", help: "Show the whole platform: its schematic and what needs attention."),
        Command("go.orders", "Orders", help: "Show the orders of all kitchens, newest first."),
        Command("go.queues", "Queues", help: "Show the queues with their lag and rates."),
        Command("go.databases", "Databases", help: "Show the primary and its replicas."),
        Command("go.services", "Services", help: "Show the services with what they say of what they need."),
        Command("go.findings", "Findings", help: "Show everything that needs attention, causes above symptoms."),
        Command("go.notices", "Notices", help: "Show what this console has told since it was started."),
    ]

    private static let generalCommands: [Command] = [
        Command("quit", "Quit", help: "Leave the console; the platform is not touched."),
        Command(
            "quit.now", "Quit from anywhere", help: "Leave the console from any depth; the platform is not touched."),
        Command("suspend", "Suspend", help: "Stop the console and return to the shell; fg brings it back."),
        Command("help", "Help", help: "Show the keys and commands that make sense here; / searches them."),
        Command("palette", "Commands", help: "Type a command, a screen, or the name of anything on the platform."),
        Command("back", "Back", help: "Leave what was opened last: an input, a filter, a detail."),
        Command("forward", "Forward", help: "Return to what Back left."),
        Command("last-screen", "Last screen", help: "Go to the screen shown before; again returns."),
        Command("pause", "Pause", help: "Hold the screen still while data goes on arriving."),
        Command("refresh", "Refresh", help: "Read everything now instead of when its turn comes."),
        Command("repaint", "Repaint", help: "Send every cell again, after something else wrote to the terminal."),
        Command("zoom", "Zoom", help: "Give the panel that has the keys the whole screen, or give it back."),
        Command("next-panel", "Next panel", help: "Give the keys to the next panel."),
        Command("previous-panel", "Previous panel", help: "Give the keys to the panel before."),
        Command(
            "save-display", "Save display",
            help: "Write the screen to a file as text; a file that is there stays, unless replace is said.",
            arguments: [
                CommandArgument("FILE", .positional, "Where to write it.", required: true),
                CommandArgument("replace", .positional, "A file of that name may be lost.", allowed: ["replace"]),
            ]),
        Command(
            "view", "View", help: "Show a saved view of a list, save the present one under a name, or delete one.",
            arguments: [CommandArgument("NAME", .positional, "NAME, save NAME or delete NAME.")]),
        Command(
            "theme", "Theme", help: "Change the colours for this session.",
            arguments: [CommandArgument("NAME", .positional, "A shipped theme or one of yours.", required: true)]),
        Command(
            "keymap", "Keymap", help: "Change the keys for this session.",
            arguments: [CommandArgument("NAME", .positional, "A shipped keymap or one of yours.", required: true)]),
    ]

    private static let listCommands: [Command] = [
        Command("list.down", "Down", help: "Select the next row.", in: [.list]),
        Command("list.up", "Up", help: "Select the row before.", in: [.list]),
        Command("list.half-down", "Half a page down", help: "Move half a page towards the end.", in: [.list]),
        Command("list.half-up", "Half a page up", help: "Move half a page towards the beginning.", in: [.list]),
        Command("list.page-down", "Page down", help: "Move a page towards the end.", in: [.list]),
        Command("list.page-up", "Page up", help: "Move a page towards the beginning.", in: [.list]),
        Command("list.top", "Top", help: "Select the first row.", in: [.list]),
        Command("list.bottom", "Bottom", help: "Select the last row that was loaded.", in: [.list]),
        Command("open", "Open", help: "Show what the selected row is made of.", in: [.list]),
        Command("mark", "Mark", help: "Mark the selected row, or take its mark away, and go to the next.", in: [.list]),
        Command("mark.range", "Mark to here", help: "Mark every row from the one marked last to this.", in: [.list]),
        Command("mark.all", "Mark all", help: "Mark every row that is loaded and shown.", in: [.list]),
        Command("mark.none", "Unmark all", help: "Take all marks away.", in: [.list]),
        Command(
            "copy", "Copy name", help: "Copy the name of the selected row, or of the marked ones, to the clipboard.",
            in: [.list]),
        Command("follow", "Follow", help: "Stay with the first row, whichever it is, as new ones come.", in: [.list]),
        Command(
            "filter", "Filter",
            help: "Show only the rows that match: words, field:value, field:>5m, !not, ~letters, /expression/.",
            in: [.list]),
        Command("filter.clear", "Clear filter", help: "Show all rows again.", in: [.list]),
        Command("filter.next", "Next match", help: "Select the next row that matches the last search.", in: [.list]),
        Command("filter.previous", "Previous match", help: "Select the match before.", in: [.list]),
        Command(
            "sort", "Sort", help: "Sort by the next column, or by the one that is named.", in: [.list],
            arguments: [CommandArgument("COLUMN", .positional, "Which column; desc after it for the highest first.")]),
        Command(
            "sort.add", "Sort then by", help: "Sort rows that are equal so far by one more column.", in: [.list],
            arguments: [CommandArgument("COLUMN", .positional, "Which column.", required: true)]),
        Command("sort.reverse", "Reverse sort", help: "Turn the order of the rows around.", in: [.list]),
        Command("wide", "All columns", help: "Show every column, or only the important ones.", in: [.list]),
    ]

    private static let columnCommands: [Command] = [
        Command(
            "columns", "Columns", help: "Choose which columns are shown, in which order, and what sorts.", in: [.list]),
        Command("columns.toggle", "Show or hide", help: "Show the column, or hide it.", in: [.dialog]),
        Command("columns.left", "Further left", help: "Move the column towards the left.", in: [.dialog]),
        Command("columns.right", "Further right", help: "Move the column towards the right.", in: [.dialog]),
        Command("columns.sort", "Sort by it", help: "Sort by this column alone; again turns around.", in: [.dialog]),
        Command("columns.add-sort", "Then by it", help: "Sort by this column after the others.", in: [.dialog]),
        Command("columns.reset", "As designed", help: "Show columns and order as they were designed.", in: [.dialog]),
    ]

    private static let contextCommands: [Command] = [
        Command("orders.late", "Late orders", help: "Show only open orders past their delivery.", in: [.orders]),
        Command("orders.held", "Held orders", help: "Show only orders that wait for a decision.", in: [.orders]),
        Command("orders.all", "All orders", help: "Show all orders again.", in: [.orders]),
        Command("jobs.next-state", "Next state", help: "Show the queue's jobs of the next state.", in: [.jobs]),
        Command("jobs.previous-state", "State before", help: "Show the jobs of the state before.", in: [.jobs]),
    ]
}

extension CommandTable {
    private static let screenIDs = Set(screenCommands.map(\.id))

    /// Whether a screen performs the command, as opposed to only the command line.
    public static func isOnScreen(_ id: String) -> Bool { screenIDs.contains(id) }
}
