import PlatformModel
import Reactor

/// This machine's own chain of audit entries for one environment, in a file that is written before anything is done.
///
/// What the platform's database has not yet taken is sent when it answers again; its receipts are links of the same
/// chain, so that the two can be held against each other.
public struct LocalAudit: Sendable {
    private let folder: StateFolder
    private let name: String

    public init(state: StateFolder, environment: String) {
        folder = state.folder("audit")
        name = StateFolder.name(environment) + ".jsonl"
    }

    public var path: String { folder.file(name) }

    /// Adds an entry and returns when the disk has it. Blocks for a write, and for other consoles that write.
    func append(_ text: String) throws(StateError) {
        try folder.prepare()
        let isNew = !folder.exists(name)
        let file = try AppendFile(path, lock: .waiting)
        var last: AuditLink?
        if let line = try file.lastLine() {
            guard let link = AuditLink(line: line) else {
                throw StateError(
                    code: "audit-damaged", operation: "append", target: path, cause: "its last line is no audit entry",
                    hint: "galley audit verify tells more; move the file away to begin a new one")
            }
            last = link
        }
        try file.append(AuditLink(after: last, text: text).line)
        if isNew { try folder.sync() }
    }

    /// Every link, oldest first; lines that are none are told as problems.
    func links() -> (links: [AuditLink], problems: [String]) {
        guard let text = folder.read(name) else { return ([], []) }
        var links: [AuditLink] = []
        var problems: [String] = []
        for (index, line) in AppendFile.wholeLines(text).enumerated() {
            if let link = AuditLink(line: line) {
                links.append(link)
            } else {
                problems.append("line \(index + 1) is no audit entry")
            }
        }
        return (links, problems)
    }

    /// Every link that can be read, receipts included, oldest first.
    public func chain() -> [AuditLink] { links().links }

    /// The entries, without receipts, oldest first.
    public func entries() -> [AuditEntry] { links().links.compactMap { AuditEntry(text: $0.text) } }

    /// What the database has not confirmed, oldest first, and how far the file was read.
    ///
    /// Everything before the mark is known to be sent: a file of years is not read again for each action.
    func unsent() -> (entries: [(id: String, text: String)], end: Int) {
        let size = folder.size(name)
        let marked = folder.read(mark).flatMap { Int($0.prefix { $0 != "\n" }) } ?? 0
        let start = (0...size).contains(marked) ? marked : 0
        guard let text = folder.read(name, from: start) else { return ([], 0) }
        let lines = AppendFile.wholeLines(text)
        let links = lines.compactMap { AuditLink(line: $0) }
        let sent = Set(links.compactMap { AuditReceipt(text: $0.text)?.entry })
        let entries = links.compactMap { link -> (id: String, text: String)? in
            guard let entry = AuditEntry(text: link.text), !sent.contains(entry.id) else { return nil }
            return (entry.id, link.text)
        }
        return (entries, start + lines.reduce(0) { $0 + $1.utf8.count + 1 })
    }

    /// Notes that nothing before this place is unsent. It only saves time: without it all is read.
    func markSent(upTo end: Int) { try? folder.replace(mark, with: "\(end)\n") }

    private var mark: String { name + ".sent" }

    /// Checks the file's chain, and hands out the receipts to hold against the database.
    func verify() -> (AuditVerifier, [AuditReceipt]) {
        let (links, problems) = links()
        var verifier = AuditVerifier()
        for problem in problems { verifier.note(problem) }
        for link in links { verifier.check(link) }
        return (verifier, links.compactMap { AuditReceipt(text: $0.text) })
    }
}

/// That the database took an entry, and as what.
struct AuditReceipt: Sendable, Hashable {
    let entry: String
    let sequence: Int64
    let hash: String

    init(entry: String, sequence: Int64, hash: String) {
        self.entry = entry
        self.sequence = sequence
        self.hash = hash
    }

    init?(text: String) {
        guard let json = try? JSON.parse(text), let entry = json["receipt"]?.text, let sequence = json["sequence"]?.int,
            let hash = json["hash"]?.text
        else { return nil }
        self.init(entry: entry, sequence: Int64(sequence), hash: hash)
    }

    var text: String {
        let json: JSON = ["receipt": .string(entry), "sequence": .integer(sequence), "hash": .string(hash)]
        return json.write()
    }
}
