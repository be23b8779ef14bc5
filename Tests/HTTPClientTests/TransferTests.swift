import Glibc
import HTTPClient
import Reactor
import TestSupport
import Testing

/// Cancelling, waiting in line, closing.
@Suite struct TransferTests {
    @Test func cancellingEndsTheTransfer() async {
        let arrived = AsyncSignal(loop: .shared)
        let gone = AsyncSignal(loop: .shared)
        let server = ScriptedServer { connection, _ in
            _ = connection.read(until: "\r\n\r\n")
            arrived.fire()
            connection.hang()
            gone.fire()
        }
        let task = Task { await failure(HTTPRequest("GET", server.url())) }
        #expect(await arrived.wait(until: soon))
        task.cancel()
        let error = await task.value
        #expect(error?.kind == .cancelled)
        #expect(error?.mayHaveReached == true)
        #expect(await gone.wait(until: soon), "the connection stays open")
    }

    @Test func aCancelledTaskSendsNothing() async {
        let server = answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await failure(HTTPRequest("GET", server.url()))
        }
        let error = await task.value
        #expect(error?.kind == .cancelled)
        #expect(error?.mayHaveReached == false)
    }

    @Test func aPassedDeadlineSendsNothing() async {
        let server = answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        let error = await failure(HTTPRequest("GET", server.url()), until: .now)
        #expect(error?.kind == .timedOut)
        #expect(error?.mayHaveReached == false)
    }

    @Test func oneOriginThatHangsDelaysNoOther() async throws {
        var configuration = HTTPClient.Configuration()
        configuration.maximumInFlight = 4
        configuration.maximumInFlightPerOrigin = 2
        let client = HTTPClient(configuration: configuration)
        let hanging = ScriptedServer { connection, _ in connection.hang() }
        let good = answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        let hung = (0..<20).map { _ in Task { await failure(HTTPRequest("GET", hanging.url()), with: client) } }
        for _ in 0..<10 {
            #expect(try await client.send(HTTPRequest("GET", good.url()), until: soon).status == 200)
        }
        // Those in line end on a deadline of their own, and on cancellation.
        let late = await failure(HTTPRequest("GET", hanging.url()), until: .after(.milliseconds(100)), with: client)
        #expect(late?.kind == .timedOut)
        for task in hung { task.cancel() }
        for task in hung { #expect(await task.value?.kind == .cancelled) }
    }

    @Test func aThousandRequestsShareFewConnections() async throws {
        var configuration = HTTPClient.Configuration()
        configuration.maximumInFlightPerOrigin = 8
        let client = HTTPClient(configuration: configuration)
        let connections = Locked(0)
        let server = ScriptedServer { connection, _ in
            connections.withLock { $0 += 1 }
            while !connection.read(until: "\r\n\r\n").isEmpty {
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            }
        }
        let url = server.url()
        let answers = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<1000 {
                group.addTask { (try? await client.send(HTTPRequest("GET", url), until: soon))?.text == "ok" }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(answers == 1000)
        #expect(connections.withLock { $0 } <= 8)
    }

    @Test func closingEndsEverything() async {
        let arrived = AsyncSignal(loop: .shared)
        let server = ScriptedServer { connection, _ in
            _ = connection.read(until: "\r\n\r\n")
            arrived.fire()
            connection.hang()
        }
        let client = HTTPClient()
        let task = Task { await failure(HTTPRequest("GET", server.url()), with: client) }
        #expect(await arrived.wait(until: soon))
        client.close()
        #expect(await task.value?.kind == .clientClosed)
        #expect(await failure(HTTPRequest("GET", server.url()), with: client)?.kind == .clientClosed)
    }

    @Test func cancellingAtAnyMomentAlwaysAnswers() async {
        let url = RealServer.shared.url("/bytes/100000")
        await withTaskGroup(of: Void.self) { group in
            for round in 0..<300 {
                group.addTask {
                    let task = Task { _ = try? await client.send(HTTPRequest("GET", url), until: soon) }
                    for _ in 0..<(round % 30) { await Task.yield() }
                    task.cancel()
                    await task.value
                }
            }
        }
    }
}

func contents(_ path: String) throws -> [UInt8] {
    struct Unreadable: Error {}
    let file = open(path, O_RDONLY)
    guard file >= 0 else { throw Unreadable() }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    return Array(bytes[..<max(0, read(file, &bytes, bytes.count))])
}
