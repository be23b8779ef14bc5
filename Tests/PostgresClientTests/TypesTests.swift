import PostgresClient
import Reactor
import TestSupport
import Testing

/// Values out of a real server and back into it.
@Suite struct TypesTests {
    @Test func `every type decodes, and NULL is nil`() async throws {
        try await ScratchPostgres.with { (client) async throws in
            let row = try #require(
                try await client.query(
                    """
                    select 1::int2 as small, -2147483648 as int, 9223372036854775807 as big, 1.5::float8 as double,
                        'NaN'::float8 as nan, '-Infinity'::float8 as low, true as yes, false as no, 'çé' as text,
                        '\\x00ff10'::bytea as bytes, '{a,"b \\"c\\"",NULL,"NULL"}'::text[] as texts,
                        '{1,2,-3}'::int4[] as ints, '{}'::int8[] as none,
                        '2026-01-31 23:59:59.000001+00'::timestamptz as at, '1969-12-31'::date as day,
                        '16/B374D848'::pg_lsn as lsn, 12345678901234567890.123456789::numeric as exact,
                        '1 day 02:03:04.5'::interval as span, '-00:00:01.25'::interval as back,
                        '6f1d1c1e-0000-4000-8000-000000000001'::uuid as id, '{"a": 1}'::jsonb as json,
                        null::int as nothing, null::text[] as nowhere, 4000000000::oid as oid
                    """, until: .generous
                ).first)
            #expect(try row.decode("small", as: Int16.self) == 1)
            #expect(try row.decode("int", as: Int32.self) == .min)
            #expect(try row.decode("big", as: Int64.self) == .max)
            #expect(try row.decode("double", as: Double.self) == 1.5)
            #expect(try row.decode("nan", as: Double.self).isNaN)
            #expect(try row.decode("low", as: Double.self) == -.infinity)
            #expect(try row.decode("yes", as: Bool.self))
            #expect(try !row.decode("no", as: Bool.self))
            #expect(try row.decode("text", as: String.self) == "çé")
            #expect(try row.decode("bytes", as: [UInt8].self) == [0, 255, 16])
            #expect(try row.decode("texts", as: [String?].self) == ["a", "b \"c\"", nil, "NULL"])
            #expect(try row.decode("ints", as: [Int].self) == [1, 2, -3])
            #expect(try row.decode("none", as: [Int64].self) == [])
            #expect(try row.decode("at", as: PostgresTimestamp.self).microseconds == 1_769_903_999_000_001)
            #expect(try row.decode("day", as: PostgresTimestamp.self).microseconds == -86_400_000_000)
            #expect(try row.decode("lsn", as: PostgresLSN.self).rawValue == 0x16_B374_D848)
            #expect(try row.decode("exact", as: String.self) == "12345678901234567890.123456789")
            #expect(try row.decode("span", as: PostgresInterval.self).microseconds == 93_784_500_000)
            #expect(try row.decode("back", as: PostgresInterval.self).microseconds == -1_250_000)
            #expect(try row.decode("id", as: String.self) == "6f1d1c1e-0000-4000-8000-000000000001")
            #expect(try row.decode("json", as: String.self) == "{\"a\": 1}")
            #expect(try row.decode("nothing", as: Int?.self) == nil)
            #expect(try row.decode("int", as: Int?.self) == Int(Int32.min))
            #expect(try row.decode("nowhere", as: [String]?.self) == nil)
            #expect(try row.decode("oid", as: UInt32.self) == 4_000_000_000)
            #expect(row.isNull("nothing") && !row.isNull("int"))
        }
    }

    @Test(arguments: [
        PostgresValue.null, .bool(true), .int(-42), .double(0.1), .double(.infinity), .double(1e-300), .text(""),
        .text("it's \"quoted\" \\ and 漢字"), .bytes([]), .bytes([0, 1, 92, 255]), .lsn(PostgresLSN(rawValue: 77)),
        .timestamp(PostgresTimestamp(microseconds: -62_135_596_800_000_001)),
        .timestamp(PostgresTimestamp(microseconds: 951_782_400_000_000)), .timestamp(.distantFuture),
        .textArray(["", "a,b", "\"", "\\", "{}", "NULL"]), .intArray([1, -1]),
    ])
    func `a parameter comes back as it went`(_ value: PostgresValue) async throws {
        let cast: String
        switch value {
        case .null, .text, .secret: cast = "text"
        case .bool: cast = "bool"
        case .int: cast = "int8"
        case .double: cast = "float8"
        case .bytes: cast = "bytea"
        case .timestamp: cast = "timestamptz"
        case .lsn: cast = "pg_lsn"
        case .textArray: cast = "text[]"
        case .intArray: cast = "int8[]"
        }
        try await ScratchPostgres.with { (client) async throws in
            let rows = try await client.query("select $1::\(cast)", [value], until: .generous)
            switch value {
            case .null: #expect(try rows.value(as: String?.self) == nil)
            case .bool(let sent): #expect(try rows.value() == sent)
            case .int(let sent): #expect(try rows.value() == sent)
            case .double(let sent): #expect(try rows.value() == sent)
            case .text(let sent): #expect(try rows.value() == sent)
            case .bytes(let sent): #expect(try rows.value() == sent)
            case .timestamp(let sent): #expect(try rows.value() == sent)
            case .lsn(let sent): #expect(try rows.value() == sent)
            case .textArray(let sent): #expect(try rows.value() == sent)
            case .intArray(let sent): #expect(try rows.value() == sent)
            case .secret(let sent): #expect(try rows.value() == sent.reveal())
            }
        }
    }

    @Test func `the server and this client agree on every kind of instant`() async throws {
        try await ScratchPostgres.with { (client) async throws in
            let rows = try await client.query(
                """
                select t, (extract(epoch from t) * 1000000)::int8 as micros
                from unnest(array['4713-01-01 BC', '0001-01-01', '1582-10-15', '1900-02-28 23:59:59.999999',
                    '2000-02-29', '2024-12-31 12:00:00.1', '2100-03-01', '9999-12-31']::timestamptz[]) t
                """, until: .generous)
            #expect(rows.count == 8)
            for row in rows {
                let instant = try row.decode("t", as: PostgresTimestamp.self)
                #expect(try row.decode("micros", as: Int64.self) == instant.microseconds)
                #expect(PostgresTimestamp(instant.description) == instant)
            }
        }
    }

    @Test func `a session's own time zone changes no instant`() async throws {
        try await ScratchPostgres.with {
            $0.options = "-c timezone=Asia/Kolkata"
        } _: { (client) async throws in
            let rows = try await client.query("select '2026-01-01 00:00:00+00'::timestamptz", until: .generous)
            #expect(try rows.value(as: String.self).hasSuffix("+05:30"))
            #expect(try rows.value(as: PostgresTimestamp.self).microseconds == 1_767_225_600_000_000)
        }
    }

    @Test func `what does not fit is a decode error that names the column`() async throws {
        try await ScratchPostgres.with { (client) async throws in
            let row = try #require(
                try await client.query("select 70000 as n, null as gone, 'x' as word", until: .generous).first)
            for attempt in [
                await failure { try row.decode("n", as: Int16.self) },
                await failure { try row.decode("n", as: Bool.self) },
            ] {
                #expect(attempt?.code == "decode")
                #expect(attempt?.operation == "decode column n")
            }
            let gone = await failure { try row.decode("gone", as: Int.self) }
            #expect(gone?.cause == "the value is NULL")
            let missing = await failure { try row.decode("nope", as: Int.self) }
            #expect(missing?.hint == "columns: n, gone, word")
            let place = await failure { try row.decode(3, as: Int.self) }
            #expect(place?.code == "decode")
        }
    }

    @Test func `counts of changed rows and the command are told`() async throws {
        try await ScratchPostgres.with { (client) async throws in
            try await client.execute(script: "create temp table t (n int)", until: .generous)
            let rows = try await client.query("insert into t select generate_series(1, 7)", until: .generous)
            #expect(rows.affectedRows == 7)
            #expect(rows.command == "INSERT 0 7")
            #expect(rows.isEmpty)
        }
    }
}

/// Texts of values, without a server.
@Suite struct ValueTextTests {
    @Test(arguments: ["0/0", "16/B374D848", "FFFFFFFF/FFFFFFFF"])
    func `a log position reads and prints alike`(_ text: String) throws {
        #expect(try #require(PostgresLSN(text)).description == text)
    }

    @Test(arguments: ["", "/", "1/", "/1", "1/2/3", "1/123456789", "-1/0", "+1/0", "g/0", "1"])
    func `what is no log position is refused`(_ text: String) {
        #expect(PostgresLSN(text) == nil)
    }

    @Test func `the distance of log positions has a sign`() throws {
        let (low, high) = (try #require(PostgresLSN("0/FFFFFFFF")), try #require(PostgresLSN("1/1")))
        #expect(high - low == 2)
        #expect(low - high == -2)
        #expect(low < high)
    }

    @Test(arguments: [
        "", "2026", "2026-13-01", "2026-01-01 25", "2026-01-01 00:00", "2026-01-01 00:00:00+", "20260101",
        "2026-01-01 00:00:00 AD", "2026-01-01 00:00:00.", "9999999-01-01", "yesterday",
    ])
    func `what is no ISO timestamp is refused`(_ text: String) {
        #expect(PostgresTimestamp(text) == nil)
    }
}
