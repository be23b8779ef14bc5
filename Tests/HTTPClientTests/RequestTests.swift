import Glibc
import HTTPClient
import Reactor
import TestSupport
import Testing

@Suite struct RequestTests {
    let server = RealServer.shared

    @Test func methodsAndBodiesArriveAsTheyAreMeant() async throws {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
            for body in [HTTPUpload.none, .bytes(Array("päck".utf8))] {
                let request = HTTPRequest(method, server.url("/echo"), headers: ["X-Empty": ""], body: body)
                let response = try await client.send(request, until: soon)
                #expect(response.headers["X-Method"] == method)
                let names = response.headers["X-Names"]?.split(separator: ",").map(String.init) ?? []
                if case .bytes(let bytes) = body {
                    #expect(response.body == bytes)
                    #expect(names == ["accept", "content-length", "host", "user-agent", "x-empty"])
                } else {
                    #expect(response.body == [])
                    #expect(!names.contains("content-type") && !names.contains("expect"))
                }
            }
        }
        let head = try await client.send(HTTPRequest("HEAD", server.url("/bytes/99999999")), until: soon)
        #expect(head.status == 200)
        #expect(head.headers["Content-Length"] == "99999999")
        #expect(head.body == [])
    }

    @Test func everyStatusIsAnAnswer() async throws {
        for status in [204, 304, 400, 401, 404, 407, 500, 503] {
            #expect(
                try await client.send(HTTPRequest("GET", server.url("/status/\(status)")), until: soon).status == status
            )
        }
    }

    @Test func connectionsAreKept() async throws {
        let client = HTTPClient()
        let first = try await client.send(HTTPRequest("GET", server.url("/")), until: soon)
        let second = try await client.send(HTTPRequest("GET", server.url("/")), until: soon)
        #expect(!first.connectionReused && second.connectionReused)
        #expect(first.head.timing.connect > .zero && second.head.timing.connect == .zero)
        #expect(first.head.timing.total >= first.head.timing.firstByte)
        #expect(first.httpVersion == "1.1")
        #expect(first.tls == nil)
    }

    @Test func whatCannotBeSentIsRefused() async {
        let url = server.url("/")
        let refused = [
            HTTPRequest("GET", "file:///etc/passwd"), HTTPRequest("GET", "ftp://127.0.0.1/"), HTTPRequest("GET", ""),
            HTTPRequest("GET", "127.0.0.1"), HTTPRequest("GET", "http://"), HTTPRequest("GET", url + " HTTP/1.1"),
            HTTPRequest("GET", url + "\r\nX: y"), HTTPRequest("G T", url), HTTPRequest("GET\r\nX: y", url),
            HTTPRequest("GET", url, headers: ["X": "a\r\nY: b"]), HTTPRequest("GET", url, headers: ["X: a": "b"]),
            HTTPRequest("GET", url, headers: ["": "b"]), HTTPRequest("GET", url, headers: ["X": "a\0b"]),
            HTTPRequest("POST", url, headers: ["content-length": "3"]),
        ]
        for request in refused {
            let error = await failure(request)
            #expect(error?.kind == .invalidRequest, "\(request)")
            #expect(error?.mayHaveReached == false)
            #expect(error?.description.contains("\n") == false)
        }
    }

    @Test func nothingListens() async {
        let server = ScriptedServer { _, _ in }
        let url = server.url("/health")
        server.stop()
        // The listener is shut down, not closed: connecting is refused all the same.
        let error = await failure(HTTPRequest("GET", url))
        #expect(error?.kind == .connectionRefused, "\(error?.description ?? "no error")")
        #expect(error?.code == "connection-refused")
        #expect(error?.mayHaveReached == false)
    }

    @Test func aNameThatDoesNotExist() async {
        let error = await failure(HTTPRequest("GET", "http://galley.invalid/"), until: .after(.seconds(5)))
        #expect(error?.kind == .nameNotResolved || error?.kind == .timedOut)
        #expect(error?.mayHaveReached == false)
    }

    @Test func noSecretIsShown() async {
        let server = ScriptedServer { _, _ in }
        let url = "http://anna:hunter2@127.0.0.1:\(server.port)/p?token=hunter2"
        server.stop()
        var request = HTTPRequest(
            "GET", url, headers: ["Authorization": "Bearer hunter2"], body: .bytes(Array("hunter2".utf8)))
        request.clientCertificate = HTTPClientCertificate(certificate: .pem(Array("hunter2".utf8)))
        var dumped = ""
        dump(request, to: &dumped)
        let error = await failure(request)
        let bad = await failure(HTTPRequest("GET", "http://anna:hunter2@127.0.0.1:99999/"))
        for text in ["\(request)", request.debugDescription, dumped, "\(error as Any)", "\(bad as Any)"] {
            #expect(!text.contains("hunter2"), "\(text)")
            #expect(!text.contains("anna"))
        }
        #expect(error?.target == "http://127.0.0.1:\(server.port)")
    }

    @Test func redirectsAreFollowedOnlyWhenAsked() async throws {
        var request = HTTPRequest("GET", server.url("/redirect?/status/200"))
        #expect(try await client.send(request, until: soon).status == 302)
        request.followRedirects = true
        #expect(try await client.send(request, until: soon).status == 200)
        let streamed = try await client.stream(request, until: soon)
        #expect(streamed.head.status == 200)
        request.url = server.url("/redirect?file:///etc/passwd")
        #expect(await failure(request)?.kind == .protocolViolation)
        let loop = answering("HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n")
        request.url = loop.url()
        #expect(await failure(request)?.kind == .tooManyRedirects)
        request.url = server.url("/redirect?" + server.url("/"), "good")
        request.caCertificate = .file(path: server.folder + "/ca.pem")
        #expect(await failure(request)?.kind == .protocolViolation)
    }

    @Test func authorizationDoesNotFollowToAnotherPlace() async throws {
        let seen = Locked("")
        let other = ScriptedServer { connection, _ in
            let text = String(decoding: connection.read(until: "\r\n\r\n"), as: UTF8.self)
            seen.withLock { $0 = text }
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        }
        var request = HTTPRequest(
            "GET", server.url("/redirect?" + other.url()),
            headers: ["Authorization": "Bearer hunter2", "Cookie": "a=b"])
        request.followRedirects = true
        #expect(try await client.send(request, until: soon).status == 200)
        #expect(!seen.withLock { $0 }.contains("hunter2"))
        #expect(seen.withLock { $0 }.contains("GET / HTTP/1.1"))
    }

    @Test func theEnvironmentsProxyIsIgnored() async throws {
        setenv("http_proxy", "http://127.0.0.1:1", 1)
        setenv("all_proxy", "http://127.0.0.1:1", 1)
        defer {
            unsetenv("http_proxy")
            unsetenv("all_proxy")
        }
        #expect(try await HTTPClient().send(HTTPRequest("GET", server.url("/")), until: soon).status == 200)
    }
}
