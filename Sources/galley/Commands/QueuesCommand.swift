import Collectors
import PlatformModel
import PlatformStore
import Reactor

/// `galley queues …`: what the queues screen shows.
enum QueuesCommand {
    static func list(_ arguments: Arguments) throws(CommandFailure) -> Int32 {
        let connections = try Connections(try Setup(arguments).environment(arguments))
        let snapshot = try look(connections, twice: true)
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

    /// Which jobs are wanted.
    struct JobsRequest {
        let queue: String
        let state: JobState
        let limit: Int

        /// - Parameter limit: how many unless `--limit` says.
        init(_ arguments: Arguments, limit: Int) throws(CommandFailure) {
            queue = arguments.positionals[0]
            state = arguments.option("state").flatMap(JobState.init) ?? .waiting
            self.limit = try OrdersCommand.limit(arguments, otherwise: limit)
        }
    }

    static func reader(_ connections: Connections) throws(CommandFailure) -> JobReader {
        if let reader = connections.jobs { return reader }
        let name = connections.identity.name
        throw CommandFailure(
            status: ExitStatus.configuration, message: "environment \(name) has no queues", code: "configuration",
            hint: "name its Redis in environments.\(name).redis.url")
    }

    /// - Throws: that there is no such queue, with those that are near.
    static func check(_ queue: String, among names: [String]) throws(CommandFailure) {
        guard !names.contains(queue) else { return }
        throw CommandFailure(
            status: ExitStatus.notFound,
            message: "there is no queue “\(queue)”" + Suggestion.text(for: queue, among: names), code: "not-found",
            hint: names.isEmpty ? "there are no queues yet" : "there are: \(names.joined(separator: ", "))")
    }

    /// A look at the queues alone; rates need two.
    private static func look(_ connections: Connections, twice: Bool) throws(CommandFailure) -> Snapshot {
        let queueOnly = connections.collectors.filter { $0.name == "queues" }
        _ = try reader(connections)
        let snapshot = runBlocking {
            let watch = PlatformWatch(collectors: queueOnly, store: connections.store) { _ in }
            let first = await watch.readOnce(until: .after(.seconds(3)))
            guard twice else { return first }
            await EventLoop.shared.sleep(until: .after(.milliseconds(1100)))
            return await watch.readOnce(until: .after(.seconds(3)))
        }
        if let failure = snapshot.queues.failure { throw CommandFailure(failure) }
        return snapshot
    }

    static func jobs(_ arguments: Arguments) throws(CommandFailure) -> Int32 {
        let request = try JobsRequest(arguments, limit: 50)
        let (queue, state) = (request.queue, request.state)
        let connections = try Connections(try Setup(arguments).environment(arguments))
        let reader = try reader(connections)
        let page = try OrdersCommand.outcome { () async throws(ReadFailure) in
            try await reader.jobs(queue: queue, state: state, limit: request.limit, until: .after(.seconds(5)))
        }
        // An empty state of a queue is an answer; an empty answer about no queue is a mistyped name.
        if page.total == 0 {
            try check(queue, among: (try look(connections, twice: false).queues.value ?? []).map(\.name))
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
