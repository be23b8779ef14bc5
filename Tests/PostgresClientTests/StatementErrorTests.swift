import PostgresClient
import Reactor
import TestSupport
import Testing

/// Errors that the server tells, with what an operator can do.
@Suite struct StatementErrorTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let sql: String
        let code: String
        let hint: String
        var testDescription: String { code }
    }

    @Test(arguments: [
        Case(sql: "select * from nowhere", code: "sqlstate-42P01", hint: "search_path"),
        Case(sql: "select nothing()", code: "sqlstate-42883", hint: "function is missing"),
        Case(sql: "selec", code: "sqlstate-42601", hint: ""),
        Case(sql: "select 1/0", code: "sqlstate-22012", hint: ""),
        Case(
            sql: "set statement_timeout = 20; select pg_sleep(60)", code: "sqlstate-57014", hint: "statement_timeout"),
        Case(
            sql: "set default_transaction_read_only = on; create table never ()", code: "sqlstate-25006",
            hint: "read-only"),
        Case(sql: "set role pg_monitor; select * from pg_authid", code: "sqlstate-42501", hint: "GRANT SELECT"),
    ])
    func `a failing statement has a stable code and a hint`(_ one: Case) async throws {
        try await ScratchPostgres.with { (client) async throws in
            let error = await failure {
                if one.sql.contains(";") {
                    // The settings in a call of their own: a script is one transaction.
                    let parts = one.sql.split(separator: ";").map(String.init)
                    try await client.execute(script: parts[0], until: .generous)
                    _ = try await client.query(parts[1], until: .generous)
                } else {
                    _ = try await client.query(one.sql, until: .generous)
                }
            }
            #expect(error?.code == one.code)
            #expect(error?.sqlState.map { "sqlstate-" + $0 } == one.code)
            #expect(error?.hint.contains(one.hint) == true)
            #expect(error?.operation == "query")
            #expect(error?.mayHaveExecuted == false)
            // The connection is as good as before.
            #expect(try await client.query("select 5", until: .generous).value(as: Int.self) == 5)
            #expect(await client.state.connections == 1)
        }
    }

    @Test func `the position in the statement is told`() async throws {
        try await ScratchPostgres.with { (client) async throws in
            let error = await failure {
                try await client.query("select  nope", until: .generous)
            }
            #expect(error?.position == 9)
        }
    }

    @Test func `control characters of a server's message are made visible`() async throws {
        try await ScratchPostgres.with { (client) async throws in
            let error = await failure {
                try await client.query(
                    "do $$ begin raise exception '%', E'a\\x1b[31m\\u202eb\\nc' || repeat('x', 5000); end $$",
                    until: .generous)
            }
            let cause = try #require(error?.cause)
            #expect(cause.hasPrefix("a\u{FFFD}[31m\u{FFFD}b cxxx"))
            #expect(cause.count <= 501)
        }
    }

    @Test func `a text with a zero byte is refused before it is sent`() async throws {
        try await ScratchPostgres.with { (client) async throws in
            for attempt in [PostgresStatement("select $1::text", ["a\0b"]), PostgresStatement("select 1\0")] {
                let error = await failure {
                    try await client.query(attempt.sql, attempt.parameters, until: .generous)
                }
                #expect(error?.code == "bad-parameter")
            }
            let error = await failure {
                try await client.execute(script: "select 1\0", until: .generous)
            }
            #expect(error?.code == "bad-parameter")
        }
    }

    @Test func `a script runs all of its statements, and the first failing one ends it`() async throws {
        try await ScratchPostgres.with { (client) async throws in
            let results = try await client.execute(
                script: "create temp table s (n int); insert into s values (1), (2); select count(*) from s",
                until: .generous)
            #expect(results.count == 3)
            #expect(results[1].affectedRows == 2)
            #expect(try results[2].value(as: Int.self) == 2)
            let error = await failure {
                try await client.execute(script: "insert into s values (3); select 1/0; select 1", until: .generous)
            }
            #expect(error?.sqlState == "22012")
            let count = try await client.query("select count(*) from s", until: .generous).value(as: Int.self)
            #expect(count == 2, "one transaction: rolled back")
        }
    }

    @Test func `COPY is refused and the next call works`() async throws {
        try await ScratchPostgres.with { (client) async throws in
            let error = await failure {
                try await client.execute(script: "copy pg_class to stdout", until: .generous)
            }
            #expect(error?.code == "unsupported")
            #expect(try await client.query("select 1", until: .generous).value(as: Int.self) == 1)
        }
    }

    @Test func `an answer beyond the limits is an error, not memory`() async throws {
        try await ScratchPostgres.with {
            $0.resultLimit = PostgresResultLimit(rows: 100, bytes: 1 << 20)
        } _: { (client) async throws in
            let rows = await failure {
                try await client.query("select generate_series(1, 101)", until: .generous)
            }
            #expect(rows?.code == "too-large")
            let bytes = await failure {
                try await client.query("select repeat('x', 1000) from generate_series(1, 5000000)", until: .generous)
            }
            #expect(bytes?.code == "too-large")
            #expect(try await client.query("select 1", until: .generous).value(as: Int.self) == 1)
        }
    }
}
