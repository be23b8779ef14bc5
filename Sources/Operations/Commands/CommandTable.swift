/// All commands. Screens, command line, help, palette and docs read this table; nothing is bound elsewhere.
public enum CommandTable {
    public static let all: [Command] = screenCommands + lineCommands + actionCommands + gateCommands

    public static func command(_ id: String) -> Command? { byID[id] }

    private static let byID = Dictionary(all.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
}
