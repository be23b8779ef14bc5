import Glibc
import HTTPClient
import Reactor
import TestSupport

let client = HTTPClient()

/// Long enough for the slowest machine; a test that needs it has failed.
var soon: Deadline { .after(.seconds(30)) }

extension ScriptedServer {
    func url(_ path: String = "/") -> String { "http://127.0.0.1:\(port)\(path)" }
}

/// The error of a request that must fail.
func failure(
    _ request: HTTPRequest, until deadline: Deadline? = nil, with client: HTTPClient = client
) async -> HTTPError? {
    do {
        _ = try await client.send(request, until: deadline ?? soon)
        return nil
    } catch {
        return error
    }
}

/// Answers each request of a connection with the same text.
func answering(_ text: String) -> ScriptedServer {
    ScriptedServer { connection, _ in
        while !connection.read(until: "\r\n\r\n").isEmpty { connection.write(text) }
    }
}

/// Answers the first request with a text and closes.
func closing(after text: String) -> ScriptedServer {
    ScriptedServer { connection, _ in
        _ = connection.read(until: "\r\n\r\n")
        connection.write(text)
    }
}

/// Repeats a text for 8 MB, which is endless for every limit.
func endless(_ head: String, _ text: String) -> ScriptedServer {
    ScriptedServer { connection, _ in
        _ = connection.read(until: "\r\n\r\n")
        connection.write(head)
        let piece = String(repeating: text, count: 1 + 4096 / text.utf8.count)
        for _ in 0..<2048 { connection.write(piece) }
    }
}

/// Holds a thread until it is opened.
final class Gate: Sendable {
    private let ends: (read: Int32, write: Int32)

    init() {
        var ends: [Int32] = [0, 0]
        precondition(pipe(&ends) == 0)
        self.ends = (ends[0], ends[1])
    }

    /// Blocks until ``open()``.
    func wait() {
        var byte: UInt8 = 0
        _ = read(ends.read, &byte, 1)
    }

    func open() { close(ends.write) }
}
