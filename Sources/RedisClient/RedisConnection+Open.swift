import Reactor

extension RedisConnection {
    /// Connects and introduces itself: AUTH, SELECT, CLIENT SETNAME in one go.
    static func open(
        _ configuration: RedisConfiguration, target: String, loop: EventLoop, exclusive: Bool, until deadline: Deadline
    ) async throws(RedisError) -> RedisConnection {
        let deadline = min(deadline, .after(configuration.connectTimeout))
        let transport = try await transport(configuration, target: target, loop: loop, until: deadline)
        let connection = RedisConnection(
            transport, configuration, target: target, loop: loop, closesWhenAbandoned: exclusive)
        Task(executorPreference: loop) { await connection.run() }
        do throws(RedisError) {
            try await connection.introduce(configuration, until: deadline)
        } catch {
            await connection.lose(error)
            throw error
        }
        return connection
    }

    private static func transport(
        _ configuration: RedisConfiguration, target: String, loop: EventLoop, until deadline: Deadline
    ) async throws(RedisError) -> any Transport {
        guard configuration.tls.isOn, configuration.socketPath == nil else {
            return try await SocketConnector(configuration: configuration, target: target, loop: loop)
                .connect(until: deadline)
        }
        let milliseconds = Int(deadline.remaining.nanoseconds / 1_000_000)
        let result = await Thread.run("redis-tls", on: loop, until: deadline) {
            TLSTransport.connect(configuration, target: target, milliseconds: milliseconds, loop: loop)
        }
        guard let result else {
            throw RedisError(
                Task.isCancelled ? .cancelled : .timedOut, operation: "connect", target: target,
                cause: Task.isCancelled ? "cancelled" : "no TLS connection within the deadline")
        }
        return try result.get()
    }

    private func introduce(_ configuration: RedisConfiguration, until deadline: Deadline) async throws(RedisError) {
        var commands: [RedisCommand] = []
        if let password = configuration.password {
            let user = configuration.username.map { [$0] } ?? []
            commands.append(RedisCommand(["AUTH"] + user + [password.reveal()]))
        }
        if configuration.database != 0 { commands.append(RedisCommand("SELECT", String(configuration.database))) }
        if let name = configuration.clientName {
            // Redis takes no spaces in it.
            let plain = name.utf8.filter { (0x21...0x7e).contains($0) }
            commands.append(RedisCommand("CLIENT", "SETNAME", String(decoding: plain, as: UTF8.self)))
        }
        guard !commands.isEmpty else { return }
        var bytes: [UInt8] = []
        for command in commands { command.encode(into: &bytes) }
        switch await request(bytes, replies: commands.count, operation: "connect", until: deadline) {
        case .failed(let error), .unsent(let error): throw error.during("connect", mayHaveExecuted: false)
        case .replies(let replies):
            for (command, reply) in zip(commands, replies) {
                guard case .error(let text) = reply else { continue }
                let error = RedisError.reply(
                    text, operation: "connect (\(command.title))", target: target, secret: configuration.password)
                // A name is a courtesy: only what makes every command fail counts.
                let courtesy = command.name == "CLIENT" && error.kind != .noAuth && error.kind != .tooManyClients
                if !courtesy { throw error }
            }
        }
    }
}
