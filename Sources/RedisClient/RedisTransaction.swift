import Reactor

extension RedisClient {
    /// Runs the commands as one MULTI/EXEC: all of them with nothing between, or none.
    ///
    /// - Parameter keys: watched from just before MULTI. To decide by what was read of them, use
    ///   ``transaction(watching:reading:until:then:)``.
    /// - Returns: a reply a command, error replies included as ``RedisValue/error(_:)``; nil when a watched key was
    ///   changed meanwhile and nothing was done.
    /// - Throws: when nothing was done because a command could not be queued, or what went wrong on the way.
    public func transaction(
        watching keys: [String] = [], _ commands: [RedisCommand], until deadline: Deadline
    ) async throws(RedisError) -> [RedisValue]? {
        guard !commands.isEmpty else { return [] }
        try checkAll(commands)
        if !keys.isEmpty {
            // WATCH belongs to the connection: an EXEC of somebody else on the shared one would end it.
            return try await transaction(watching: keys, reading: [], until: deadline) { _ in commands }
        }
        let replies = try await perform(
            Self.encoded(commands), replies: commands.count + 2, operation: "MULTI of \(commands.count)",
            until: deadline)
        return try result(replies[...], of: commands)
    }

    /// Watches keys, reads, lets `plan` decide by what was read, and runs what it says as one MULTI/EXEC, on a
    /// connection of its own.
    ///
    /// - Parameters:
    ///   - reading: sent after WATCH; an error reply among them is thrown.
    ///   - plan: gets their replies; no commands means that nothing is to be done.
    /// - Returns: a reply a command; nil when a watched key was changed meanwhile and nothing was done.
    public func transaction(
        watching keys: [String], reading: [RedisCommand], until deadline: Deadline,
        then plan: @Sendable ([RedisValue]) async throws(RedisError) -> [RedisCommand]
    ) async throws(RedisError) -> [RedisValue]? {
        try checkAll(reading)
        let operation = "WATCH of \(keys.count)"
        let opening = (keys.isEmpty ? [] : [RedisCommand(["WATCH"] + keys)]) + reading
        var plain: [UInt8] = []
        for command in opening { command.encode(into: &plain) }
        let bytes = plain
        let connection = try await borrow(until: deadline, operation: operation)
        do throws(RedisError) {
            var read: [RedisValue] = []
            if !opening.isEmpty {
                read = try await ask(connection, bytes, opening.count, operation, deadline)
                for (command, reply) in zip(opening, read) { _ = try value(reply, of: command) }
                if !keys.isEmpty { read.removeFirst() }
            }
            let commands = try await plan(read)
            try checkAll(commands)
            guard !commands.isEmpty else {
                await release(connection, watched: !keys.isEmpty, deadline)
                return []
            }
            let replies = try await ask(
                connection, Self.encoded(commands), commands.count + 2, "MULTI of \(commands.count)", deadline)
            await giveBack(connection)
            return try result(replies[...], of: commands)
        } catch {
            await release(connection, watched: !keys.isEmpty, deadline)
            throw error
        }
    }

    private func release(_ connection: RedisConnection, watched: Bool, _ deadline: Deadline) async {
        if watched {
            var bytes: [UInt8] = []
            RedisCommand("UNWATCH").encode(into: &bytes)
            _ = await connection.request(bytes, replies: 1, operation: "UNWATCH", until: deadline)
        }
        await giveBack(connection)
    }

    private func ask(
        _ connection: RedisConnection, _ bytes: [UInt8], _ replies: Int, _ operation: String, _ deadline: Deadline
    ) async throws(RedisError) -> [RedisValue] {
        switch await connection.request(bytes, replies: replies, operation: operation, until: deadline) {
        case .replies(let values): return values
        case .failed(let error), .unsent(let error): throw error
        }
    }

    private static func encoded(_ commands: [RedisCommand]) -> [UInt8] {
        var bytes: [UInt8] = []
        RedisCommand("MULTI").encode(into: &bytes)
        for command in commands { command.encode(into: &bytes) }
        RedisCommand("EXEC").encode(into: &bytes)
        return bytes
    }

    /// Reads the replies of MULTI, of the queueing and of EXEC.
    private func result(
        _ replies: ArraySlice<RedisValue>, of commands: [RedisCommand]
    ) throws(RedisError) -> [RedisValue]? {
        for (command, reply) in zip([RedisCommand("MULTI")] + commands, replies) {
            // The cause; EXECABORT would only say that there was one.
            _ = try value(reply, of: command)
        }
        guard let last = replies.last else { return nil }
        switch try value(last, of: RedisCommand("EXEC")) {
        case .null: return nil
        case .array(let values) where values.count == commands.count: return values
        default:
            throw RedisError(
                .protocolViolation, operation: "EXEC", target: target, cause: "EXEC did not reply with an array",
                mayHaveExecuted: true)
        }
    }

    private func checkAll(_ commands: [RedisCommand]) throws(RedisError) {
        for command in commands {
            if let reason = command.reasonToRefuse {
                throw RedisError(.unsupported, operation: command.title, target: target, cause: reason)
            }
        }
    }
}
