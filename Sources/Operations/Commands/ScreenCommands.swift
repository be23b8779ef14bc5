extension CommandTable {
    /// What keys and the palette do on a screen.
    static let screenCommands: [Command] = [
        Command("quit", "Quit", help: "Leave the console; the platform is not touched.")
    ]
}
