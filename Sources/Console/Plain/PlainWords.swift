import Operations
import PlatformModel

/// What somebody typed in the linear mode, as a command of the table.
public enum PlainWords: Sendable, Equatable {
    case nothing
    /// As the command line has it, after `galley`: `orders list --late`.
    case line([String])
    /// What the session itself does: `quit`, `pause`, `help`, `refresh`, `notices`.
    case session(String, [String])
    /// A command that changes only what a screen shows.
    case screenOnly(Command)
    /// Nothing is called so.
    case unknown(String)

    /// Short ways to say a command; every screen's name leads to its list.
    private static let short: [(words: [String], line: [String])] = [
        (["orders", "late"], ["orders", "list", "--late"]),
        (["orders", "held"], ["orders", "list", "--status", "held"]), (["orders", "all"], ["orders", "list"]),
        (["show"], ["orders", "show"]), (["order"], ["orders", "show"]), (["jobs"], ["queues", "jobs"]),
        (["queue"], ["queues", "jobs"]), (["overview"], ["status"]), (["orders"], ["orders", "list"]),
        (["queues"], ["queues", "list"]), (["databases"], ["databases", "list"]),
        (["services"], ["services", "list"]), (["agents"], ["agents", "list"]), (["findings"], ["findings", "list"]),
        (["database"], ["why"]),
        (["service"], ["why"]), (["themes"], ["themes", "list"]),
    ]

    /// What the session does by itself, with other words for it.
    private static let own: [String: String] = [
        "quit": "quit", "exit": "quit", "q": "quit", "pause": "pause", "resume": "pause", "help": "help", "?": "help",
        "refresh": "refresh", "notices": "notices",
    ]

    /// - Parameter text: one line as it was typed.
    public init(_ text: String) {
        let words = Self.named(Self.split(text))
        guard let first = words.first?.lowercased() else {
            self = .nothing
            return
        }
        if words.count == 1, Int64(first.drop { $0 == "#" }) != nil {
            self = .line(["orders", "show", words[0]])
        } else if let own = Self.own[first] {
            self = .session(own, Array(words.dropFirst()))
        } else if let line = Self.line(words) {
            self = .line(line)
        } else if let command = Self.screenCommand(words) {
            self = .screenOnly(command)
        } else {
            self = .unknown(words[0])
        }
    }

    /// The screen's names of commands as words: `go.orders` is `orders`, `orders.late` is `orders late`.
    private static func named(_ words: [String]) -> [String] {
        guard let first = words.first else { return [] }
        var words = words
        if first.contains("."), first.allSatisfy({ $0.isLetter || $0 == "." || $0 == "-" }) {
            words.replaceSubrange(0..<1, with: first.split(separator: ".").map(String.init))
        }
        if words.count > 1, words[0].lowercased() == "go" { words.removeFirst() }
        return words
    }

    /// The command with those words, or the one that a short form stands for.
    private static func line(_ words: [String]) -> [String]? {
        let small = words.map { $0.lowercased() }
        for command in CommandTable.all where !command.words.isEmpty && small.starts(with: command.words) {
            return command.words + words.dropFirst(command.words.count)
        }
        // By the name that the screen has for it: `console.arm` is `arm`.
        if small.count > 1, let command = CommandTable.command("\(small[0]).\(small[1])"), !command.words.isEmpty {
            return command.words + words.dropFirst(2)
        }
        guard let found = short.first(where: { small.starts(with: $0.words) }) else { return nil }
        return found.line + words.dropFirst(found.words.count)
    }

    private static func screenCommand(_ words: [String]) -> Command? {
        let name = words.map { $0.lowercased() }
        let ids = [name[0], name.prefix(2).joined(separator: "."), name.prefix(2).joined(separator: "-")]
        return CommandTable.all.first { ids.contains($0.id) && CommandTable.isOnScreen($0.id) }
    }

    /// Every word that a line may begin with.
    public static var firstWords: [String] {
        let words =
            CommandTable.all.compactMap(\.words.first) + short.map { $0.words[0] } + own.keys.filter { $0.count > 1 }
        return Set(words).sorted()
    }

    /// Words at blanks; quotes keep blanks together.
    static func split(_ text: String) -> [String] {
        var words: [String] = []
        var word = ""
        var quote: Character?
        var isOpen = false
        for character in text {
            if let open = quote {
                if character == open { quote = nil } else { word.append(character) }
            } else if character == "\"" || character == "'" {
                quote = character
                isOpen = true
            } else if character.isWhitespace {
                if isOpen || !word.isEmpty { words.append(word) }
                (word, isOpen) = ("", false)
            } else {
                word.append(character)
            }
        }
        if isOpen || !word.isEmpty { words.append(word) }
        return words
    }
}
