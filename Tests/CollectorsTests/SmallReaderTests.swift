import HTTPClient
import PlatformModel
import Reactor
import TestSupport
import Testing

@testable import Collectors

@Suite struct ServiceReadingTests {
    struct Answer: Sendable, CustomTestStringConvertible {
        let status: Int
        let body: String
        let state: ServiceHealth.State
        var testDescription: String { "\(status) \(body.prefix(40))" }
    }

    static let answers = [
        Answer(status: 200, body: #"{"status":"ok"}"#, state: .ok),
        Answer(status: 200, body: #"{"status":"degraded"}"#, state: .degraded),
        Answer(status: 200, body: #"{"status":"down"}"#, state: .down),
        Answer(status: 200, body: #"{"status":"purple"}"#, state: .ok),
        Answer(status: 200, body: "OK", state: .ok),
        Answer(status: 204, body: "", state: .ok),
        Answer(status: 503, body: #"{"status":"ok"}"#, state: .down),
        Answer(status: 500, body: "<html>", state: .down),
        Answer(status: 404, body: "", state: .down),
        Answer(status: 302, body: "", state: .down),
    ]

    private func read(_ answer: @escaping @Sendable (ScriptedServer.Connection) -> Void) async -> [Observation] {
        let server = ScriptedServer { connection, _ in
            _ = connection.read(until: "\r\n\r\n")
            answer(connection)
        }
        defer { server.stop() }
        let url = "http://127.0.0.1:\(server.port)/health"
        return await ServiceCollector(service: "api", url: url, client: HTTPClient()).read()
    }

    private func health(_ status: Int, _ body: String) async throws -> ServiceHealth {
        let observations = await read { connection in
            let length = status == 204 ? "" : "Content-Length: \(body.utf8.count)\r\n"
            connection.write("HTTP/1.1 \(status) X\r\n\(length)Connection: close\r\n\r\n\(body)")
        }
        guard case .service("api", let attempt) = try #require(observations.first) else {
            throw ScratchFailure("no reading of a service")
        }
        return try attempt.result.get()
    }

    @Test(arguments: answers) func isJudgedByStatusAndWord(_ answer: Answer) async throws {
        let health = try await health(answer.status, answer.body)
        #expect(health.state == answer.state)
        #expect(health.statusCode == answer.status)
        #expect(health.latency > .zero)
    }

    @Test func tellsWhatTheServiceSaysOfWhatItNeeds() async throws {
        let body = """
            {"service":"worker","version":"1.2.0","status":"degraded","uptime_seconds":12.5,"dependencies":
            {"postgres":{"status":"ok","latency_ms":0.5},"redis":{"status":"down","latency_ms":900,"error":"gone"},
            "odd":7}}
            """
        let health = try await health(200, body)
        #expect(health.version == "1.2.0" && health.uptime == .milliseconds(12500))
        #expect(health.dependencies.map(\.name) == ["postgres", "redis", "odd"])
        #expect(health.dependencies.map(\.state) == ["ok", "down", "unknown"])
        #expect(health.dependencies[0].latency == .microseconds(500))
        #expect(health.dependencies[1].error == "gone")
    }

    @Test func silenceGarbageAndTooMuchAreFailures() async throws {
        #expect(try await read { $0.hang() }.failure()?.code == "timed-out")
        #expect(try await read { $0.write("hello\r\n\r\n") }.failure() != nil)
        #expect(try await read { _ in }.failure() != nil)
        let failure = try await read { connection in
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n{")
            connection.hang()
        }.failure()
        #expect(failure != nil && failure?.cause.isEmpty == false)
    }
}

@Suite struct RedisServerTests {
    @Test func readsTheTextOfInfo() {
        let info = """
            # Server\r
            redis_version:7.0.15\r
            uptime_in_seconds:61\r
            connected_clients:4\r
            used_memory:1048576\r
            maxmemory:2097152\r
            instantaneous_ops_per_sec:17\r
            role:master\r
            aof_enabled:1\r
            aof_last_write_status:ok\r
            rdb_last_bgsave_status:ok\r
            db0:keys=12,expires=3,avg_ttl=0\r
            db5:keys=30,expires=0,avg_ttl=0\r
            no colon here\r
            """
        let server = RedisCollector.server(info, latency: .milliseconds(1))
        #expect(server.version == "7.0.15" && server.role == "master" && server.uptime == .seconds(61))
        #expect(server.usedMemory == 1 << 20 && server.maximumMemory == 2 << 20 && server.keys == 42)
        #expect(server.connectedClients == 4 && server.operationsPerSecond == 17)
        #expect(server.appendOnly && server.lastSaveOK && server.latency == .milliseconds(1))
    }

    @Test func aFailedSaveIsToldAndNothingIsNoCrash() {
        #expect(!RedisCollector.server("aof_last_write_status:err\r\n", latency: .zero).lastSaveOK)
        #expect(!RedisCollector.server("rdb_last_bgsave_status:err\r\n", latency: .zero).lastSaveOK)
        let empty = RedisCollector.server("", latency: .zero)
        #expect(empty.version.isEmpty && empty.keys == 0 && !empty.appendOnly)
    }
}
