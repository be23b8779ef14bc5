import PlatformModel
import Reactor
import RedisClient

/// Finds queues by their keys, some pages of the keyspace at a time.
///
/// A keyspace of millions takes thousands of pages. Nobody waits for them: each reading looks at a few, what is found
/// counts at once, and what is gone goes at the end of a round.
struct QueueDiscovery: Sendable {
    let prefix: String
    private(set) var queues: Set<QueueKeys> = []
    private var found: Set<QueueKeys> = []
    private var cursors: [(client: RedisClient, cursor: String)] = []
    private var began: Deadline?
    private var hasFinishedOnce = false
    private var due = Deadline.now

    /// Keys that the server looks at for one page: well under a millisecond of its time.
    private static let pageSize = "1000"
    private static let pages = 10
    private static let rest = Duration.seconds(15)
    /// A new platform makes its queues with its first jobs.
    private static let restWithoutQueues = Duration.seconds(2)

    init(prefix: String) { self.prefix = prefix }

    /// Looks at the next pages when it is time to.
    ///
    /// The first round of all goes as far as half of the deadline allows, so that a single reading is complete.
    mutating func proceed(_ redis: RedisDeployment, until deadline: Deadline) async throws(RedisError) {
        guard due.hasPassed else { return }
        if began == nil {
            began = .now
            found = []
            cursors = try await redis.primaries(until: deadline).map { ($0, "0") }
        }
        let patience = Deadline.after(deadline.remaining / 2)
        var pages = 0
        while let (client, cursor) = cursors.last {
            if hasFinishedOnce ? pages >= Self.pages : patience.hasPassed { return }
            pages += 1
            let next = try await page(of: client, at: cursor, until: deadline)
            if next == "0" { cursors.removeLast() } else { cursors[cursors.count - 1].cursor = next }
        }
        finish()
    }

    /// Begins anew: after a failure nobody knows what the cursors are worth.
    mutating func restart() {
        began = nil
        cursors = []
        due = .now
    }

    private mutating func finish() {
        queues = found
        hasFinishedOnce = true
        // A large keyspace is looked through less often: at most a twentieth of the time goes into it.
        let took = Deadline.now.nanoseconds - (began ?? .now).nanoseconds
        let rest = queues.isEmpty ? Self.restWithoutQueues : Self.rest
        due = .after(max(rest, .nanoseconds(Int64(clamping: took)) * 20))
        began = nil
    }

    private mutating func page(
        of client: RedisClient, at cursor: String, until deadline: Deadline
    ) async throws(RedisError) -> String {
        // One pattern for `:id` and `:meta`, which every queue that was ever used has one of.
        let command = RedisCommand("SCAN", cursor, "MATCH", "\(glob):*:[im][de]*", "COUNT", Self.pageSize)
        let parts = try await client.send(command, until: deadline).array ?? []
        for key in (parts.last?.array ?? []).compactMap(\.text) {
            for suffix in ["meta", "id"] {
                guard let keys = QueueKeys.parse(key, prefix: prefix, suffix: suffix) else { continue }
                found.insert(keys)
                queues.insert(keys)
            }
        }
        return parts.count == 2 ? parts[0].text ?? "0" : "0"
    }

    /// The prefix, with what SCAN would take for a pattern made plain.
    private var glob: String {
        prefix.reduce(into: "") { $0 += "*?[]\\^".contains($1) ? "\\\($1)" : "\($1)" }
    }
}
