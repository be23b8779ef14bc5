import Reactor

/// One entry of a stream.
public struct RedisStreamEntry: Sendable, Hashable {
    public struct Field: Sendable, Hashable {
        public let name: String
        public let value: [UInt8]
        public var text: String { String(decoding: value, as: UTF8.self) }
    }

    /// `milliseconds-sequence`.
    public let id: String
    /// In the order they were written; a name may occur more than once.
    public let fields: [Field]

    /// The first field of that name, as text.
    public subscript(name: String) -> String? { fields.first { $0.name == name }?.text }

    /// The first part of the id: milliseconds since 1970 by the server's clock, unless somebody chose the id.
    public var milliseconds: Int64? { id.split(separator: "-").first.flatMap { Int64($0) } }

    /// Reads the reply of XRANGE and XREVRANGE, and each stream's part of XREAD; nil for any other shape.
    public static func list(_ value: RedisValue) -> [RedisStreamEntry]? {
        guard let items = value.array else { return nil }
        var entries: [RedisStreamEntry] = []
        entries.reserveCapacity(items.count)
        for item in items {
            guard let parts = item.array, parts.count == 2, let id = parts[0].text else { return nil }
            // A deleted entry that is still pending in a group has no fields.
            guard let pairs = parts[1].isNull ? [] : parts[1].pairs else { return nil }
            let fields = pairs.map { Field(name: $0.name, value: $0.value.bytes ?? []) }
            entries.append(RedisStreamEntry(id: id, fields: fields))
        }
        return entries
    }
}

/// What XREAD found in one stream.
public struct RedisStreamBatch: Sendable, Hashable {
    public let key: String
    /// At least one, oldest first.
    public let entries: [RedisStreamEntry]
}

extension RedisClient {
    /// Reads what came after the given ids (XREAD), waiting for it on the server when there is nothing yet.
    ///
    /// A read that waits has a connection of its own and delays nothing else; cancelling it closes that connection,
    /// which ends the wait on the server.
    ///
    /// - Parameters:
    ///   - streams: each with the id after which to read; `0` is from the start, `$` what comes from now on. When
    ///     reading again and again pass the last id seen: `$` would miss what came between.
    ///   - count: at most this many entries a stream; nil for all.
    ///   - block: how long the server waits for the first entry; zero does not wait, `nil` waits for ever.
    ///   - deadline: for connecting and the reply; `block` and the connect timeout, twice, when not given.
    /// - Returns: only streams with new entries; none when the wait was in vain.
    public func read(
        streams: [(key: String, after: String)], count: Int? = nil, block: Duration? = .zero,
        until deadline: Deadline? = nil
    ) async throws(RedisError) -> [RedisStreamBatch] {
        guard !streams.isEmpty else { return [] }
        var words = ["XREAD"]
        if let count { words += ["COUNT", String(max(count, 1))] }
        if let block {
            let milliseconds = (block.nanoseconds + 999_999) / 1_000_000
            if milliseconds > 0 { words += ["BLOCK", String(milliseconds)] }
        } else {
            words += ["BLOCK", "0"]
        }
        words += ["STREAMS"] + streams.map(\.key) + streams.map(\.after)
        let patience = block.map { Deadline.after($0 + configuration.connectTimeout * 2) } ?? .never
        let reply = try await send(RedisCommand(words), until: deadline ?? patience)
        if reply.isNull { return [] }
        var batches: [RedisStreamBatch] = []
        for item in reply.array ?? [.null] {
            guard let parts = item.array, parts.count == 2, let key = parts[0].text,
                let entries = RedisStreamEntry.list(parts[1])
            else {
                throw RedisError(
                    .protocolViolation, operation: "XREAD", target: target, cause: "the reply has another shape")
            }
            batches.append(RedisStreamBatch(key: key, entries: entries))
        }
        return batches
    }
}
