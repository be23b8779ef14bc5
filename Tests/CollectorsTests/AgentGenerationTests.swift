import Collectors
import Glibc
import PlatformModel
import PostgresClient
import Reactor
import TestSupport
import Testing

/// The readers against rows that generations of LangGraph wrote themselves: `LangGraph/*.sql`, one scenario each.
@Suite(.serialized) struct AgentGenerationTests {
    static let generations = ["0.2", "0.3", "0.6", "1.2"]

    /// A database with a generation's rows, as they would be had they been written just now.
    private static func store(_ generation: String) async throws -> PostgresClient {
        let server = try await ScratchPostgres.shared()
        let name = "langgraph_" + generation.replacing(".", with: "_") + "_\(UInt32.random(in: 0 ... .max))"
        try await server.client().execute(script: "CREATE DATABASE \(name)", until: .after(.seconds(30)))
        let client = PostgresClient(server.configuration(database: name), name: name)
        try await client.execute(script: try fixture(generation), until: .after(.seconds(30)))
        // The ids tell the time of the recording: moved to now, in the order in which they stand.
        try await client.execute(script: shift, until: .after(.seconds(30)))
        return client
    }

    private static func fixture(_ generation: String) throws -> String {
        let folder = "\(#filePath)".split(separator: "/").dropLast().joined(separator: "/")
        return try readText("/\(folder)/LangGraph/langgraph-\(generation).sql")
    }

    /// Adds to the 60 bits of time in every id what lies between the newest of them and ten minutes ago.
    private static let shift = """
        CREATE FUNCTION pg_temp.ticks(id text) RETURNS bigint LANGUAGE sql AS
          $$ SELECT ('x' || substr(id, 1, 8) || substr(id, 10, 4) || substr(id, 16, 3))::bit(60)::bigint $$;
        CREATE FUNCTION pg_temp.moved(id text, by bigint) RETURNS text LANGUAGE sql AS
          $$ SELECT substr(h, 2, 8) || '-' || substr(h, 10, 4) || '-6' || substr(h, 14, 3) || substr(id, 19)
               FROM (SELECT lpad(to_hex(pg_temp.ticks(id) + by), 16, '0') AS h) AS t $$;
        CREATE TEMP TABLE span AS
          SELECT (extract(epoch FROM now() - interval '10 min') * 10000000)::bigint + 122192928000000000
                 - max(pg_temp.ticks(checkpoint_id)) AS by FROM agents.checkpoints;
        UPDATE agents.checkpoints SET checkpoint_id = pg_temp.moved(checkpoint_id, (SELECT by FROM span)),
          parent_checkpoint_id = pg_temp.moved(parent_checkpoint_id, (SELECT by FROM span));
        UPDATE agents.checkpoint_writes SET checkpoint_id = pg_temp.moved(checkpoint_id, (SELECT by FROM span));
        """

    private static func overview(_ client: PostgresClient) async throws -> AgentsOverview {
        for case .agents(let attempt) in await AgentsCollector(client: client).read() {
            return try attempt.result.get()
        }
        throw ScratchPostgres.Failure(description: "no observation of agents came")
    }

    @Test(arguments: generations) func tellsWhatBecameOfEachRun(_ generation: String) async throws {
        let client = try await Self.store(generation)
        let overview = try await Self.overview(client)
        let runs = Dictionary(uniqueKeysWithValues: overview.runs.map { ($0.thread, $0) })
        #expect(
            Set(runs.keys)
                == [
                    "order-1-done", "order-2-waiting", "order-3-resumed-twice", "order-4-failed", "order-5-abandoned",
                ])
        let flavour: [String: AgentStoreFlavour] = ["0.2": .withoutPaths, "0.3": .withPaths]
        #expect(overview.flavour == flavour[generation] ?? .inline)
        #expect(overview.schema == "agents")
        #expect(overview.coverage == 1)

        let done = try #require(runs["order-1-done"])
        #expect(done.state == .done)
        #expect(done.graph == "normaliser" && done.order == 1 && done.job == "order-1-normaliser")
        #expect(done.steps == 5)
        #expect(
            done.nodes == ["read", "part", "left", "right", "catalogue"]
                || done.nodes == ["read", "part", "right", "left", "catalogue"])
        #expect(done.toolCalls == 2 && done.toolErrors == 1)
        #expect(done.tokens == 52)
        #expect(done.decisionTime > .zero)

        let waiting = try #require(runs["order-2-waiting"])
        #expect(waiting.state == .waiting && waiting.question == "Release order 2?")
        #expect(waiting.next == ["ask_person"] && waiting.nodes == ["check"])

        let resumed = try #require(runs["order-3-resumed-twice"])
        #expect(resumed.state == .done && resumed.earlier == 1)
        #expect(resumed.nodes == ["check", "ask_person", "conclude"])
        #expect(resumed.question.isEmpty && resumed.error.isEmpty)

        let failed = try #require(runs["order-4-failed"])
        #expect(failed.state == .failed && failed.next == ["check"])
        #expect(failed.error == "RuntimeError('the price list answered 502')")

        let abandoned = try #require(runs["order-5-abandoned"])
        // From 0.6 on it died before anything but its input was stored; 0.2 does not store what comes next.
        #expect(abandoned.state == .abandoned)
        #expect(abandoned.next == (generation == "0.3" ? ["check"] : []))

        let approver = try #require(overview.graphs.first { $0.name == "approver" })
        #expect(approver.runs == 4 && approver.count(.failed) == 1 && approver.count(.waiting) == 1)
        await client.close()
    }

    @Test(arguments: generations) func tellsEachStepOfARun(_ generation: String) async throws {
        let client = try await Self.store(generation)
        let reader = AgentReader(client: client)
        let details = try #require(try await reader.details(thread: "order-1-done", until: .after(.seconds(20))))
        #expect(details.run.state == .done && !details.isCut)
        let own = details.steps.filter { $0.subgraph.isEmpty }
        #expect(own.map(\.number) == [-1, 0, 1, 2, 3, 4])
        #expect(own.map { Set($0.nodes) } == [[], [], ["read"], ["part"], ["left", "right"], ["catalogue"]])
        let inner = details.steps.filter { $0.subgraph == "catalogue" }
        #expect(inner.flatMap(\.nodes) == ["ask", "think", "tools", "think"])
        #expect(inner.dropFirst().allSatisfy { ($0.took ?? .zero) > .zero })
        let calls = details.steps.flatMap(\.calls)
        #expect(calls.filter { $0.outcome == .asked }.map(\.name) == ["price", "price"])
        #expect(Set(calls.filter { $0.outcome != .asked }.map(\.outcome)) == [.answered, .failed])
        #expect(calls.first { $0.outcome == .asked }?.text == #"{"item":"rice"}"#)
        #expect(calls.contains { $0.outcome == .failed && $0.text.contains("no price for unknown") })
        #expect(details.steps.flatMap(\.notes).contains { $0.kind == .said && $0.text == "12.50, and one unknown" })

        let resumed = try #require(
            try await reader.details(thread: "order-3-resumed-twice", until: .after(.seconds(20))))
        let notes = resumed.steps.flatMap(\.notes)
        #expect(notes.contains { $0.kind == .question && $0.node == "ask_person" && $0.text == "Release order 3?" })
        #expect(notes.contains { $0.kind == .answer && $0.text == "approve" })
        let failed = try #require(try await reader.details(thread: "order-4-failed", until: .after(.seconds(20))))
        #expect(failed.steps.last?.source == "failed" && failed.steps.last?.nodes == ["check"])
        #expect(failed.steps.last?.notes.first?.kind == .error)
        #expect(try await reader.details(thread: "no-such-thread", until: .after(.seconds(20))) == nil)
        await client.close()
    }

    @Test func saysWhatIsMissing() async throws {
        let server = try await ScratchPostgres.shared()
        let client = PostgresClient(server.configuration(), name: "empty")
        let failure = try #require(try await AgentsCollector(client: client, schema: "nowhere").read().failure())
        #expect(failure.code == "no-agents" && failure.cause.contains("nowhere"))
        await client.close()
    }
}

/// A whole text file.
func readText(_ path: String) throws -> String {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw ScratchPostgres.Failure(description: "cannot read \(path)") }
    defer { close(file) }
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = read(file, &buffer, buffer.count)
        guard count > 0 else { break }
        all += buffer[..<count]
    }
    return String(decoding: all, as: UTF8.self)
}
