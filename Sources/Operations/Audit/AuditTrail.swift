import PlatformModel
import Reactor

/// Where entries are written: on this machine before anything else, and in the platform's database when it answers.
public struct AuditTrail: Sendable {
    public let local: LocalAudit
    private let ledger: (any Ledger)?

    public init(local: LocalAudit, ledger: (any Ledger)?) {
        self.local = local
        self.ledger = ledger
    }

    /// Writes an entry to this machine's disk; nothing is done that is not written here first.
    func record(_ entry: AuditEntry) async throws(StateError) {
        let (local, text) = (local, entry.json.write())
        let answer = await Thread.run("audit", on: .shared, until: .never) { () -> Result<Void, StateError> in
            do throws(StateError) {
                return .success(try local.append(text))
            } catch {
                return .failure(error)
            }
        }
        switch answer {
        case .success: return
        case .failure(let error): throw error
        case nil:
            throw StateError(code: "cancelled", operation: "append", target: local.path, cause: "it was cancelled")
        }
    }

    /// Sends the database what it has not taken yet, oldest first.
    ///
    /// - Returns: how many entries it still lacks, and why; nil when it has all.
    @discardableResult
    public func flush(until deadline: Deadline) async -> (left: Int, why: LedgerError)? {
        let local = local
        guard let ledger else { return nil }
        let found = await Thread.run("audit", on: .shared, until: deadline) { local.unsent() }
        guard let (unsent, end) = found else { return nil }
        for (place, entry) in unsent.enumerated() {
            do throws(LedgerError) {
                let link = try await ledger.append(id: entry.id, text: entry.text, until: deadline)
                let receipt = AuditReceipt(entry: entry.id, sequence: link.sequence, hash: link.hash).text
                // A receipt that cannot be written is asked for again: the database knows the entry by its identity.
                _ = await Thread.run("audit", on: .shared, until: .never) { try? local.append(receipt) }
            } catch {
                return (unsent.count - place, error)
            }
        }
        if !unsent.isEmpty { _ = await Thread.run("audit", on: .shared, until: .never) { local.markSent(upTo: end) } }
        return nil
    }

    /// Checks both chains, and one against the other.
    public func verify(until deadline: Deadline) async throws(LedgerError) -> AuditReport {
        let local = local
        guard let (own, receipts) = await Thread.run("audit", on: .shared, until: deadline, { local.verify() }) else {
            throw LedgerError(code: "timed-out", operation: "verify", target: local.path, cause: "it took too long")
        }
        var report = AuditReport(localCount: own.count, localProblems: own.problems)
        guard let ledger else { return report }
        var verifier = AuditVerifier()
        var wanted = Dictionary(receipts.map { ($0.sequence, $0) }, uniquingKeysWith: { first, _ in first })
        while true {
            let links = try await ledger.audit(after: verifier.last?.sequence ?? 0, limit: 1000, until: deadline)
            for link in links {
                verifier.check(link)
                if let receipt = wanted.removeValue(forKey: link.sequence), receipt.hash != link.hash {
                    verifier.note("entry \(link.sequence) is not the one that this machine has a receipt for")
                }
            }
            if links.count < 1000 { break }
        }
        for sequence in wanted.keys.sorted() {
            verifier.note("entry \(sequence) is missing, and this machine has a receipt for it")
        }
        report.server = (verifier.count, verifier.problems, verifier.last)
        return report
    }
}

/// What a verification found.
public struct AuditReport: Sendable {
    public let localCount: Int64
    public let localProblems: [String]
    /// The database's chain: entries, problems and its last link; nil when the environment has no database.
    public internal(set) var server: (count: Int64, problems: [String], last: AuditLink?)?

    public var isWhole: Bool { localProblems.isEmpty && (server?.problems.isEmpty ?? true) }
}
