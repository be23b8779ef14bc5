import Collectors
import PlatformModel
import PlatformStore
import Reactor

/// `galley queues …`: what the queues screen shows.
enum QueuesCommand {
    static func list(_ arguments: Arguments) throws(CommandFailure) -> Int32 {
        let connections = try Connections(try Setup(arguments).environment(arguments))
        let queueOnly = connections.collectors.filter { $0.name == "queues" }
        let snapshot = runBlocking {
            let watch = PlatformWatch(collectors: queueOnly, store: connections.store) { _ in }
            _ = await watch.readOnce(until: .after(.seconds(3)))
            // Rates need two looks.
            await EventLoop.shared.sleep(until: .after(.milliseconds(1100)))
            return await watch.readOnce(until: .after(.seconds(3)))
        }
        if let failure = snapshot.queues.failure { throw CommandFailure(failure) }
        let queues = snapshot.queues.value ?? []
        if arguments.has("json") {
            let object = SnapshotJSON.envelope(
                "queues", environment: connections.identity.name, at: snapshot.at.wall,
                [("queues", .array(queues.map(SnapshotJSON.queue)))])
            Output.raw(object.write(pretty: true))
            return ExitStatus.done
        }
        var table = TextTable([
            ("QUEUE", .left), ("KIND", .left), ("STATE", .left), ("WAITING", .right), ("ACTIVE", .right),
            ("DELAYED", .right),
            ("FAILED", .right), ("LAG", .right), ("IN", .right), ("OUT", .right), ("DRAINED", .right),
            ("WORKERS", .right),
        ])
        for queue in queues {
            table.add([
                queue.name, queue.flavour.word, queue.isPaused ? "paused" : "running", Quantity.grouped(queue.backlog),
                Quantity.grouped(queue.count(.active)), Quantity.grouped(queue.count(.delayed)),
                Quantity.grouped(queue.count(.failed)), queue.lag.map(Quantity.duration) ?? "-",
                queue.addedPerSecond.map(Quantity.rate) ?? "-", queue.finishedPerSecond.map(Quantity.rate) ?? "-",
                queue.timeToDrain.map(Quantity.duration) ?? "-", queue.workers.map(String.init) ?? "-",
            ])
        }
        table.print()
        return ExitStatus.done
    }

    static func jobs(_ arguments: Arguments) throws(CommandFailure) -> Int32 {
        let queue = arguments.positionals[0]
        let state = arguments.option("state").flatMap(JobState.init) ?? .waiting
        let limit = try OrdersCommand.limit(arguments, otherwise: 50)
        let connections = try Connections(try Setup(arguments).environment(arguments))
        guard let reader = connections.jobs else {
            throw CommandFailure(
                status: ExitStatus.configuration,
                message:
                    "environment \(connections.identity.name) has no queues: environments.\(connections.identity.name).redis.url",
                code: "configuration")
        }
        let page = try OrdersCommand.outcome { () async throws(ReadFailure) in
            try await reader.jobs(queue: queue, state: state, limit: limit, until: .after(.seconds(5)))
        }
        let now = Moment.now().wall
        if arguments.has("json") {
            let object = SnapshotJSON.envelope(
                "jobs", environment: connections.identity.name, at: now,
                [
                    ("queue", .string(queue)), ("state", .string(state.rawValue)), ("total", .integer(page.total)),
                    ("jobs", .array(page.jobs.map(SnapshotJSON.job))),
                ])
            Output.raw(object.write(pretty: true))
            return ExitStatus.done
        }
        var table = TextTable([
            ("JOB", .left), ("NAME", .left), ("CREATED", .right), ("ATTEMPTS", .right), ("DATA", .left),
            ("REASON", .left),
        ])
        for job in page.jobs {
            table.add([
                job.id, job.name, job.createdAt.map { Quantity.shortDuration(now - $0) + " ago" } ?? "-",
                "\(job.attempts)/\(job.maximumAttempts)", String(job.data.prefix(60)),
                String(job.failedReason.prefix(60)),
            ])
        }
        table.print()
        if page.total > page.jobs.count { Output.line("\(page.jobs.count) of \(Quantity.grouped(page.total))") }
        return ExitStatus.done
    }
}
