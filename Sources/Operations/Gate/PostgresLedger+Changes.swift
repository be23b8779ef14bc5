import PostgresClient
import Reactor

extension PostgresLedger {
    public func freeze(
        owner: String, reason: String, for duration: Duration, key: String, permit: borrowing ExecutionPermit,
        until deadline: Deadline
    ) async throws(LedgerError) {
        _ = try await ask(
            "freeze", "SELECT \(schema).freeze($1, $2, $3, $4)",
            [.text(key), .text(owner), .text(reason), .int(duration.components.seconds)], changes: true,
            until: deadline)
    }

    public func unfreeze(
        id: Int64, by person: String, permit: borrowing ExecutionPermit, until deadline: Deadline
    ) async throws(LedgerError) {
        _ = try await ask(
            "lift the freeze", "SELECT \(schema).unfreeze($1, $2)", [.int(id), .text(person)], changes: true,
            until: deadline)
    }

    public func answer(
        approval id: String, digest: String, by person: String, granted: Bool, permit: borrowing ExecutionPermit,
        until deadline: Deadline
    ) async throws(LedgerError) {
        _ = try await ask(
            "answer the request", "SELECT \(schema).approval_answer($1, $2, $3, $4)",
            [.text(id), .text(digest), .text(person), .bool(granted)], changes: true, until: deadline)
    }
}
