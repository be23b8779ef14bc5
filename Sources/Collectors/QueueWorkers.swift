/// Counts the workers of queues by the names that they give their connections (`CLIENT LIST`).
///
/// Classic Bull and unnamed workers: `bull:<base64 of the queue>`, one connection each. Named ones:
/// `bull:<queue>:w:<name>`, the queue in base64 (BullMQ on Node) or in clear (its Python port); several connections
/// of one worker share the name.
enum QueueWorkers {
    /// - Parameter list: the reply of `CLIENT LIST`.
    /// - Returns: a count for each of the queues, zero included.
    static func count(in list: String, queues: [QueueKeys]) -> [QueueKeys: Int] {
        let names = list.split(whereSeparator: \.isNewline).compactMap { line in
            line.split(separator: " ").first { $0.hasPrefix("name=") }?.dropFirst("name=".count)
        }
        var counts: [QueueKeys: Int] = [:]
        for queue in queues {
            let inClear = "\(queue.prefix):\(queue.name)"
            let encoded = "\(queue.prefix):\(Base64.encode(Array(queue.name.utf8)))"
            let named = Set(names.filter { $0.hasPrefix(inClear + ":w:") || $0.hasPrefix(encoded + ":w:") })
            // Unnamed workers in clear share one name, so that they can only be told from none.
            counts[queue] = named.count + names.count { $0 == encoded } + (names.contains { $0 == inClear } ? 1 : 0)
        }
        return counts
    }
}
