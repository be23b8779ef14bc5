extension CommandTable {
    /// What the command line does without a screen.
    static let lineCommands: [Command] = []
}
