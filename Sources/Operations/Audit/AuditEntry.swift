import Glibc
import PlatformModel

/// One thing that somebody did, tried or was refused: who, from where, on which console, what and how it ended.
public struct AuditEntry: Sendable, Hashable, Identifiable {
    public let id: String
    public let at: Timestamp
    public let environment: String
    public let event: Event
    public let subject: String
    public let role: String
    /// The identity source, and the second factor when one was given: `local account, totp`.
    public let identified: String
    public let console: ConsoleIdentity
    /// A row of the command table.
    public let command: String
    /// The intent that this belongs to; started and ended share it.
    public let intent: String
    /// `Approve order #20431`
    public let title: String
    /// The outcome's word and sentence; empty while it is under way.
    public let outcome: String
    /// Intent, plan, approval and outcome, as far as they are known.
    public let details: JSON

    public enum Event: String, Sendable, Hashable, CaseIterable {
        case started, ended, refused
    }

    var json: JSON {
        [
            "id": .string(id), "at": .string(at.description), "at_us": .integer(at.microseconds),
            "environment": .string(environment), "event": .string(event.rawValue), "subject": .string(subject),
            "role": .string(role), "identified": .string(identified), "console": console.json,
            "command": .string(command), "intent": .string(intent), "title": .string(title),
            "outcome": .string(outcome), "details": details,
        ]
    }

    init(
        at: Timestamp, environment: String, event: Event, identity: OperatorIdentity, secondFactor: SecondFactor?,
        console: ConsoleIdentity, command: String, intent: String, title: String, outcome: String, details: JSON
    ) {
        id = Digest.identity()
        self.at = at
        self.environment = environment
        self.event = event
        subject = identity.subject
        role = identity.role.word
        identified = ([identity.source] + (secondFactor.map { [$0.method] } ?? [])).joined(separator: ", ")
        self.console = console
        self.command = command
        self.intent = intent
        self.title = title
        self.outcome = outcome
        self.details = details
    }

    /// Reads back an entry's text; nil when it is none.
    public init?(text: String) {
        guard let json = try? JSON.parse(text), let id = json["id"]?.text, let at = json["at_us"]?.int,
            let event = json["event"]?.text.flatMap(Event.init), let console = json["console"]
        else { return nil }
        func field(_ key: String) -> String { json[key]?.text ?? "" }
        self.id = id
        self.at = Timestamp(microseconds: Int64(at))
        environment = field("environment")
        self.event = event
        subject = field("subject")
        role = field("role")
        identified = field("identified")
        self.console = ConsoleIdentity(json: console)
        command = field("command")
        intent = field("intent")
        title = field("title")
        outcome = field("outcome")
        details = json["details"] ?? .null
    }
}

/// Which console: one run of galley on one machine.
public struct ConsoleIdentity: Sendable, Hashable {
    public let host: String
    public let process: Int
    /// The terminal's device; empty without one.
    public let terminal: String
    /// Where the person sits, as SSH tells it; empty on the machine itself.
    public let from: String
    public let version: String

    public init(host: String, process: Int, terminal: String, from: String, version: String) {
        self.host = host
        self.process = process
        self.terminal = terminal
        self.from = from
        self.version = version
    }

    var json: JSON {
        [
            "host": .string(host), "process": .init(process), "terminal": .string(terminal), "from": .string(from),
            "version": .string(version),
        ]
    }

    init(json: JSON) {
        self.init(
            host: json["host"]?.text ?? "", process: json["process"]?.int ?? 0, terminal: json["terminal"]?.text ?? "",
            from: json["from"]?.text ?? "", version: json["version"]?.text ?? "")
    }
}
