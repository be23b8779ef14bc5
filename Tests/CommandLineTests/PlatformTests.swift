import Glibc
import PlatformModel
import Reactor
import TestSupport
import Testing

@testable import LocalPlatform

/// The real program over a real platform; one platform for all, because each fills the machine.
@Suite(.serialized) struct PlatformTests {
    @Test func everyCommandTellsOfARealPlatform() async throws {
        let number = UInt16(getpid() % 900)
        let platform = LocalPlatform(folder: "/tmp/galley-cli-platform-\(getpid())")
        var options = LocalOptions()
        var base = 30_000 + number * 16 % 9000
        while !(0..<16).allSatisfy({ Ports.isFree(base + $0) }) { base += 16 }
        options.portBase = base
        options.rate = 600
        do {
            try await platform.start(options)
            try await Galley.with { galley in
                // Under another name, so that the machine's own local platform adds nothing.
                let text = (Files.readText(platform.configuration) ?? "").replacing(
                    "environments.local", with: "environments.cli"
                )
                .replacing("default_environment = \"local\"", with: "")
                let file = try galley.configure(text)
                let tested = Tested(galley: galley, platform: platform, options: "--environment cli --config \(file)")
                try await tested.healthy()
                try await tested.lists()
                try await tested.agents()
                try await tested.wrongPassword(text)
                try await tested.withoutRedis()
            }
            try await platform.reset()
        } catch {
            _ = try? await platform.reset()
            throw error
        }
    }
}

private struct Tested {
    let galley: Galley
    let platform: LocalPlatform
    let options: String

    /// Runs until the condition holds, or for long enough; returns the last run.
    private func until(_ arguments: String, _ condition: (Galley.Run) -> Bool) async throws -> Galley.Run {
        let end = Deadline.after(.seconds(60))
        while true {
            let run = try await galley.run("\(arguments) \(options)")
            if condition(run) || end.hasPassed { return run }
        }
    }

    private func codes(_ json: JSON?) -> Set<String> {
        Set((json?["findings"]?.array ?? []).compactMap { $0["code"]?.text })
    }

    func healthy() async throws {
        let text = try await until("status") { $0.status == 0 }
        #expect(text.status == 0, "\(text.output)")
        for word in ["eu-west-1a", "us-east-1a", "Redis", "worker"] { #expect(text.output.contains(word)) }
        // The queues come with the first orders.
        let json = try #require(
            try await until("status --json") { $0.status == 0 && $0.json?["queues"]?["value"]?.array?.count == 5 }.json)
        #expect(json["schema"]?.text == "galley.status/1" && json["environment"]?.text == "cli")
        #expect(json["at"]?.text?.hasSuffix("Z") == true && json["errors"]?.array == [])
        let roles = json["databases"]?.array?.map { $0["value"]?["role"]?.text }
        #expect(roles == ["primary", "replica", "replica", "replica"])
        #expect(json["services"]?.array?.allSatisfy { $0["value"]?["state"]?.text == "ok" } == true)
        #expect(json["redis"]?["value"]?["append_only"]?.bool == true)
        let queues = json["queues"]?["value"]?.array ?? []
        let names = Set(queues.compactMap { $0["name"]?.text })
        #expect(names == ["orders", "suppliers", "webhooks", "notifications", "agents"])
        // One named worker each, whatever its connections.
        #expect(queues.allSatisfy { $0["workers"]?.int == 1 }, "\(queues)")
    }

    func lists() async throws {
        let list = try await until("orders list --json --limit 5") { $0.json?["orders"]?.array?.count == 5 }
        let ids = (list.json?["orders"]?.array ?? []).compactMap { $0["id"]?.int }
        #expect(list.status == 0 && ids.count == 5 && ids == ids.sorted(by: >))
        let id = try #require(ids.last)
        let show = try await galley.run("orders show \(id) --json \(options)")
        #expect(show.status == 0 && show.json?["order"]?["id"]?.int == id)
        #expect(show.json?["order"]?["lines"]?.array?.isEmpty == false)
        #expect(try await galley.run("orders show \(id) \(options)").output.contains("Order #\(id)"))
        #expect(try await galley.run("orders show 999999999 \(options)").status == 5)
        let queues = try await galley.run("queues list --json \(options)")
        #expect(queues.status == 0 && queues.json?["queues"]?[0]?["added_per_second"]?.double != nil)
        let jobs = try await galley.run("queues jobs suppliers --state completed --limit 3 --json \(options)")
        #expect(jobs.status == 0 && jobs.json?["total"]?.int != nil && jobs.json?["state"]?.text == "completed")
        let nodes = try await galley.run("databases list --json \(options)")
        #expect(nodes.status == 0 && nodes.json?["databases"]?.array?.count == 4)
        let head = try await galley.run("orders list \(options)", pipe: "| head -2")
        #expect(head.output.hasPrefix("  ORDER") || head.output.contains("ORDER"))
        #expect(head.errors.isEmpty)
    }

    /// What real graphs of this environment's LangGraph leave in the platform's own tables, read as its reader may.
    func agents() async throws {
        let found = try await until("agents runs --json --state done") {
            ($0.json?["runs"]?.array ?? []).contains { ($0["tool_calls"]?.int ?? 0) > 0 }
        }
        let runs = found.json?["runs"]?.array ?? []
        #expect(found.status == 0 && !runs.isEmpty, "\(found.output) \(found.errors)")
        let run = try #require(runs.first { ($0["tool_calls"]?.int ?? 0) > 0 })
        let thread = try #require(run["thread"]?.text)
        let order = try #require(run["order"]?.int)
        #expect(thread.hasPrefix("order-\(order)-") && run["queue"]?.text == "agents")
        #expect(run["job"]?.text?.hasPrefix("order-\(order)-agent-") == true)
        #expect(run["nodes"]?.array?.first?.text == "read_order" && (run["decision_time"]?.double ?? 0) > 0)
        let list = try await galley.run("agents list --json \(options)")
        let agents = list.json?["overview"]?["agents"]?.array ?? []
        #expect(list.json?["overview"]?["store_schema"]?.text == "agents")
        let graphs = Set(agents.compactMap { $0["name"]?.text })
        #expect(graphs.isSubset(of: ["normaliser", "matcher", "approver"]))
        let show = try await galley.run("agents show \(thread) --json \(options)")
        let steps = show.json?["steps"]?.array ?? []
        #expect(steps.first?["source"]?.text == "input" && steps.count > 3)
        #expect(steps.contains { $0["calls"]?.array?.isEmpty == false })
        #expect(try await galley.run("agents show no-such-thread \(options)").status == 5)
        #expect(try await galley.run("agents list \(options)").output.contains("normaliser"))
    }

    func wrongPassword(_ text: String) async throws {
        let file = galley.folder + "/wrong.pgpass"
        let stream = try #require(fopen(file, "w"))
        fputs("*:*:*:*:guessed-secret\n", stream)
        fclose(stream)
        chmod(file, 0o600)
        let passfile = platform.root + "/secrets/galley_reader.pgpass"
        try #require(text.contains(passfile))
        _ = try galley.configure(text.replacing(passfile, with: file))
        let run = try await galley.run("orders list \(options)")
        _ = try galley.configure(text)
        #expect(run.status == 4)
        #expect(run.errors.contains("galley_reader") && run.errors.contains("pgpass"), "\(run.errors)")
        #expect(!run.errors.contains("guessed-secret"))
    }

    func withoutRedis() async throws {
        try await platform.fault("kill", target: "redis")
        let run = try await galley.run("status --json \(options)")
        #expect(run.status == 11)
        #expect(codes(run.json).contains("RedisUnreachable"))
        let errors = (run.json?["errors"]?.array ?? []).compactMap { $0["origin"]?.text }
        #expect(Set(errors).isSubset(of: ["redis", "queues", "worker", "agents"]) && errors.contains("redis"))
        #expect(run.json?["databases"]?.array?.allSatisfy { $0["failure"]?.isNull == true } == true)
        #expect(run.json?["orders"]?["value"]?["counts"] != nil)
        // The worker cannot do without it: a symptom, not a second cause.
        let symptom = try await until("status --json") { codes($0.json).contains("ServiceDown") }
        let worker = symptom.json?["findings"]?.array?.first { $0["code"]?.text == "ServiceDown" }
        #expect(worker?["cause"]?["code"]?.text == "RedisUnreachable")
        #expect(try await galley.run("queues list \(options)").status == 7)
        try await platform.heal()
        #expect(try await until("status") { $0.status == 0 }.status == 0)
    }
}
