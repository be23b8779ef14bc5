import Glibc
import PlatformModel
import Reactor

@testable import LocalPlatform

/// A platform in a folder of its own, on ports that no real one uses.
struct TemporaryPlatform: Sendable {
    let platform: LocalPlatform
    var folder: Folder { platform.folder }
    let base: UInt16

    init() {
        let number = UInt32(getpid()) &* 7919 &+ UInt32.random(in: 0..<100_000)
        platform = LocalPlatform(folder: "/tmp/galley-test-\(getpid())-\(number % 100_000)")
        // A range whose first ports are free; the choice of ports passes over single ones that are not.
        var base = UInt16(20_000 + number % 9_000)
        while !(0..<16).allSatisfy({ Ports.isFree(base + $0) }) { base += 16 }
        self.base = base
    }

    func options(serversOnly: Bool = true) -> LocalOptions {
        var options = LocalOptions()
        options.portBase = base
        options.serversOnly = serversOnly
        options.rate = 600
        return options
    }

    /// Runs the body and deletes the platform whatever happens.
    static func with<Result>(_ body: (TemporaryPlatform) async throws -> Result) async throws -> Result {
        let temporary = TemporaryPlatform()
        do {
            let result = try await body(temporary)
            try await temporary.platform.reset()
            return result
        } catch {
            _ = try? await temporary.platform.reset()
            throw error
        }
    }

    func process(_ name: String) async throws -> JSON? {
        try await platform.status()["processes"]?.array?.first { $0["name"]?.text == name }
    }

    func state(_ name: String) async throws -> String? { try await process(name)?["state"]?.text }

    func port(_ name: String) async throws -> UInt16 {
        try await platform.status()["ports"]?[name]?.int.flatMap { UInt16(exactly: $0) } ?? 0
    }

    /// Asks a node as its superuser, by psql; empty when it does not answer.
    func sql(_ text: String, on node: String = "eu-west-1a", database: String = "platform") async throws -> String {
        let command =
            "PGCONNECT_TIMEOUT=3 psql -XAt -h \(folder.run) -p \(try await port(node)) -U postgres -d \(database) "
            + "-c \(PostgresFiles.shellQuoted(text)) 2>/dev/null"
        guard let stream = popen(command, "r") else { return "" }
        defer { pclose(stream) }
        var bytes: [UInt8] = []
        while true {
            let byte = getc(stream)
            if byte < 0 { break }
            bytes.append(UInt8(byte))
        }
        return String(decoding: bytes, as: UTF8.self).trimmed
    }

    /// Waits for a condition; false when it did not come true in time.
    func eventually(
        within limit: Duration = .seconds(20), _ condition: () async throws -> Bool
    ) async throws -> Bool {
        let deadline = Deadline.after(limit)
        while !deadline.hasPassed {
            if try await condition() { return true }
            await EventLoop.shared.sleep(until: .after(.milliseconds(50)))
        }
        return false
    }

    var members: [ProcessFacts] { ProcessTree.members(of: folder) }

    /// The supervisor's process, or another one by a word of its command line.
    func pid(with word: String) -> pid_t? {
        members.first { facts in
            (Files.readText("/proc/\(facts.pid)/cmdline") ?? "").split(separator: "\0").contains { $0 == word }
        }?.pid
    }
}
