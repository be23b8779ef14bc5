import HTTPClient
import PlatformModel
import Reactor
import TestSupport
import Testing

@testable import Operations

/// What an API can answer, or fail to, and what the gate makes of it.
@Suite struct OrdersAPITests {
    private static let order =
        #"{"id":"7","kitchen":"MUC-01","supplier":"GRUENTAL","status":"STATUS","version":VERSION,"totalMinor":1250,"currency":"EUR","allowedMoves":["approve","hold"]}"#

    private static func order(_ status: String, _ version: Int) -> String {
        order.replacing("STATUS", with: status).replacing("VERSION", with: "\(version)")
    }

    private static func response(_ body: String, status: String = "200 OK") -> String {
        "HTTP/1.1 \(status)\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)"
    }

    private static func refusal(_ code: String, _ more: String = "", status: String = "200 OK") -> String {
        response(
            #"{"errors":[{"message":"no: \#(code)","extensions":{"code":"\#(code)"\#(more)}}],"data":null}"#,
            status: status)
    }

    /// An API that answers mutations by a script and everything else properly.
    /// - Parameter answers: to the first mutation, the second and so on; nil closes without a word.
    private func server(_ answers: [String?], request seen: @escaping @Sendable (JSON) -> Void = { _ in })
        -> ScriptedServer
    {
        let state = Locked((mutations: 0, key: ""))
        return ScriptedServer { connection, _ in
            var bytes: [UInt8] = []
            var body: JSON?
            while body == nil {
                let more = connection.read()
                if more.isEmpty { return }
                bytes += more
                let text = String(decoding: bytes, as: UTF8.self)
                guard let end = text.firstRange(of: "\r\n\r\n") else { continue }
                body = try? JSON.parse(String(text[end.upperBound...]))
            }
            let query = body?["query"]?.text ?? ""
            if query.hasPrefix("mutation") {
                let (number, first) = state.withLock { state in
                    state.mutations += 1
                    if state.key.isEmpty { state.key = body?["variables"]?["request"]?.text ?? "" }
                    return (state.mutations, state.key)
                }
                if let body { seen(body) }
                guard let answer = answers[min(number, answers.count) - 1] else { return }
                connection.write(Array(answer.replacing("FIRST-REQUEST", with: first).utf8))
            } else if query.contains("events") {
                connection.write(Array(Self.response(#"{"data":{"order":{"events":[]}}}"#).utf8))
            } else {
                connection.write(Array(Self.response(#"{"data":{"o0":\#(Self.order("submitted", 3))}}"#).utf8))
            }
        }
    }

    private func hold(
        _ server: ScriptedServer?, in folder: StateFolder, patience: Duration = .milliseconds(1)
    ) async throws -> Outcome {
        let client = HTTPClient()
        let api = OrdersAPI(client: client, url: "http://127.0.0.1:\(server?.port ?? 1)/graphql") { "token" }
        let gate = Gate(
            environment: .test, policy: EnvironmentPolicy(readOnly: .never), identity: .test(.operator),
            console: .test, state: folder, ledger: nil, planners: [OrdersPlanner(api: api)],
            performers: [OrderPerformer(api: api)], clock: .system,
            patience: Executor.Patience(step: .seconds(10), proof: patience))
        let facts = try #require(OrderFacts(json: try JSON.parse(Self.order("submitted", 3))))
        let intent = Intent(
            command: "orders.hold", environment: "test", targets: [.init(kind: "order", id: "7", version: 3)],
            reason: "because", origin: .commandLine)
        let plan = OrdersPlanner.plan(intent, .hold, ["7": facts])
        let outcome = await gate.submit(plan, proof: try plan.proof())
        client.close()
        return outcome
    }

    @Test func everyAnswerHasItsOutcome() async throws {
        let changes = #","changes":[{"move":"approve","actor":"worker"}]"#
        let done = Self.response(#"{"data":{"order":\#(Self.order("held", 4))}}"#)
        let table: [(answer: String?, state: Outcome.State, code: String)] = [
            (done, .done, ""), (Self.refusal("VERSION_CONFLICT", changes), .refused, "conflict"),
            (Self.refusal("NOT_ALLOWED"), .refused, "not-allowed"), (Self.refusal("NOT_FOUND"), .refused, "not-found"),
            (Self.refusal("UNAUTHENTICATED", status: "401 Unauthorized"), .refused, "unauthenticated"),
            (Self.refusal("RATE_LIMITED", status: "429 Too Many Requests"), .failed, "rate-limited"),
            (Self.refusal("SERVICE_UNAVAILABLE"), .unknown, "service-unavailable"),
            (Self.refusal("INTERNAL_SERVER_ERROR"), .unknown, "internal-server-error"),
            (Self.response("<html>bad gateway</html>", status: "502 Bad Gateway"), .unknown, "service-unavailable"),
            (Self.response("{\"data\":{}}"), .unknown, "protocol"), (nil, .unknown, "timed-out"),
        ]
        for (answer, state, code) in table {
            try await withFolder { folder in
                let server = server([answer])
                let outcome = try await hold(server, in: folder)
                #expect(outcome.state == state && outcome.code == code, "\(answer ?? "nothing"): \(outcome)")
                if code == "conflict" { #expect(outcome.text.contains("approve by worker")) }
                server.stop()
            }
        }
    }

    @Test func withoutAnAPINothingHappened() async throws {
        try await withFolder { folder in
            let outcome = try await hold(nil, in: folder)
            #expect(outcome.state == .failed && outcome.code == "unreachable")
        }
    }

    /// An answer that is lost is asked for again with the same request and version, and tells what the first one did.
    @Test func aLostAnswerIsAskedForAgain() async throws {
        try await withFolder { folder in
            let seen = Locked<[JSON]>([])
            let done = Self.response(#"{"data":{"order":\#(Self.order("held", 4))}}"#)
            let server = server([nil, done]) { body in seen.withLock { $0.append(body["variables"] ?? .null) } }
            let outcome = try await hold(server, in: folder, patience: .seconds(20))
            #expect(outcome.state == .done, "\(outcome)")
            let requests = seen.withLock { $0 }
            #expect(requests.count == 2 && requests[0] == requests[1])
            #expect(requests[0]["version"]?.int == 3 && requests[0]["text"]?.text == "because")
            server.stop()
        }
    }
}
