import PlatformModel

/// What somebody wants done: a command with its arguments, and what they saw when they wanted it.
///
/// Screen, command line and drills make the same intents; ``Gate`` is the only one that acts on them.
public struct Intent: Sendable, Hashable {
    /// Made once, when somebody wanted it: the same intent given twice is done once.
    public let id: String
    /// A row of the command table: `orders.approve`.
    public let command: String
    /// The name of the environment that was on the screen.
    public let environment: String
    public let targets: [Target]
    public let arguments: JSONObject
    /// Why, in the person's words; empty when the command needs none.
    public let reason: String
    public let origin: Origin

    /// Who sent it.
    public enum Origin: String, Sendable, Hashable, CaseIterable {
        case screen
        case commandLine = "command-line"
        case automatic
    }

    /// One thing to act on, as it was on the screen.
    public struct Target: Sendable, Hashable {
        /// `order`
        public let kind: String
        public let id: String
        /// What was seen; nil when the thing has no versions, or none was seen.
        public let version: Int64?

        public init(kind: String, id: String, version: Int64? = nil) {
            self.kind = kind
            self.id = id
            self.version = version
        }
    }

    /// - Parameter id: nil makes a new one.
    public init(
        id: String? = nil, command: String, environment: String, targets: [Target] = [], arguments: JSONObject = [:],
        reason: String = "", origin: Origin
    ) {
        self.id = id ?? Digest.identity()
        self.command = command
        self.environment = environment
        self.targets = targets
        self.arguments = arguments
        self.reason = reason
        self.origin = origin
    }
}

extension Intent {
    public var json: JSON {
        [
            "id": .string(id), "command": .string(command), "environment": .string(environment),
            "targets": .array(
                targets.map {
                    [
                        "kind": .string($0.kind), "id": .string($0.id),
                        "version": $0.version.map { .integer($0) } ?? .null,
                    ]
                }),
            "arguments": .object(arguments), "reason": .string(reason), "origin": .string(origin.rawValue),
        ]
    }

    /// Nil when a part is missing or of another kind.
    public init?(json: JSON) {
        guard let id = json["id"]?.text, let command = json["command"]?.text,
            let environment = json["environment"]?.text, let list = json["targets"]?.array,
            let arguments = json["arguments"]?.object, let reason = json["reason"]?.text,
            let origin = json["origin"]?.text.flatMap(Origin.init)
        else { return nil }
        var targets: [Target] = []
        for target in list {
            guard let kind = target["kind"]?.text, let id = target["id"]?.text else { return nil }
            targets.append(Target(kind: kind, id: id, version: target["version"]?.int.map { Int64($0) }))
        }
        self.init(
            id: id, command: command, environment: environment, targets: targets, arguments: arguments, reason: reason,
            origin: origin)
    }
}
