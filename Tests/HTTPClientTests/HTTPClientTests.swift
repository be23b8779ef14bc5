import HTTPClient
import Reactor
import TestSupport
import Testing

@Test func aSimpleAnswerIsRead() async throws {
    let server = ScriptedServer { connection, _ in
        while !connection.read(until: "\r\n\r\n").isEmpty {
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-One:  a b \r\n\r\nhello")
        }
    }
    let client = HTTPClient()
    let url = "http://127.0.0.1:\(server.port)/health"
    let first = try await client.send(HTTPRequest("GET", url), until: .after(.seconds(10)))
    #expect(first.status == 200)
    #expect(first.text == "hello")
    #expect(first.headers["x-one"] == "a b")
    #expect(!first.connectionReused)
    let second = try await client.send(HTTPRequest("GET", url), until: .after(.seconds(10)))
    #expect(second.connectionReused)
}
