import Glibc
import PlatformModel
import Reactor
import Testing

@testable import LocalPlatform

/// A whole platform, once up, seen from all sides; serialized, because each one fills the machine.
@Suite(.serialized) struct LocalPlatformTests {
    @Test func wholePlatformFromUpToDown() async throws {
        try await TemporaryPlatform.with { temporary in
            let platform = temporary.platform
            let started = try await platform.start(temporary.options(serversOnly: false))
            #expect(!started.attached)
            let processes = started.status["processes"]?.array ?? []
            #expect(processes.count == 12)
            #expect(processes.allSatisfy { $0["state"]?.text == "running" })
            #expect(Files.readText(platform.configuration)?.contains("port = \(temporary.base)") == false)
            #expect(Files.readText(platform.configuration)?.contains("kind = \"local\"") == true)

            var other = LocalOptions()
            other.rate = 60
            let second = try await platform.start(other)
            #expect(second.attached)
            #expect(second.notes == ["it places 600 orders a minute, not 60"])

            try await quorumAndRoles(temporary)
            try await ordersFlow(temporary)
            try await serviceFaults(temporary)
            try await replicaFaults(temporary)
            try await primaryFault(temporary)

            #expect(try await platform.stop())
            #expect(temporary.members.isEmpty)
            #expect(try await !platform.stop())
            let again = try await platform.start()
            #expect(!again.attached && again.notes.isEmpty)
            #expect(try await temporary.port("api") == temporary.base)
        }
    }

    private func quorumAndRoles(_ temporary: TemporaryPlatform) async throws {
        let standbys = "select count(*) from pg_stat_replication where sync_state = 'quorum' and state = 'streaming'"
        #expect(try await temporary.eventually { try await temporary.sql(standbys) == "3" })
        for node in Node.all {
            #expect(try await temporary.sql("show cluster_name", on: node.name) == node.name)
            #expect(try await temporary.sql("select count(*) from pg_replication_slots", on: node.name) == "3")
            #expect(try await temporary.sql("show data_checksums", on: node.name) == "on")
            #expect(try await temporary.sql("select node from galley.ops_epoch", on: node.name) == "eu-west-1a")
        }
        // What is archived is whole.
        _ = try await temporary.sql("select pg_switch_wal()")
        #expect(try await temporary.eventually { !Files.list(temporary.folder.archive).isEmpty })
    }

    private func ordersFlow(_ temporary: TemporaryPlatform) async throws {
        #expect(
            try await temporary.eventually(within: .seconds(40)) {
                Int(try await temporary.sql("select count(*) from galley.orders where status <> 'submitted'")) ?? 0 > 0
            })
    }

    private func health(_ temporary: TemporaryPlatform, _ name: String) async throws -> Int? {
        await Probe.health(port: try await temporary.port(name), loop: .shared, until: .after(.seconds(4)))?.status
    }

    private func serviceFaults(_ temporary: TemporaryPlatform) async throws {
        let platform = temporary.platform
        try await platform.fault("kill", target: "api")
        #expect(try await temporary.state("api") == "down")
        #expect(try await health(temporary, "api") == nil)
        try await platform.fault("error", target: "admin")
        #expect(try await temporary.eventually { try await health(temporary, "admin") == 500 })
        try await platform.fault("slow", target: "webhook", seconds: 1)
        #expect(
            try await temporary.eventually {
                let begin = Deadline.now
                _ = try await health(temporary, "webhook")
                return begin.advanced(by: .milliseconds(900)).hasPassed
            })
        try await platform.fault("stop-workers")
        #expect(try await temporary.state("worker") == "down")
        let text = Files.readText(temporary.folder.state) ?? ""
        #expect(try JSON.parse(text)["faults"]?.array?.count == 4)

        try await platform.heal()
        for name in Services.names {
            #expect(try await temporary.eventually { try await health(temporary, name) == 200 }, "\(name)")
        }
        #expect(try JSON.parse(Files.readText(temporary.folder.state) ?? "")["faults"]?.array == [])
        await #expect(throws: LocalPlatformError.self) { try await platform.fault("kill", target: "nobody") }
        await #expect(throws: LocalPlatformError.self) { try await platform.fault("bewitch", target: "api") }
        await #expect(throws: LocalPlatformError.self) { try await platform.fault("cut", target: "eu-west-1a") }
    }

    private func replicaFaults(_ temporary: TemporaryPlatform) async throws {
        let platform = temporary.platform
        func streams(_ node: String) async throws -> Bool {
            try await temporary.sql(
                "select count(*) from pg_stat_replication where application_name = '\(node)'") == "1"
        }
        try await platform.fault("cut", target: "us-east-1a")
        #expect(try await temporary.eventually { try await !streams("us-east-1a") })
        try await platform.heal("us-east-1a")
        #expect(try await temporary.eventually { try await streams("us-east-1a") })

        try await platform.fault("hang", target: "eu-central-1a")
        let pid = try #require(try await temporary.process("eu-central-1a")?["pid"]?.int)
        let tree = ProcessTree.family(of: pid_t(pid))
        #expect(tree.count > 3)
        #expect(tree.allSatisfy { ProcessFacts($0)?.state == "T" })
        #expect(try await temporary.state("eu-central-1a") == "hanging")
        try await platform.heal("eu-central-1a")
        #expect(try await temporary.sql("select 1", on: "eu-central-1a") == "1")

        try await platform.fault("delay", target: "eu-west-1b", seconds: 2)
        let marker = try await temporary.sql(
            "set synchronous_commit = local; select pg_logical_emit_message(true, 'test', 'x')")
        #expect(!marker.isEmpty)
        try await platform.heal("eu-west-1b")
    }

    private func primaryFault(_ temporary: TemporaryPlatform) async throws {
        try await temporary.platform.fault("kill", target: "eu-west-1a")
        #expect(try await temporary.state("eu-west-1a") == "down")
        #expect(try await temporary.sql("select 1") == "")
        #expect(try await temporary.sql("select 1", on: "us-east-1a") == "1")
        try await temporary.platform.heal("eu-west-1a")
        #expect(
            try await temporary.eventually {
                try await temporary.sql("select count(*) from pg_stat_replication where state = 'streaming'") == "3"
            })
    }
}
