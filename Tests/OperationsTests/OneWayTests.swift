import Glibc
import HTTPClient
import PlatformModel
import Reactor
import Testing

@testable import Operations

/// There is one way by which anything is changed, and this is where it is proven.
@Suite struct OneWayTests {
    private var root: String { String(#filePath.dropLast("/Tests/OperationsTests/OneWayTests.swift".count)) }

    /// By types: a mutating client asks for a permit, and one file can make it.
    @Test func onlyTheExecutorMakesPermits() throws {
        let files = try sources().filter { try text($0).contains("ExecutionPermit(") }
        #expect(files.map(name) == ["Executor.swift"])
        let permit = try text("\(root)/Sources/Operations/Executor/Executor.swift")
        #expect(permit.contains("fileprivate init() {}") && permit.contains("ExecutionPermit: ~Copyable"))
    }

    /// By words: what changes something elsewhere is written in few files, each of which asks for the permit, or keeps
    /// the gate's own records, or serves the local platform.
    @Test func whatMutatesIsWrittenWhereThePermitIsAsked() throws {
        let writing = [
            #"mutation "#, #""POST""#, #""PUT""#, #""PATCH""#, #""DELETE""#, "INSERT INTO", "UPDATE ", "DELETE FROM",
            "ALTER SYSTEM", "pg_promote", "pg_terminate", "default_transaction_read_only",
        ]
        // The hints only name a setting.
        let allowed: Set = ["OrdersAPI.swift", "PostgresLedger.swift", "PostgresLedger+Changes.swift", "Hints.swift"]
        for file in try sources() where !file.contains("/Sources/LocalPlatform/") && !file.contains("/HTTPClient/") {
            let code = try text(file).split(separator: "\n").filter { !$0.drop { $0 == " " }.hasPrefix("//") }
            let hits = writing.filter { word in code.contains { $0.contains(word) } }
            #expect(hits.isEmpty || allowed.contains(name(file)), "\(file) writes \(hits)")
        }
    }

    @Test func readersAndScreensKnowNothingOfPermits() throws {
        for file in try sources() where try text(file).contains("ExecutionPermit") {
            #expect(file.contains("/Sources/Operations/"), "\(file)")
        }
    }

    /// Every command that changes anything has a planner, and no command that only reads has one.
    @Test func everyActionOfTheTableIsPlanned() async throws {
        try await withFolder { folder in
            let gate = gate(folder, performers: [])
            // What the gate plans itself, and what a platform with an API adds.
            let api = OrdersAPI(client: HTTPClient(), url: "http://127.0.0.1:1/graphql") { nil }
            let own = gate.commands.union(OrdersPlanner(api: api).commands)
            // These go on with a plan that was made before.
            let elsewhere: Set = ["orders.outbox.send", "operations.resume", "operations.close"]
            for command in CommandTable.all {
                if command.danger == .none {
                    #expect(!own.contains(command.id), "\(command.id)")
                } else if !elsewhere.contains(command.id) {
                    #expect(own.contains(command.id), "\(command.id)")
                }
            }
        }
    }

    /// Local commands serve a platform of one's own and never reach another.
    @Test func whatIsNamedLikeAnActionIsOne() {
        let verbs = [
            "approve", "hold", "release", "cancel", "place", "retry", "remove", "resume", "clean", "promote", "restart",
            "arm", "disarm", "set", "lift", "grant", "refuse", "send", "close", "note", "switchover", "failback",
        ]
        for command in CommandTable.all {
            guard let verb = command.id.split(separator: ".").dropFirst().last, command.words.first != "local" else {
                continue
            }
            if verbs.contains(String(verb)) { #expect(command.danger > .none, "\(command.id)") }
        }
    }

    private func name(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? "" }

    private func sources() throws -> [String] {
        let found = try files(in: "\(root)/Sources")
        try #require(found.count > 200)
        return found
    }

    private func files(in folder: String) throws -> [String] {
        let handle = try #require(opendir(folder), "no folder \(folder)")
        defer { closedir(handle) }
        var found: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasPrefix(".") { continue }
            if name.hasSuffix(".swift") {
                found.append("\(folder)/\(name)")
            } else if !name.contains("."), name != "Resources" {
                found += try files(in: "\(folder)/\(name)")
            }
        }
        return found.sorted()
    }

    private func text(_ path: String) throws -> String { try #require(StateFolder.text(of: path), "\(path)") }
}
