import Glibc
import PlatformModel
import PostgresClient
import Reactor
import TestSupport
import Testing

@testable import Collectors

/// The contract's schema with some hundred orders, made by the local platform's own SQL.
struct Orders {
    let source: OrderSource
    let client: PostgresClient
    let server: ScratchPostgres

    static let shared = Task {
        let server = try await ScratchPostgres.start()
        let folder =
            #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined() + "/Sources/LocalPlatform/SQL"
        let steps = [
            ("postgres", "roles"), ("platform", "schema"), ("platform", "contract"), ("platform", "world"),
            ("platform", "history"),
        ]
        for (database, file) in steps {
            let command =
                "PGPASSWORD=\(server.password) psql -h 127.0.0.1 -p \(server.port) -U postgres -X -q"
                + " -v ON_ERROR_STOP=1 -v orders=600 -d \(database) -f \(folder)/\(file).sql >\(server.folder)/psql.log 2>&1"
            let code = await Thread.run("psql", on: .shared, until: .after(.seconds(60))) { system(command) }
            guard code == 0 else { throw ScratchFailure("\(file).sql ended with \(code ?? -1)") }
        }
        let configuration = server.configuration(database: "platform")
        let client = PostgresClient(configuration, name: "orders")
        return Orders(source: OrderSource(primary: client, replica: client), client: client, server: server)
    }

    func ids(_ rest: String) async throws -> [Int64] {
        try await client.query("SELECT id FROM galley.orders \(rest)", until: .generous).map { try $0.decode("id") }
    }

    /// All pages of a query, one after the other.
    func walk(_ query: OrderQuery) async throws -> [Int64] {
        var (found, cursor): ([Int64], OrderCursor?) = ([], nil)
        while true {
            let page = try await source.page(query, after: cursor, until: .generous)
            #expect(page.orders.count <= query.limit)
            found += page.orders.map(\.id)
            guard let next = page.next else { return found }
            try #require(next != cursor)
            cursor = next
        }
    }
}
