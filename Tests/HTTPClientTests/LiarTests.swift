import HTTPClient
import Reactor
import TestSupport
import Testing

/// Servers that hang, close, lie and babble: an error each time, never a hang or a crash.
@Suite struct LiarTests {
    struct Lie: Sendable, CustomTestStringConvertible {
        let said: String
        let kind: HTTPError.Kind
        var testDescription: String { said.debugDescription }
    }

    @Test(arguments: [
        Lie(said: "", kind: .serverClosed),
        Lie(said: "HTTP/1.1 200 OK\r\nContent-Le", kind: .serverClosed),
        Lie(said: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n", kind: .serverClosed),
        Lie(said: "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", kind: .serverClosed),
        Lie(said: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", kind: .serverClosed),
        Lie(
            said: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
            kind: .protocolViolation),
        Lie(said: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n", kind: .protocolViolation),
        Lie(
            said: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nx",
            kind: .protocolViolation),
        Lie(said: "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nx", kind: .protocolViolation),
        Lie(said: "SSH-2.0-OpenSSH_9.2p1\r\n", kind: .protocolViolation),
        Lie(said: "HTTP/9.9 200 OK\r\n\r\n", kind: .protocolViolation),
        Lie(said: "HTTP/1.1 999999 OK\r\n\r\n", kind: .protocolViolation),
        Lie(said: "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nx", kind: .tooLarge),
        Lie(said: "HTTP/1.1 100 Continue\r\n\r\n", kind: .serverClosed),
        Lie(said: "\r\n\r\n\r\n", kind: .protocolViolation),
    ])
    func aLieIsAnError(_ lie: Lie) async {
        let server = closing(after: lie.said)
        let error = await failure(HTTPRequest("GET", server.url("/x")))
        #expect(error?.kind == lie.kind, "\(error?.description ?? "no error")")
        #expect(error?.mayHaveReached == true)
        #expect(error?.operation == "GET /x")
    }

    @Test func aServerThatHangsTimesOut() async {
        let server = ScriptedServer { connection, _ in connection.hang() }
        let error = await failure(HTTPRequest("GET", server.url()), until: .after(.milliseconds(200)))
        #expect(error?.kind == .timedOut)
        // On a machine so slow that nothing was sent in time, another phase is told, and rightly.
        let cause = "the server accepted the connection, but did not answer within the deadline"
        #expect(error?.cause == cause || error?.mayHaveReached == false)
    }

    @Test func aServerThatDripsTimesOut() async {
        let server = ScriptedServer { connection, _ in
            _ = connection.read(until: "\r\n\r\n")
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\ndrip")
            connection.hang()
        }
        let error = await failure(HTTPRequest("GET", server.url()), until: .after(.milliseconds(200)))
        #expect(error?.kind == .timedOut)
        #expect(error?.cause.hasSuffix("within the deadline") == true)
    }

    @Test func aResetIsAnError() async {
        let server = ScriptedServer { connection, _ in
            _ = connection.read(until: "\r\n\r\n")
            connection.reset()
        }
        #expect(await failure(HTTPRequest("GET", server.url()))?.kind == .serverClosed)
    }

    @Test func whatNeverEndsIsTooLarge() async {
        let servers = [
            endless("HTTP/1.1 200 OK\r\n", "X-More: and more\r\n"),
            endless("HTTP/1.1 200 OK\r\nX-Long: ", "x"),
            endless("", "HTTP/1.1 100 Continue\r\n\r\n"),
            endless("HTTP/1.1 200 OK\r\n\r\n", "body"),
            endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n"),
        ]
        for server in servers {
            let error = await failure(HTTPRequest("GET", server.url()))
            #expect(error?.kind == .tooLarge, "\(error?.description ?? "no error")")
        }
    }

    @Test func bytesBehindTheSaidLengthSpoilNothing() async throws {
        let server = answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 500 Smuggled\r\n\r\n")
        for _ in 0..<3 {
            let response = try await client.send(HTTPRequest("GET", server.url()), until: soon)
            #expect(response.status == 200)
            #expect(response.text == "hello")
        }
    }

    @Test func interimResponsesAreNotTheAnswer() async throws {
        let server = answering(
            "HTTP/1.1 100 Continue\r\nX-Interim: 1\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n"
                + "HTTP/1.1 201 Created\r\nX-One:  a b \r\nx-one: c\r\nEmpty:\r\nContent-Length: 2\r\n\r\nok")
        let response = try await client.send(HTTPRequest("GET", server.url()), until: soon)
        #expect(response.status == 201)
        #expect(response.headers["x-ONE"] == "a b")
        #expect(response.headers.all("X-One") == ["a b", "c"])
        #expect(response.headers["Empty"] == "")
        #expect(response.headers["X-Interim"] == nil)
    }

    @Test func aDeadKeptConnectionRepeatsOnlyWhatMayBeRepeated() async throws {
        let requests = Locked(0)
        let server = ScriptedServer { connection, number in
            _ = connection.read(until: "\r\n\r\n")
            requests.withLock { $0 += 1 }
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            // The next request on this connection is read and never answered.
            if !connection.read(until: "\r\n\r\n").isEmpty { requests.withLock { $0 += 1 } }
        }
        _ = try await client.send(HTTPRequest("GET", server.url()), until: soon)
        let repeated = try await client.send(HTTPRequest("GET", server.url()), until: soon)
        #expect(repeated.status == 200)
        #expect(requests.withLock { $0 } == 3)
        let posted = try await client.send(HTTPRequest("POST", server.url(), body: .bytes([])), until: soon)
        #expect(!posted.connectionReused)
        #expect(requests.withLock { $0 } == 4)
    }
}
