import Reactor

/// The keys of a database, a page at a time (SCAN): the server is never held for long.
///
/// A key that exists all the while comes at least once, and may come more than once.
public struct RedisKeyScan: AsyncSequence, Sendable {
    public typealias Element = String
    public typealias Failure = RedisError

    let client: RedisClient
    let options: [String]
    let deadline: Deadline

    public func makeAsyncIterator() -> Iterator { Iterator(scan: self) }

    public struct Iterator: AsyncIteratorProtocol {
        let scan: RedisKeyScan
        private var cursor: String? = "0"
        private var page: [String] = []
        private var position = 0

        init(scan: RedisKeyScan) { self.scan = scan }

        public mutating func next(isolation actor: isolated (any Actor)?) async throws(RedisError) -> String? {
            while position == page.count {
                guard let cursor else { return nil }
                let command = RedisCommand(["SCAN", cursor] + scan.options)
                let reply = try await scan.client.send(command, until: scan.deadline)
                guard let parts = reply.array, parts.count == 2, let next = parts[0].text, let keys = parts[1].array
                else {
                    throw RedisError(
                        .protocolViolation, operation: "SCAN", target: scan.client.target,
                        cause: "the reply has another shape")
                }
                self.cursor = next == "0" ? nil : next
                page = keys.compactMap(\.text)
                position = 0
            }
            defer { position += 1 }
            return page[position]
        }

        public mutating func next() async throws(RedisError) -> String? { try await next(isolation: #isolation) }
    }
}

extension RedisClient {
    /// The keys of the database as a sequence that asks for the next page when the last one is used up.
    ///
    /// - Parameters:
    ///   - match: a glob: `bull:*:meta`; nil for every key.
    ///   - count: how many keys the server looks at for one page.
    ///   - type: only keys of that type (Redis 6): `stream`, `list`.
    ///   - deadline: for the whole scan.
    public func scan(
        match: String? = nil, count: Int = 1000, type: String? = nil, until deadline: Deadline
    ) -> RedisKeyScan {
        var options: [String] = []
        if let match { options += ["MATCH", match] }
        options += ["COUNT", String(count)]
        if let type { options += ["TYPE", type] }
        return RedisKeyScan(client: self, options: options, deadline: deadline)
    }
}
