import Glibc
import HTTPClient
import Reactor
import TestSupport
import Testing

/// Bodies of any size in bounded memory. One at a time: memory is measured.
@Suite(.serialized) struct StreamTests {
    let server = RealServer.shared
    private static let large = 100_000_000
    /// Address sanitizer keeps what was freed.
    private static let isMeasurable = dlsym(nil, "__asan_init") == nil

    /// Resident pages, in bytes.
    private func resident() throws -> Int {
        let fields = String(decoding: try contents("/proc/self/statm"), as: UTF8.self).split(separator: " ")
        return (Int(fields[1]) ?? 0) * sysconf(Int32(_SC_PAGESIZE))
    }

    @Test func aLargeDownloadTakesLittleMemory() async throws {
        let stream = try await client.stream(HTTPRequest("GET", server.url("/bytes/\(Self.large)")), until: soon)
        #expect(stream.head.headers["Content-Length"] == "\(Self.large)")
        let before = try resident()
        var total = 0
        var peak = before
        for try await chunk in stream.body {
            total += chunk.count
            peak = max(peak, try resident())
        }
        #expect(total == Self.large)
        #expect(peak - before < 40 << 20 || !Self.isMeasurable)
    }

    @Test func aLargeUploadTakesLittleMemory() async throws {
        let before = try resident()
        let produced = Locked(0)
        for length in [Int64(Self.large), nil] {
            produced.withLock { $0 = 0 }
            let chunks = AsyncStream<[UInt8]>(unfolding: {
                let left = Self.large - produced.withLock { $0 }
                let count = min(left, 100_000)
                produced.withLock { $0 += count }
                return count == 0 ? nil : [UInt8](repeating: 7, count: count)
            })
            let request = HTTPRequest("PUT", server.url("/count"), body: .stream(chunks, length: length))
            #expect(try await client.send(request, until: soon).text == "\(Self.large)")
        }
        #expect(try resident() - before < 40 << 20 || !Self.isMeasurable)
    }

    @Test func aBodyThatNobodyReadsStopsTheServer() async throws {
        let written = Locked(0)
        let server = ScriptedServer { connection, _ in
            _ = connection.read(until: "\r\n\r\n")
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 300000000\r\n\r\n")
            let piece = [UInt8](repeating: 1, count: 100_000)
            for _ in 0..<3000 {
                connection.write(piece)
                written.withLock { $0 += piece.count }
            }
        }
        let stream = try await client.stream(HTTPRequest("GET", server.url()), until: soon)
        var iterator = stream.body.makeAsyncIterator()
        var taken = 0
        // However far the reader is, the server is ahead by the socket's and our own buffers only.
        while taken < 20_000_000 {
            taken += try await iterator.next()?.count ?? 0
            #expect(written.withLock { $0 } - taken < 16 << 20)
        }
    }

    @Test func theHeadOfAQuietStreamComesAtOnce() async throws {
        let server = ScriptedServer { connection, _ in
            _ = connection.read(until: "\r\n\r\n")
            connection.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
            connection.hang()
        }
        let stream = try await client.stream(HTTPRequest("GET", server.url()), until: soon)
        #expect(stream.head.headers["content-type"] == "text/event-stream")
        let task = Task { () -> HTTPError? in
            var iterator = stream.body.makeAsyncIterator()
            do throws(HTTPError) {
                _ = try await iterator.next()
                return nil
            } catch {
                return error
            }
        }
        task.cancel()
        #expect(await task.value?.kind == .cancelled)
    }

    @Test func lettingGoOfABodyEndsTheTransfer() async throws {
        let gone = AsyncSignal(loop: .shared)
        let server = ScriptedServer { connection, _ in
            _ = connection.read(until: "\r\n\r\n")
            connection.write("HTTP/1.1 200 OK\r\n\r\n")
            connection.hang()
            gone.fire()
        }
        let status = try await client.stream(HTTPRequest("GET", server.url()), until: soon).head.status
        #expect(status == 200)
        #expect(await gone.wait(until: soon))
    }

    @Test func aBodyCutShortThrows() async throws {
        let server = closing(after: "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
        let stream = try await client.stream(HTTPRequest("GET", server.url()), until: soon)
        var received: [UInt8] = []
        await #expect(throws: HTTPError.self) { for try await chunk in stream.body { received += chunk } }
        #expect(received == Array("half".utf8))
    }

    @Test func aServerThatStopsReadingTimesOut() async {
        let gate = Gate()
        let server = ScriptedServer { connection, _ in
            _ = connection.read(until: "\r\n\r\n")
            gate.wait()
        }
        let stopped = AsyncSignal(loop: .shared)
        let body = HTTPUpload.producer(
            HTTPBodyProducer { write in
                while await write([UInt8](repeating: 0, count: 100_000)) {}
                stopped.fire()
            })
        let error = await failure(HTTPRequest("PUT", server.url(), body: body), until: .after(.milliseconds(500)))
        #expect(error?.kind == .timedOut)
        if error?.mayHaveReached == true { #expect(await stopped.wait(until: soon), "the producer goes on") }
        gate.open()
    }

    @Test func aBodyOfTheWrongLengthIsAnError() async {
        for count in [2, 4] {
            let chunks = AsyncStream<[UInt8]> { stream in
                stream.yield([UInt8](repeating: 1, count: count))
                stream.finish()
            }
            let error = await failure(HTTPRequest("PUT", server.url("/count"), body: .stream(chunks, length: 3)))
            #expect(error?.kind == .bodyFailed)
        }
    }

    @Test func aBodyThatFailsIsAnError() async {
        struct Broken: Error {}
        let body = HTTPUpload.producer(
            HTTPBodyProducer { write in
                _ = await write([1, 2, 3])
                throw Broken()
            })
        let error = await failure(HTTPRequest("PUT", server.url("/count"), body: body))
        #expect(error?.kind == .bodyFailed)
        #expect(error?.cause.contains("Broken") == true)
    }

    @Test func filesAreSentAndOnlyFiles() async throws {
        let path = server.folder + "/ca.pem"
        let expected = try contents(path)
        let sent = try await client.send(HTTPRequest("POST", server.url("/echo"), body: .file(path: path)), until: soon)
        #expect(sent.body == expected)
        mkfifo(server.folder + "/fifo", 0o600)
        for bad in ["/nonexistent", server.folder, server.folder + "/fifo", "/dev/zero"] {
            let error = await failure(HTTPRequest("POST", server.url("/echo"), body: .file(path: bad)))
            #expect(error?.kind == .bodyFailed, "\(bad)")
            #expect(error?.mayHaveReached == false)
        }
    }

    @Test func aRefusalEndsAnUploadEarly() async throws {
        let server = ScriptedServer { connection, _ in
            _ = connection.read(until: "\r\n\r\n")
            connection.write("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            connection.hang()
        }
        let body = HTTPUpload.producer(
            HTTPBodyProducer { write in while await write([UInt8](repeating: 0, count: 100_000)) {} })
        let response = try await client.send(HTTPRequest("POST", server.url(), body: body), until: soon)
        #expect(response.status == 413)
    }

    @Test func waitingForContinueWorksWhenAsked() async throws {
        let server = ScriptedServer { connection, _ in
            _ = connection.read(until: "\r\n\r\n")
            connection.write("HTTP/1.1 100 Continue\r\n\r\n")
            _ = connection.read(until: "body")
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        }
        let request = HTTPRequest(
            "POST", server.url(), headers: ["Expect": "100-continue"], body: .bytes(Array("body".utf8)))
        #expect(try await client.send(request, until: soon).status == 200)
    }
}
