import PostgresClient
import Reactor
import TestSupport
import Testing

@Suite struct PipelineTests {
    @Test func `a failing statement does not hide the others`() async throws {
        try await ScratchPostgres.with { (client) async throws in
            let results = try await client.pipeline(
                ["select 1", "select 1/0", "nonsense", PostgresStatement("select $1::int", [4])], until: .generous)
            #expect(results.count == 4)
            #expect(try results[0].get().value(as: Int.self) == 1)
            #expect(throws: PostgresError.self) { try results[1].get() }
            guard case .failure(let division) = results[1], case .failure(let syntax) = results[2] else {
                Issue.record("both statements must fail")
                return
            }
            #expect(division.sqlState == "22012")
            #expect(syntax.sqlState == "42601")
            #expect(try results[3].get().value(as: Int.self) == 4)
            #expect(try await client.query("select 9", until: .generous).value(as: Int.self) == 9)
            #expect(await client.state.connections == 1)
        }
    }

    @Test func `large statements and large answers do not wait for each other`() async throws {
        try await ScratchPostgres.with { (client) async throws in
            let big = String(repeating: "y", count: 200_000)
            let statements = (0..<60).map { _ in PostgresStatement("select $1::text", [.text(big)]) }
            let results = try await client.pipeline(statements, until: .generous)
            #expect(results.count == 60)
            for result in results { #expect(try result.get().value(as: String.self).utf8.count == 200_000) }
        }
    }

    @Test func `thousands of statements answer in order`() async throws {
        try await ScratchPostgres.with { (client) async throws in
            let statements = (0..<5000).map { PostgresStatement("select $1::int", [.int($0)]) }
            let results = try await client.pipeline(statements, until: .generous)
            let values = try results.map { try $0.get().value(as: Int.self) }
            #expect(values == Array(0..<5000))
        }
    }

    @Test func `a prepared statement is parsed once a session, and again when its plan no longer fits`() async throws {
        try await ScratchPostgres.with { (client) async throws in
            let planned = PostgresStatement("select * from planned where n > $1", [.int(1)], isPrepared: true)
            let plans = PostgresStatement("select name from pg_prepared_statements where statement like '%planned%'")
            try await client.execute(
                script: "create temp table planned (n int); insert into planned values (1), (2), (3)",
                until: .generous)
            for _ in 0..<3 { #expect(try await client.query(planned, until: .generous).count == 2) }
            #expect(try await client.query(plans, until: .generous).count == 1)

            // Another type of result: the server refuses the old plan, once; the next call has a new one.
            try await client.execute(script: "alter table planned add column more text", until: .generous)
            await #expect(throws: PostgresError.self) { try await client.query(planned, until: .generous) }
            #expect(try await client.query(planned, until: .generous).count == 2)

            // As a pooler does that hands out another session: from then on it is not asked to keep plans.
            try await client.execute(script: "deallocate all", until: .generous)
            #expect(try await client.query(planned, until: .generous).count == 2)
            #expect(try await client.query(plans, until: .generous).isEmpty)
        }
    }

    @Test func `a prepared statement that cannot be parsed fails alone`() async throws {
        try await ScratchPostgres.with { (client) async throws in
            let results = try await client.pipeline(
                [
                    PostgresStatement("select 1", isPrepared: true), PostgresStatement("selekt 2", isPrepared: true),
                    PostgresStatement("select $1::int", [.int(3)], isPrepared: true), "select 4",
                ], until: .generous)
            #expect(results.count == 4)
            #expect(throws: PostgresError.self) { try results[1].get() }
            #expect(try results[2].get().value(as: Int.self) == 3)
            #expect(try results[3].get().value(as: Int.self) == 4)
            await #expect(throws: PostgresError.self) {
                try await client.transaction(
                    ["select 1", PostgresStatement("selekt 2", isPrepared: true), "select 3"], until: .generous)
            }
            #expect(try await client.query("select 5", until: .generous).value(as: Int.self) == 5)
        }
    }

    @Test func `a transaction takes effect as a whole or not at all`() async throws {
        try await ScratchPostgres.with { (client) async throws in
            try await client.execute(script: "create temp table tx (n int unique)", until: .generous)
            let rows = try await client.transaction(
                ["insert into tx values (1)", "select count(*) from tx"], until: .generous)
            #expect(try rows[1].value(as: Int.self) == 1)
            let error = await failure {
                try await client.transaction(
                    ["insert into tx values (2)", "insert into tx values (1)", "insert into tx values (3)"],
                    until: .generous)
            }
            #expect(error?.sqlState == "23505")
            #expect(try await client.query("select count(*) from tx", until: .generous).value(as: Int.self) == 1)
        }
    }

    @Test func `an empty pipeline is no round trip`() async throws {
        try await ScratchPostgres.with { (client) async throws in
            #expect(try await client.pipeline([], until: .generous).isEmpty)
            #expect(await client.state.connections == 0)
        }
    }

    @Test func `a pipeline with an answer beyond the limit is an error`() async throws {
        try await ScratchPostgres.with {
            $0.resultLimit = PostgresResultLimit(rows: 1000, bytes: 1 << 20)
        } _: { (client) async throws in
            let error = await failure {
                try await client.pipeline(
                    (0..<40).map { _ in "select repeat('x', 100000)" }, until: .generous)
            }
            #expect(error?.code == "too-large")
            #expect(try await client.query("select 1", until: .generous).value(as: Int.self) == 1)
        }
    }

    @Test func `calls of many tasks are answered in order, each with its own answer`() async throws {
        try await ScratchPostgres.with { (client) async throws in
            let values = try await withThrowingTaskGroup(of: (Int, Int).self) { group in
                for number in 0..<200 {
                    group.addTask {
                        (number, try await client.query("select $1::int", [.int(number)], until: .generous).value())
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(values.count == 200)
            #expect(values.allSatisfy { $0.0 == $0.1 })
            #expect(await client.state.connections == 1)
        }
    }
}
