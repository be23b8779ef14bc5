import Glibc
import PostgresClient
import Reactor
import TestSupport
import Testing

@Suite struct StreamTests {
    @Test func `a million rows pass in bounded memory`() async throws {
        try await ScratchPostgres.with { (client) async throws in
            _ = try await client.query("select 1", until: .generous)
            let before = residentKilobytes()
            var (count, sum, peak) = (0, 0, 0)
            let rows = await client.stream(
                "select n, repeat('x', 100) from generate_series(1, $1::int) n", [1_000_000],
                until: .after(.seconds(120)))
            for try await row in rows {
                count += 1
                sum += try row.decode(0, as: Int.self)
                if count % 50_000 == 0 { peak = max(peak, residentKilobytes() - before) }
            }
            #expect(count == 1_000_000)
            #expect(sum == 500_000_500_000)
            // The rows are 120 MB on the wire; other suites run meanwhile.
            #expect(peak < 64_000)
        }
    }

    @Test func `a reader that stops early stops the statement on the server`() async throws {
        try await ScratchPostgres.with { (client) async throws in
            var seen = 0
            for try await row in await client.stream("select generate_series(1, 100000000)", until: .generous) {
                seen = try row.decode(0, as: Int.self)
                if seen == 10 { break }
            }
            #expect(seen == 10)
            #expect(try await client.query("select 2", until: .generous).value(as: Int.self) == 2)
            #expect(await client.state.connections <= 2)
        }
    }

    @Test func `an error in the middle ends the stream after the rows before it`() async throws {
        try await ScratchPostgres.with { (client) async throws in
            var seen = 0
            let error = await failure {
                for try await _ in await client.stream(
                    "select 1 / (5 - n) from generate_series(1, 10) n", until: .generous)
                {
                    seen += 1
                }
            }
            #expect(seen == 4)
            #expect(error?.sqlState == "22012")
            #expect(try await client.query("select 2", until: .generous).value(as: Int.self) == 2)
        }
    }

    @Test func `a stream without rows ends at once, and its columns are no matter`() async throws {
        try await ScratchPostgres.with { (client) async throws in
            for try await _ in await client.stream("select 1 where false", until: .generous) { Issue.record("a row") }
            #expect(try await client.query("select 2", until: .generous).value(as: Int.self) == 2)
        }
    }

    @Test func `a reader that sleeps past the deadline loses the stream, not the connection`() async throws {
        try await ScratchPostgres.with { (client) async throws in
            _ = try await client.query("select 1", until: .generous)
            var iterator = await client.stream(
                "select generate_series(1, 100000000)", until: .after(.seconds(3))
            ).makeAsyncIterator()
            #expect(try await iterator.next() != nil)
            // Waits in line until the deadline of the stream frees the connection.
            #expect(try await client.query("select 2", until: .generous).value(as: Int.self) == 2)
            let error = await failure {
                while try await iterator.next() != nil {}
            }
            #expect(error?.code == "timed-out")
            #expect(try await iterator.next() == nil)
        }
    }

    @Test func `a cancelled reader ends at once`() async throws {
        try await ScratchPostgres.with { (client) async throws in
            let reader = Task { () -> PostgresError? in
                await failure {
                    for try await _ in await client.stream(
                        "select n, pg_sleep(case when n > 3 then 60 else 0 end) from generate_series(1, 9) n",
                        until: .generous)
                    {}
                }
            }
            let began = await eventually { await client.state.isConnected }
            #expect(began)
            reader.cancel()
            #expect(await reader.value?.code == "cancelled")
            #expect(try await client.query("select 2", until: .generous).value(as: Int.self) == 2)
        }
    }
}

/// VmRSS of this process.
func residentKilobytes() -> Int {
    let file = fopen("/proc/self/statm", "r")
    defer { if let file { fclose(file) } }
    var line = [CChar](repeating: 0, count: 256)
    guard let file, fgets(&line, 256, file) != nil else { return 0 }
    let words = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self).split(separator: " ")
    return (words.count > 1 ? Int(words[1]) ?? 0 : 0) * 4
}
