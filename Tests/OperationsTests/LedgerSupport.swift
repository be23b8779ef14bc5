import Glibc
import PlatformModel
import PostgresClient
import Reactor
import TestSupport
import Testing

@testable import Operations

/// A database with the roles and the gate's tables, as `galley local up` makes them.
struct LedgerDatabase: Sendable {
    let server: ScratchPostgres
    private static let root = String(#filePath.dropLast("/Tests/OperationsTests/LedgerSupport.swift".count))

    private static let made = Task { try await make() }

    /// One for all suites; each test uses identities of its own.
    static func shared() async throws -> LedgerDatabase { try await made.value }

    static func make() async throws -> LedgerDatabase {
        let database = LedgerDatabase(server: try await ScratchPostgres.start())
        let sql = root + "/Sources/LocalPlatform/SQL"
        let passwords = roles.map { "\($0.uppercased())_PASSWORD=\(database.server.password)" }.joined(separator: " ")
        try await database.psql("-f \(sql)/roles.sql", database: "postgres", variables: passwords)
        try await database.psql(
            "-c 'CREATE SCHEMA IF NOT EXISTS galley' -c 'GRANT USAGE ON SCHEMA galley TO galley_views'")
        // Twice: a second run repairs and harms nothing.
        for _ in 1...2 { try await database.psql("-f \(sql)/gate.sql") }
        return database
    }

    private static let roles = ["galley_reader", "galley_kitchen", "galley_operator", "galley_lead"]

    func psql(_ arguments: String, database: String = "platform", variables: String = "") async throws {
        let command =
            "\(variables) PGPASSWORD=\(server.password) psql -X -q -v ON_ERROR_STOP=1 -h 127.0.0.1 -p \(server.port) "
            + "-U postgres -d \(database) \(arguments) 2>&1"
        let result = await Thread.run("psql", on: .shared, until: .after(.seconds(60))) { () -> (Int32, String) in
            guard let stream = popen(command, "r") else { return (-1, "") }
            var text = ""
            while true {
                let byte = getc(stream)
                if byte < 0 { break }
                text.unicodeScalars.append(UnicodeScalar(UInt8(byte)))
            }
            return (pclose(stream), text)
        }
        guard let result, result.0 == 0 else { throw ScratchFailure("psql \(arguments): \(result?.1 ?? "no answer")") }
    }

    func client(_ role: String) -> PostgresClient {
        var configuration = server.configuration(database: "platform")
        configuration.user = role
        configuration.connectTimeout = .seconds(2)
        configuration.options = "-c " + PostgresLedger.writable
        return PostgresClient(configuration, name: role)
    }

    func ledger(_ role: Role) -> PostgresLedger {
        let name = role == .viewer ? "galley_reader" : "galley_\(role.word)"
        return PostgresLedger(primary: client(name), any: client(name), schema: "galley")
    }
}

extension Deadline {
    /// Long enough for a loaded machine: what passes it hangs.
    static var generous: Deadline { .after(.seconds(60)) }
}

/// The error of a call that must fail.
func ledgerFailure(_ body: () async throws(LedgerError) -> Void) async -> LedgerError? {
    do throws(LedgerError) {
        try await body()
        Issue.record("the call succeeded")
        return nil
    } catch {
        return error
    }
}
