import PlatformModel

/// A fault that was injected into the running platform.
public struct Fault: Sendable, Hashable {
    public enum Kind: String, Sendable, CaseIterable {
        case kill, hang, stop, cut, delay, error, slow
        case stopWorkers = "stop-workers"

        /// What it does, for `fault list`.
        public var meaning: String {
            switch self {
            case .kill: "end the process and its children at once, as a power cut does"
            case .hang: "stop the process and its children without ending them; resume or heal wakes them"
            case .stop: "end the process in an orderly way and keep it down"
            case .cut: "cut the way from a replica to its primary"
            case .delay: "slow the way from a replica to its primary (--by, 3 s)"
            case .error: "a service answers 500"
            case .slow: "a service answers late (--by, 5 s)"
            case .stopWorkers: "end the workers, so that the queues grow"
            }
        }

        /// By its name, or by what others call it.
        init?(word: String) {
            let synonyms = ["partition": "cut", "lag": "delay", "freeze": "hang", "500": "error"]
            self.init(rawValue: synonyms[word] ?? word)
        }
    }

    public let kind: Kind
    public let target: String
    /// How long a delay or slowness is, in seconds.
    public let seconds: Double?
    /// UTC, ISO 8601.
    public let at: String

    var json: JSON {
        var object = JSONObject([("fault", .string(kind.rawValue)), ("target", .string(target)), ("at", .string(at))])
        if let seconds { object["seconds"] = .number(seconds) }
        return .object(object)
    }

    init(kind: Kind, target: String, seconds: Double? = nil, at: String) {
        self.kind = kind
        self.target = target
        self.seconds = seconds
        self.at = at
    }

    init?(_ json: JSON) {
        guard let kind = json["fault"]?.text.flatMap(Kind.init(rawValue:)), let target = json["target"]?.text,
            let at = json["at"]?.text
        else { return nil }
        self.init(kind: kind, target: target, seconds: json["seconds"]?.double, at: at)
    }
}
