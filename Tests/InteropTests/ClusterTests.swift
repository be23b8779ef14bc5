import Collectors
import Glibc
import PlatformModel
import Reactor
import RedisClient
import TestSupport
import Testing

/// Queues in a real cluster of three servers and behind TLS, as the configuration names them.
@Suite(.serialized) struct ClusterTests {
    /// Names whose hash tags are on the first, the second and the third node.
    private static let names: [String] = {
        let shares = [0...5460, 5461...10922, 10923...16383]
        return shares.compactMap { share in
            (0..<1000).map { "{q\($0)}" }.first { share.contains(RedisSlot.of("bull:\($0):id")) }
        }
    }()

    private func fill(_ nodes: [ScratchRedis]) async throws {
        for (node, name) in zip(nodes, Self.names) {
            _ = try await BullMQRelease.five.write("standing", to: node, prefix: "bull", queue: name)
        }
    }

    @Test func queuesOfEveryNodeAreReadAndALostNodeIsNamed() async throws {
        let nodes = try await ScratchRedis.cluster()
        defer { for node in nodes { node.stop() } }
        try await fill(nodes)
        // Any node leads to all.
        let redis = RedisDeployment(nodes[2].configuration, isCluster: true, name: "queues")
        let (reader, servers) = (QueuesCollector(redis: redis), RedisCollector(redis: redis))
        let read = await reader.read()
        #expect(try read.queues().map(\.name) == Self.names.sorted())
        for name in Self.names {
            let queue = try read.queue(name)
            #expect(queue.flavour == .bullMQ5or6 && queue.backlog == 7 && queue.count(.delayed) == 1)
            #expect(queue.lag ?? .zero > .zero && queue.workers == 0)
            let jobs = try await JobReader(redis: redis).jobs(
                queue: name, state: .prioritized, limit: 10, until: .generous)
            #expect(jobs.jobs.map(\.priority) == [2, 7])
        }
        let server = try await servers.read().redis()
        #expect(server.role == "cluster of 3" && server.keys > 30 && server.usedMemory > 0)

        nodes[1].kill()
        // Until the others notice, the lost node is the cause; then they say themselves that slots have no node.
        var causes: Set<String> = []
        #expect(
            await eventually {
                guard case .queues(let attempt)? = await reader.read().first,
                    case .failure(let failure) = attempt.result
                else { return false }
                causes.insert(failure.cause)
                return failure.isUnreachable
            })
        #expect(causes.contains { $0.contains("\(nodes[1].port)") || $0.contains("CLUSTERDOWN") })
        guard case .redis(let attempt)? = await servers.read().first, case .failure(let failure) = attempt.result else {
            Issue.record("a lost node is not told")
            return
        }
        #expect(failure.isUnreachable && failure.cause.contains("\(nodes[1].port)"))

        // It comes back with what it had: nothing, for it keeps nothing on a disk.
        try await nodes[1].launch()
        #expect(await eventually { (try? await servers.read().redis()) != nil })
        #expect(await eventually { (try? await reader.read().queues().count) ?? 0 >= 2 })
        await redis.close()
    }

    @Test func theProgramReadsAClusterByItsConfiguration() async throws {
        let nodes = try await ScratchRedis.cluster()
        defer { for node in nodes { node.stop() } }
        try await fill(nodes)
        let told = try await status(
            """
            url = "redis://127.0.0.1:\(nodes[0].port)"
            cluster = true
            """)
        #expect(queueNames(told) == Set(Self.names))
        // Read as the single server that it is not, it says what to set.
        let single = try await status("url = \"redis://127.0.0.1:\(nodes[0].port)\"")
        #expect(single.contains("cluster = true"))
    }

    @Test func theProgramReadsThroughTLSWithItsAuthority() async throws {
        var options = ScratchRedis.Options()
        options.tls = .good
        options.password = "tls-secret"
        let server = try await ScratchRedis.start(options)
        defer { server.stop() }
        _ = try await BullMQRelease.five.write("standing", to: server, prefix: "bull")
        let password = server.folder + "/reader-password"
        try Self.write("tls-secret\n", to: password)
        let url = "url = \"rediss://127.0.0.1:\(server.tlsPort)\"\npassword_file = \"\(password)\"\n"
        let told = try await status(url + "ca_file = \"\(server.caFile ?? "")\"")
        #expect(queueNames(told) == ["standing"])
        // Without the authority nothing is read, and the finding is not that nobody answers.
        let refused = try await status(url)
        #expect(refused.contains("RedisUnreadable") && refused.contains("TLS") && !refused.contains("tls-secret"))
    }

    // MARK: The program

    private func queueNames(_ output: String) -> Set<String> {
        let json = try? JSON.parse(output)
        let queues = json?["queues"]?.array ?? json?["queues"]?["value"]?.array ?? []
        return Set(queues.compactMap { $0["name"]?.text })
    }

    /// `galley status --json` over a Redis alone.
    private func status(_ redis: String) async throws -> String {
        var template = Array("/tmp/galley-interop-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw ScratchFailure("no folder in /tmp") }
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { system("rm -rf \(folder)") }
        try Self.write(
            "[environments.x]\nkind = \"dev\"\n[environments.x.redis]\n\(redis)\n", to: "\(folder)/galley.toml")
        return try await Shell.run(
            "env -u GALLEY_ENVIRONMENT XDG_CONFIG_HOME=\(folder) timeout 60 \(Self.program) status --json"
                + " --environment x --config \(folder)/galley.toml 2>&1")
    }

    private static func write(_ text: String, to path: String) throws {
        guard let file = fopen(path, "w") else { throw ScratchFailure("\(path) cannot be written") }
        fputs(text, file)
        fclose(file)
        chmod(path, 0o600)
    }

    private static var program: String {
        var path = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &path, path.count - 1)
        let own = String(decoding: path.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return own.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/galley"
    }
}
