import PlatformModel

@testable import Console

extension Samples {
    /// The platform with a queue that lost its workers and a replica that falls behind.
    static func snapshot(at seconds: Double = 0) -> Snapshot {
        var snapshot = Snapshot(environment: environment, at: moment(seconds))
        snapshot.databases = databases(at: seconds)
        snapshot.redis.succeed(redis, at: moment(seconds - 0.3), took: .milliseconds(1))
        snapshot.queues.succeed(queues, at: moment(seconds - 0.4), took: .milliseconds(4))
        snapshot.orders.succeed(ordersOverview, at: moment(seconds - 0.8), took: .milliseconds(6))
        snapshot.services = services(at: seconds)
        snapshot.findings = findings
        snapshot.trends = trends
        return snapshot
    }

    /// The same, and nothing is wrong.
    static func healthySnapshot(at seconds: Double = 0) -> Snapshot {
        var snapshot = snapshot(at: seconds)
        snapshot.findings = []
        if var replica = snapshot.databases.last?.reading.value {
            replica.replayed = replica.position
            snapshot.databases[3].reading.succeed(replica, at: moment(seconds - 0.2), took: .milliseconds(3))
        }
        if var primary = snapshot.databases.first?.reading.value {
            primary.replicas = primary.replicas.map {
                ReplicaLink(
                    name: $0.name, state: $0.state, syncState: $0.syncState, sent: $0.sent, written: $0.sent,
                    flushed: $0.sent, replayed: $0.sent, replayLag: .milliseconds(2), lagBytes: 0)
            }
            snapshot.databases[0].reading.succeed(primary, at: moment(seconds - 0.2), took: .milliseconds(3))
        }
        let calm = queues.map { queue in
            Queue(
                name: queue.name, flavour: queue.flavour, counts: [.active: 2, .completed: queue.count(.completed)],
                lag: .zero, workers: 3, addedPerSecond: 2, finishedPerSecond: 2)
        }
        snapshot.queues.succeed(calm, at: moment(seconds - 0.4), took: .milliseconds(4))
        var orders = ordersOverview
        orders.late = 0
        orders.lateValue = []
        orders.oldestLate = nil
        snapshot.orders.succeed(orders, at: moment(seconds - 0.8), took: .milliseconds(6))
        snapshot.services = snapshot.services.map { service in
            var service = service
            if var health = service.reading.value {
                health.state = .ok
                health.dependencies = health.dependencies.filter { $0.state == "ok" }
                service.reading.succeed(health, at: moment(seconds - 0.9), took: health.latency)
            }
            return service
        }
        return snapshot
    }

    /// Everything that could be read once no longer answers.
    static func failingSnapshot(at seconds: Double = 0) -> Snapshot {
        var snapshot = snapshot(at: seconds - 42)
        snapshot.at = moment(seconds)
        let refused = ReadFailure(
            code: "connection-refused", cause: "127.0.0.1 port 5432 refused the connection",
            hint: "is the server running? galley local status")
        for index in snapshot.databases.indices {
            snapshot.databases[index].reading.fail(refused, at: moment(seconds - 41), took: .milliseconds(2))
        }
        let timedOut = ReadFailure(
            code: "timed-out", cause: "no answer within 2 s", hint: "galley doctor checks the way")
        snapshot.redis.fail(timedOut, at: moment(seconds - 40), took: .seconds(2))
        snapshot.queues.fail(timedOut, at: moment(seconds - 40), took: .seconds(2))
        snapshot.orders.fail(refused, at: moment(seconds - 40), took: .milliseconds(2))
        for index in snapshot.services.indices {
            snapshot.services[index].reading.fail(timedOut, at: moment(seconds - 40), took: .seconds(2))
        }
        snapshot.findings = [
            Finding(
                .noPrimary, .critical, evidence: "No database says that it is primary; eu-west-1a was, 42 s ago.",
                advice: "Look whether its host is up before anything is promoted.", since: moment(seconds - 41))
        ]
        return snapshot
    }

    /// Configured, but nothing ever answered.
    static func unavailableSnapshot(at seconds: Double = 0) -> Snapshot {
        var snapshot = Snapshot(environment: environment, at: moment(seconds))
        let denied = ReadFailure(
            code: "sqlstate-28P01", cause: "password authentication failed for user \"galley_reader\"",
            hint: "look into ~/.pgpass")
        snapshot.databases = databases(at: seconds).map { named in
            var fresh = NamedReading<DatabaseNode>(name: named.name, region: named.region, address: named.address)
            fresh.reading.fail(denied, at: moment(seconds), took: .milliseconds(3))
            return fresh
        }
        snapshot.redis.fail(
            ReadFailure(code: "redis-noauth", cause: "NOAUTH Authentication required.", hint: "name a password file"),
            at: moment(seconds), took: .milliseconds(1))
        snapshot.queues.fail(
            ReadFailure(code: "redis-noauth", cause: "NOAUTH Authentication required.", hint: "name a password file"),
            at: moment(seconds), took: .milliseconds(1))
        snapshot.orders.fail(
            ReadFailure(
                code: "sqlstate-42501", cause: "permission denied for view orders_overview",
                hint: "grant it to the role galley_reader"), at: moment(seconds), took: .milliseconds(1))
        return snapshot
    }

    static func databases(at seconds: Double) -> [NamedReading<DatabaseNode>] {
        let lags: [Int64] = [0, 0, 41_200_000]
        let replicas = [("eu-west-1b", "eu-west-1"), ("eu-central-1a", "eu-central-1"), ("us-east-1a", "us-east-1")]
        var primary = node("eu-west-1a", "eu-west-1", .primary)
        primary.position = LogPosition(bytes: 0x16_B374_D848)
        primary.synchronousStandbyNames = "ANY 2 (eu-west-1b, eu-central-1a, us-east-1a)"
        primary.replicas = zip(replicas, lags).map { replica, lag in
            ReplicaLink(
                name: replica.0, state: "streaming", syncState: "quorum", sent: primary.position,
                written: primary.position, flushed: primary.position,
                replayed: LogPosition(bytes: 0x16_B374_D848 - UInt64(lag)),
                replayLag: lag == 0 ? .milliseconds(2) : .milliseconds(9200), lagBytes: lag)
        }
        primary.slots = replicas.map {
            ReplicationSlot(
                name: $0.0.split(separator: "-").joined(separator: "_"), isActive: true, walStatus: "reserved",
                retainedBytes: $0.0 == "us-east-1a" ? 41_200_000 : 0)
        }
        primary.archiver = DatabaseNode.Archiver(
            archivedCount: 1284, failedCount: 0, lastArchivedAt: ago(94), lastFailedAt: nil,
            lastArchived: "0000000400000016000000B2", lastFailed: "")
        primary.activity?.connections = 38
        primary.activity?.transactionsPerSecond = 120.4
        primary.activity?.blocked = 2
        primary.activity?.active = 5
        primary.activity?.idleInTransaction = 1
        primary.activity?.longestQuery = .milliseconds(2300)
        primary.activity?.longestTransaction = .seconds(74)
        primary.activity?.sessions = sessions
        var all = [named(primary, port: 5432, at: seconds)]
        for (index, (replica, lag)) in zip(replicas, lags).enumerated() {
            var node = node(replica.0, replica.1, .replica)
            node.position = LogPosition(bytes: 0x16_B374_D848)
            node.replayed = LogPosition(bytes: 0x16_B374_D848 - UInt64(lag))
            node.lastReplayedAt = ago(lag == 0 ? 0.2 : 9.2)
            node.receiver = DatabaseNode.Receiver(
                status: "streaming", senderHost: "127.0.0.1", senderPort: 5432,
                slot: replica.0.split(separator: "-").joined(separator: "_"), timeline: 4, silence: .milliseconds(120))
            all.append(named(node, port: 5433 + index, at: seconds))
        }
        return all
    }

    private static func node(_ name: String, _ region: String, _ role: DatabaseNode.Role) -> DatabaseNode {
        var node = DatabaseNode(name: name, region: region, role: role)
        node.version = "15.8"
        node.timeline = 4
        node.systemIdentifier = "7301234567890123456"
        node.startedAt = ago(97_200)
        node.clock = wall
        node.activity = DatabaseNode.Activity()
        node.activity?.connections = 6
        node.activity?.maximumConnections = 100
        node.activity?.transactionsPerSecond = 3.2
        node.activity?.cacheHitShare = 0.993
        node.activity?.databaseBytes = 1_240_000_000
        return node
    }

    private static func named(_ node: DatabaseNode, port: Int, at seconds: Double) -> NamedReading<DatabaseNode> {
        var named = NamedReading<DatabaseNode>(name: node.name, region: node.region, address: "127.0.0.1:\(port)")
        named.reading.succeed(node, at: moment(seconds - 0.2), took: .milliseconds(3))
        return named
    }

    static let sessions: [Session] = [
        Session(
            pid: 4120, user: "api", application: "galley-api", state: "idle in transaction", wait: "Client",
            age: .seconds(74), blockedBy: [], query: "update orders set status = 'approved' where id = $1"),
        Session(
            pid: 4177, user: "worker", application: "galley-worker", state: "active", wait: "Lock",
            age: .seconds(61), blockedBy: [4120], query: "update orders set status = 'sent'\n where id = 20431"),
        Session(
            pid: 4181, user: "worker", application: "galley-worker", state: "active", wait: "Lock",
            age: .seconds(12), blockedBy: [4177], query: "select * from orders where id = 20431 for update"),
        Session(
            pid: 4302, user: "report", application: "psql", state: "active", wait: "", age: .milliseconds(2300),
            blockedBy: [], query: "select supplier_code, sum(total_minor) from orders group by 1 order by 2 desc"),
    ]
}
