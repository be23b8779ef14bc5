import PlatformModel

/// One link of a chain of entries: each holds the digest of the one before, so that none can be changed, taken out or
/// moved without breaking all that follow.
public struct AuditLink: Sendable, Hashable {
    /// From 1, without gaps.
    public let sequence: Int64
    /// The ``hash`` of the link before; 64 zeros in the first.
    public let previous: String
    /// Who wrote it and when, as the keeper of the chain knows it: the database's user and time; empty in a local chain.
    public let stamp: String
    /// The entry, to the letter.
    public let text: String
    public let hash: String

    public static let beginning = String(repeating: "0", count: 64)

    public init(sequence: Int64, previous: String, stamp: String, text: String, hash: String) {
        self.sequence = sequence
        self.previous = previous
        self.stamp = stamp
        self.text = text
        self.hash = hash
    }

    /// The link after `last`.
    init(after last: AuditLink?, stamp: String = "", text: String) {
        sequence = (last?.sequence ?? 0) + 1
        previous = last?.hash ?? Self.beginning
        self.stamp = stamp
        self.text = text
        hash = Self.hash(sequence, previous, stamp, text)
    }

    /// SHA-256 over previous, sequence, stamp and text, a line each. `galley.audit_append` computes the same.
    static func hash(_ sequence: Int64, _ previous: String, _ stamp: String, _ text: String) -> String {
        Digest.sha256(text: "\(previous)\n\(sequence)\n\(stamp)\n\(text)")
    }

    /// What is wrong with a link, seen from the one before it; nil when it is whole.
    func problem(after last: AuditLink?) -> String? {
        if hash != Self.hash(sequence, previous, stamp, text) { return "entry \(sequence) was changed" }
        let expected = (last?.sequence ?? 0) + 1
        if sequence > expected {
            let gone = sequence == expected + 1 ? "entry \(expected) is" : "entries \(expected) to \(sequence - 1) are"
            return "\(gone) missing"
        }
        if sequence < expected { return "entry \(sequence) stands behind entry \(expected - 1)" }
        if previous != last?.hash ?? Self.beginning {
            return "entry \(sequence) does not follow the entry before it: one of the two was replaced"
        }
        return nil
    }

    var line: String {
        let json: JSON = [
            "sequence": .integer(sequence), "previous": .string(previous), "stamp": .string(stamp),
            "text": .string(text), "hash": .string(hash),
        ]
        return json.write()
    }

    init?(line: String) {
        guard let json = try? JSON.parse(line), let sequence = json["sequence"]?.int,
            let previous = json["previous"]?.text, let stamp = json["stamp"]?.text, let text = json["text"]?.text,
            let hash = json["hash"]?.text
        else { return nil }
        self.init(sequence: Int64(sequence), previous: previous, stamp: stamp, text: text, hash: hash)
    }
}

/// Checks a chain link by link, in any number of pieces.
public struct AuditVerifier: Sendable {
    public private(set) var count: Int64 = 0
    public private(set) var problems: [String] = []
    public private(set) var last: AuditLink?
    /// What a verification tells at most.
    private static let most = 20

    public init() {}

    public mutating func check(_ link: AuditLink) {
        if let problem = link.problem(after: last) { note(problem) }
        count += 1
        last = link
    }

    mutating func note(_ problem: String) {
        if problems.count < Self.most { problems.append(problem) }
    }
}
