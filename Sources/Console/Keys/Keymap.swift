import Operations
import TerminalCells

/// Which keys give which commands, and where.
public struct Keymap: Sendable, Equatable {
    /// One line of a keymap: keys pressed one after another give a command in a context.
    public struct Binding: Sendable, Hashable {
        public let keys: [Key]
        public let command: String
        /// Where it holds; nil everywhere.
        public let context: CommandContext?

        public init(_ keys: [Key], _ command: String, in context: CommandContext? = nil) {
            self.keys = keys
            self.command = command
            self.context = context
        }

        /// The keys as help and the footer show them: `g g`, `ctrl-d`.
        public var text: String { keys.map(\.description).joined(separator: " ") }

        var sequence: Sequence { Sequence(keys: keys, context: context) }
    }

    public let name: String
    /// One line for the list of keymaps.
    public let title: String
    public let bindings: [Binding]
    private let commands: [Sequence: String]
    private let beginnings: Set<Sequence>
    private let byCommand: [String: [Binding]]

    struct Sequence: Hashable {
        let keys: [Key]
        let context: CommandContext?
    }

    /// - Parameter bindings: a later one replaces an earlier one with the same keys and context.
    public init(name: String, title: String, bindings: [Binding]) {
        self.name = name
        self.title = title
        self.bindings = bindings
        var commands: [Sequence: String] = [:]
        var beginnings: Set<Sequence> = []
        for binding in bindings {
            commands[binding.sequence] = binding.command
            for length in 1..<max(1, binding.keys.count) {
                beginnings.insert(Sequence(keys: Array(binding.keys[..<length]), context: binding.context))
            }
        }
        self.commands = commands
        self.beginnings = beginnings
        byCommand = Dictionary(grouping: bindings, by: \.command)
    }

    enum Match: Equatable {
        case command(String)
        /// More keys are needed.
        case beginning
        case none
    }

    /// What keys mean, looked up from the innermost context outwards.
    func match(_ keys: [Key], in contexts: [CommandContext]) -> Match {
        for context in contexts.map(Optional.some) + [nil] {
            let sequence = Sequence(keys: keys, context: context)
            if let command = commands[sequence] { return .command(command) }
            if beginnings.contains(sequence) { return .beginning }
        }
        return .none
    }

    /// The keys of a command, in the order of the keymap.
    func keys(for command: String, in contexts: [CommandContext]) -> [String] {
        (byCommand[command] ?? []).filter { $0.context.map(contexts.contains) ?? true }.map(\.text)
    }

    /// The keys that every console has, should no keymap file be usable: enough to look around and leave.
    public static let minimal = Keymap(
        name: "minimal", title: "Arrows and a few letters",
        bindings: [
            Binding([Key("q")], "quit"), Binding([.ctrl("c")], "quit.now"), Binding([Key("?")], "help"),
            Binding([Key(":")], "palette"), Binding([.escape], "back"), Binding([.tab], "next-panel"),
            Binding([Key("1")], "go.overview"), Binding([Key("2")], "go.orders"), Binding([Key("3")], "go.queues"),
            Binding([Key("4")], "go.databases"), Binding([Key("5")], "go.services"),
            Binding([Key("6")], "go.findings"), Binding([Key("7")], "go.notices"),
            Binding([.down], "list.down", in: .list), Binding([.up], "list.up", in: .list),
            Binding([.pageDown], "list.page-down", in: .list), Binding([.pageUp], "list.page-up", in: .list),
            Binding([.home], "list.top", in: .list), Binding([.end], "list.bottom", in: .list),
            Binding([.enter], "open", in: .list), Binding([Key("/")], "filter", in: .list),
        ])
}
