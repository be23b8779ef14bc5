/// One row of the one table of commands: keys, help, footer, palette, command line and docs are made from it.
public struct Command: Sendable, Hashable, Identifiable {
    /// Stable; keymaps, the palette and scripts name it: `orders.filter`.
    public let id: String
    /// A verb phrase for the footer and the palette: `Open details`.
    public let title: String
    /// One sentence for help and the man page.
    public let help: String
    /// Where it can be given; empty means everywhere.
    public let contexts: Set<CommandContext>
    public let danger: Danger
    /// The least role that may give it.
    public let role: Role
    public let arguments: [CommandArgument]
    /// Its twin on the command line, `["orders", "list"]`; empty when only a screen has it.
    public let words: [String]
    /// What a person might type after `galley`, for help and the man page; every command with `words` has one.
    public let example: String
    /// Which of the gate's rules it is free of; empty for all but what serves the gate itself or a rescue.
    public let exemptions: Set<Exemption>

    /// A rule of the gate that would stand in a command's own way.
    public enum Exemption: Sendable, Hashable {
        /// Needs no arming: it makes the platform safer, or is the arming itself.
        case readOnly
        /// Goes on during a freeze.
        case freeze
        /// Goes on while nobody can say whether there is a freeze: what mends a dead database.
        case unknownFreeze
        /// Asks nobody whether they are sure: it can only make things safer.
        case confirmation
    }

    /// What is asked before it runs.
    public var confirmation: ConfirmationLevel {
        exemptions.contains(.confirmation) ? .none : ConfirmationLevel(for: danger)
    }

    public init(
        _ id: String, _ title: String, help: String, in contexts: Set<CommandContext> = [], danger: Danger = .none,
        role: Role = .viewer, arguments: [CommandArgument] = [], words: [String] = [], example: String = "",
        exemptions: Set<Exemption> = []
    ) {
        self.id = id
        self.title = title
        self.help = help
        self.contexts = contexts
        self.danger = danger
        self.role = role
        self.arguments = arguments
        self.words = words
        self.example = example
        self.exemptions = exemptions
    }
}

/// Where on the screen a command makes sense.
public enum CommandContext: String, Sendable, Hashable, CaseIterable {
    case overview, orders, orderDetails, queues, jobs, jobDetails, databases, databaseDetails, services, serviceDetails
    case findings, findingDetails, notices, help, list, dialog
}

/// How much a command can break; each level asks for more before it runs.
public enum Danger: Int, Sendable, Hashable, Comparable {
    /// Reads or moves only the view.
    case none
    /// Changes something that is easily changed back: asked with `y`.
    case low
    /// Hard to undo: the object's name is typed.
    case high
    /// Can lose data or stop the platform: environment, object and a reason are typed.
    case highest

    public static func < (left: Danger, right: Danger) -> Bool { left.rawValue < right.rawValue }
}

/// Who may do what; each role may do what the ones before it may, but kitchens see only their own.
public enum Role: Int, Sendable, Hashable, Comparable {
    case viewer, kitchen, `operator`, lead

    public static let all: [Role] = [.viewer, .kitchen, .operator, .lead]

    /// Nil for a word that names no role.
    public init?(word: String) {
        guard let role = Role.all.first(where: { $0.word == word }) else { return nil }
        self = role
    }

    public static func < (left: Role, right: Role) -> Bool { left.rawValue < right.rawValue }

    public var word: String { ["viewer", "kitchen", "operator", "lead"][rawValue] }
}

/// One argument or option of a command.
public struct CommandArgument: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        /// A switch without a value: `--json`.
        case flag
        /// An option with a value: `--limit N`.
        case option(placeholder: String)
        /// A word without a name: `ORDER`.
        case positional
    }

    public let name: String
    public let kind: Kind
    public let help: String
    public let isRequired: Bool
    /// The words it may be; empty when anything may stand there.
    public let allowed: [String]
    /// What shell completion offers beyond `allowed`.
    public let names: Names

    /// Names that only the configuration or the platform knows.
    public enum Names: String, Sendable, Hashable, CaseIterable {
        case none, environments, themes, keymaps, queues, files
    }

    /// Whether several may stand there: `ORDER…`.
    public let repeats: Bool

    public init(
        _ name: String, _ kind: Kind, _ help: String, required: Bool = false, allowed: [String] = [],
        names: Names = .none, repeats: Bool = false
    ) {
        self.name = name
        self.kind = kind
        self.help = help
        isRequired = required
        self.allowed = allowed
        self.names = names
        self.repeats = repeats
    }
}
