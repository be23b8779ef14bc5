import Reactor
import RedisClient
import TestSupport
import Testing

@Suite struct ClusterTests {
    @Test func keysFindTheirNodes() async throws {
        let nodes = try await ScratchRedis.cluster()
        defer { for node in nodes { node.stop() } }
        let cluster = RedisCluster(nodes[0].configuration, name: "cluster")
        for number in 0..<100 {
            #expect(
                try await cluster.send(RedisCommand("SET", "key:\(number)", "\(number)"), until: patience)
                    == .simple("OK"))
        }
        let replies = try await cluster.pipeline((0..<100).map { RedisCommand("GET", "key:\($0)") }, until: patience)
        for (number, reply) in replies.enumerated() { #expect(try reply.get().text == "\(number)") }
        let primaries = try await cluster.primaries(until: patience)
        #expect(primaries.count == 3)
        var keys: Set<String> = []
        for primary in primaries {
            var own = 0
            for try await key in await primary.scan(until: patience) {
                keys.insert(key)
                own += 1
            }
            #expect(own > 0)
        }
        #expect(keys.count == 100)
        let script = RedisScript("return redis.call('INCR', KEYS[1])")
        for expected in 1...2 {
            let value = try await cluster.evaluate(script, keys: ["{tag}:a", "{tag}:b"], until: patience)
            #expect(value == .integer(Int64(expected)))
        }
        let crossing = try await error {
            try await cluster.evaluate(script, keys: ["a", "b"], until: patience)
        }
        #expect(crossing.kind == .crossSlot)
        #expect(try await cluster.send(RedisCommand("PING"), until: patience) == .simple("PONG"))
        await cluster.close()
    }

    @Test func movedAndAskAreFollowed() async throws {
        let nodes = try await ScratchRedis.cluster()
        defer { for node in nodes { node.stop() } }
        let cluster = RedisCluster(nodes[0].configuration, name: "cluster")
        let plain = nodes.map { RedisClient($0.configuration, name: "node") }
        let key = "wanders"
        let slot = "\(RedisSlot.of(key))"
        _ = try await cluster.send(RedisCommand("SET", key, "here"), until: patience)
        var owner = 0
        for (index, node) in plain.enumerated() where (try? await node.send("GET", key)) != nil { owner = index }
        let other = (owner + 1) % 3
        // A client of one node is told where to go.
        let moved = try await error { try await plain[other].send("GET", key) }
        #expect(moved.kind == .moved)
        #expect(moved.redirection?.port == nodes[owner].port)
        let (from, to) = (
            try await plain[owner].send("CLUSTER", "MYID").text ?? "",
            try await plain[other].send("CLUSTER", "MYID").text ?? ""
        )
        _ = try await plain[other].send("CLUSTER", "SETSLOT", slot, "IMPORTING", from)
        _ = try await plain[owner].send("CLUSTER", "SETSLOT", slot, "MIGRATING", to)
        // Half-way: what is not here any more is there, with ASKING.
        _ = try await plain[owner].send("MIGRATE", nodes[other].host, "\(nodes[other].port)", key, "0", "5000")
        let ask = try await error { try await plain[owner].send("GET", key) }
        #expect(ask.kind == .ask)
        #expect(try await cluster.send(RedisCommand("GET", key), until: patience).text == "here")
        #expect(try await cluster.pipeline([RedisCommand("GET", key)], until: patience)[0].get().text == "here")
        for node in [other, owner] { _ = try await plain[node].send("CLUSTER", "SETSLOT", slot, "NODE", to) }
        // The cluster's client still believes the old owner.
        let direct = try await error { try await plain[owner].send("GET", key) }
        #expect(direct.kind == .moved)
        #expect(try await cluster.pipeline([RedisCommand("GET", key)], until: patience)[0].get().text == "here")
        #expect(try await cluster.send(RedisCommand("GET", key), until: patience).text == "here")
        #expect(try await cluster.client(forKey: key, until: patience).configuration.port == nodes[other].port)
        await cluster.close()
    }

    @Test func aSingleServerIsAClusterOfOne() async throws {
        let server = try await ScratchRedis.shared()
        let cluster = RedisCluster(server.configuration, name: "single")
        #expect(try await cluster.send(RedisCommand("SET", "single", "x"), until: patience) == .simple("OK"))
        #expect(try await cluster.pipeline([RedisCommand("GET", "single")], until: patience)[0].get().text == "x")
        #expect(try await cluster.primaries(until: patience).count == 1)
        await cluster.close()
    }

    @Test func redirectionsInACircleEnd() async throws {
        let port = Locked<UInt16>(0)
        let circle = ScriptedServer { connection, _ in
            while true {
                let bytes = connection.read()
                if bytes.isEmpty { return }
                let text = String(decoding: bytes, as: UTF8.self)
                let own = port.withLock { $0 }
                if text.contains("SLOTS") {
                    connection.write("*1\r\n*3\r\n:0\r\n:16383\r\n*2\r\n$0\r\n\r\n:\(own)\r\n")
                } else {
                    connection.write("-MOVED 0 :\(own)\r\n")
                }
            }
        }
        defer { circle.stop() }
        port.withLock { $0 = circle.port }
        let cluster = RedisCluster(RedisConfiguration(port: circle.port, clientName: nil), name: "circle")
        let error = try await error {
            try await cluster.send(RedisCommand("GET", "a"), until: patience)
        }
        #expect(error.kind == .moved)
        await cluster.close()
    }
}
