import HTTPClient
import PlatformModel
import Reactor

/// The platform's API of orders: GraphQL over HTTP, asked as whoever the token names.
public struct OrdersAPI: Sendable {
    private let client: HTTPClient
    private let url: String
    private let token: @Sendable () -> String?

    /// - Parameters:
    ///   - token: the bearer token, read anew for each request because it may be exchanged; nil when it cannot be read.
    public init(client: HTTPClient, url: String, token: @escaping @Sendable () -> String?) {
        self.client = client
        self.url = url
        self.token = token
    }

    // MARK: Reading

    /// Orders as they are now, by identity; what is missing does not exist or is another kitchen's.
    public func orders(_ ids: [String], until deadline: Deadline) async throws(OrdersAPIError) -> [String: OrderFacts] {
        var found: [String: OrderFacts] = [:]
        // The API bounds what one document may ask.
        for start in stride(from: 0, to: ids.count, by: 20) {
            let part = ids[start..<min(start + 20, ids.count)]
            let variables = part.enumerated().map { ("i\($0)", JSON.string($1)) }
            let head = part.indices.map { "$i\($0 - start): ID!" }.joined(separator: ", ")
            let body = part.indices.map { "o\($0 - start): order(id: $i\($0 - start)) { \(OrderFacts.fields) }" }
            let data = try await ask(
                "query Orders(\(head)) { \(body.joined(separator: " ")) }", .object(JSONObject(variables)),
                changes: false, until: deadline)
            for (_, value) in data.object ?? [:] {
                if let facts = OrderFacts(json: value) { found[facts.id] = facts }
            }
        }
        return found
    }

    /// What happened to an order, oldest first; empty when it cannot be seen.
    func events(_ id: String, until deadline: Deadline) async throws(OrdersAPIError) -> [OrderTrace] {
        let data = try await ask(
            "query Trace($id: ID!) { order(id: $id) { events { move version actor requestId at } } }",
            ["id": .string(id)], changes: false, until: deadline)
        return (data["order"]?["events"]?.array ?? []).map { OrderTrace(json: $0) }
    }

    /// Who the API takes the token's holder for.
    public func viewer(until deadline: Deadline) async throws(OrdersAPIError) -> (subject: String, role: String) {
        let data = try await ask("query Who { viewer { subject role } }", [:], changes: false, until: deadline)
        return (data["viewer"]?["subject"]?.text ?? "", data["viewer"]?["role"]?.text ?? "")
    }

    // MARK: Changing

    /// Moves one order along its life.
    ///
    /// - Parameters:
    ///   - request: the same for every attempt, so that a repetition finds what the first one did.
    /// - Returns: the order as it is after.
    func change(
        _ change: OrderChange, id: String, version: Int64, text: String, request: String,
        permit: borrowing ExecutionPermit, until deadline: Deadline
    ) async throws(OrdersAPIError) -> OrderFacts {
        let document = """
            mutation Change($id: ID!, $version: Int!, $text: String!, $request: ID!) {
              order: \(change.mutation)(id: $id, expectedVersion: $version, \(change.argument): $text, requestId: $request) {
                \(OrderFacts.fields)
              }
            }
            """
        let data = try await ask(
            document,
            ["id": .string(id), "version": .integer(version), "text": .string(text), "request": .string(request)],
            changes: true, until: deadline)
        guard let facts = data["order"].flatMap(OrderFacts.init(json:)) else { throw incomplete() }
        return facts
    }

    /// Places an order; the same key again gives the same order.
    ///
    /// - Returns: the order, and whether an earlier request had placed it.
    func place(
        _ draft: OrderDraft, key: String, permit: borrowing ExecutionPermit, until deadline: Deadline
    ) async throws(OrdersAPIError) -> (order: OrderFacts, replayed: Bool) {
        let document = """
            mutation Place($input: OrderInput!, $key: ID!) {
              placeOrder(input: $input, idempotencyKey: $key) { replayed order { \(OrderFacts.fields) } }
            }
            """
        let data = try await ask(
            document, ["input": draft.input, "key": .string(key)], changes: true, until: deadline)
        guard let placed = data["placeOrder"], let facts = placed["order"].flatMap(OrderFacts.init(json:)) else {
            throw incomplete()
        }
        return (facts, placed["replayed"]?.bool ?? false)
    }

    // MARK: The wire

    private func incomplete() -> OrdersAPIError {
        OrdersAPIError(
            code: "protocol", operation: "POST", target: url, cause: "the API's answer lacks the order",
            hint: "the API may be older than this galley: galley doctor", mayHaveHappened: true)
    }

    private func ask(
        _ document: String, _ variables: JSON, changes: Bool, until deadline: Deadline
    ) async throws(OrdersAPIError) -> JSON {
        guard let token = token(), !token.isEmpty else {
            throw OrdersAPIError(
                code: "unauthenticated", operation: "POST", target: url, cause: "the token's file cannot be read",
                hint: "galley account show names the file", mayHaveHappened: false)
        }
        let body: JSON = ["query": .string(document), "variables": variables]
        var request = HTTPRequest(
            "POST", url,
            headers: [
                "Authorization": "Bearer \(token)", "Content-Type": "application/json",
                "Accept": "application/graphql-response+json, application/json;q=0.9",
                "apollographql-client-name": "galley",
            ], body: .bytes(Array(body.write().utf8)))
        request.maximumResponseBytes = 4 << 20
        let response: HTTPResponse
        do throws(HTTPError) {
            response = try await client.send(request, until: deadline)
        } catch {
            throw OrdersAPIError(error)
        }
        return try data(of: response, changes: changes)
    }

    /// The body is judged first, then the status.
    private func data(of response: HTTPResponse, changes: Bool) throws(OrdersAPIError) -> JSON {
        let json = try? JSON.parse(response.text)
        if let error = json?["errors"]?[0] {
            let code = (error["extensions"]?["code"]?.text ?? "internal-server-error").lowercased()
                .replacing("_", with: "-")
            let isOpen = code == "service-unavailable" || code == "internal-server-error"
            throw OrdersAPIError(
                code: code, operation: "POST", target: url, cause: error["message"]?.text ?? "the API refused it",
                hint: Self.hint(code), mayHaveHappened: changes && isOpen, details: error["extensions"] ?? .null)
        }
        if let data = json?["data"], data.object != nil { return data }
        throw OrdersAPIError(
            code: "service-unavailable", operation: "POST", target: url,
            cause: "the API answered \(response.status) without a result", mayHaveHappened: changes)
    }

    private static func hint(_ code: String) -> String {
        switch code {
        case "unauthenticated": "the account's token has expired or is for another platform: galley account show"
        case "not-allowed", "wrong-kitchen": "the token's role decides: galley account show"
        case "version-conflict": "look at the order again and decide anew"
        case "rate-limited": "wait a moment"
        default: ""
        }
    }
}
