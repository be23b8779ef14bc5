import Console
import Operations

/// What `help` says in a linear session.
enum PlainHelp {
    /// - Parameter words: a command to explain; none lists them all.
    static func lines(_ words: [String]) -> [String] {
        guard !words.isEmpty else { return all }
        switch PlainWords(words.joined(separator: " ")) {
        case .line(let line):
            let match = CommandTable.all.filter { !$0.words.isEmpty && line.starts(with: $0.words) }
                .max { $0.words.count < $1.words.count }
            return match.map(Help.lines) ?? all
        case .screenOnly(let command): return ["\(command.id): \(command.help) It needs a screen."]
        case .session(let word, _): return [session[word] ?? ""]
        case .nothing: return all
        case .unknown(let word): return ["There is no command “\(word)”.", "Type help for the commands."]
        }
    }

    private static let session = [
        "quit": "quit: leave; so do the end of the input and Ctrl-C.",
        "pause": "pause: hold back the news until pause is said again.",
        "refresh": "refresh: say the short status again.",
        "notices": "notices: say again what has changed since this began.",
        "help": "help: list the commands; help and a command explains it.",
    ]

    private static var all: [String] {
        let first = [
            "status: the whole status. orders, orders late, orders held: the orders. show 4711, or only 4711: one order.",
            "queues, databases, services, findings: what is watched. jobs QUEUE: a queue's jobs.",
            "why NAME: what is wrong with something, why, and what to do.",
        ]
        let own = ["refresh", "notices", "pause", "help", "quit"].compactMap { session[$0] }
        let lines = CommandTable.all.filter { !$0.words.isEmpty && $0.words.first != "local" && $0.words != ["help"] }
            .map { "\($0.words.joined(separator: " ")): \($0.help)" }
        return first + own + ["Every command of the command line:"] + lines + [
            "News may interrupt what you type; Ctrl-R shows your line again."
        ]
    }
}
