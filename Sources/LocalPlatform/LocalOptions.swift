import PlatformModel

/// What a platform is started with; what is not given keeps its stored or usual value.
public struct LocalOptions: Sendable, Hashable {
    /// Orders a minute that the traffic generator places.
    public var rate: Int?
    /// Orders of history to fill in when the database is made.
    public var orders: Int?
    /// Jobs to put on the queues when the platform is made.
    public var jobs: Int?
    /// Commits do not wait for replicas.
    public var asynchronous: Bool?
    /// The first of a range of ports, instead of the well-known ones.
    public var portBase: UInt16?
    /// Only PostgreSQL and Redis: for tests that need no services.
    public var serversOnly: Bool?

    public init() {}

    struct Effective: Sendable, Hashable {
        var rate = 30
        var orders = 0
        var jobs = 0
        var asynchronous = false
        var serversOnly = false
    }

    /// The effective values over what was stored.
    func over(_ stored: Effective) -> Effective {
        Effective(
            rate: rate ?? stored.rate, orders: orders ?? stored.orders, jobs: jobs ?? stored.jobs,
            asynchronous: asynchronous ?? stored.asynchronous, serversOnly: serversOnly ?? stored.serversOnly)
    }

    /// Which given options a running platform does not follow, in words.
    func differences(from running: Effective) -> [String] {
        let wanted = over(running)
        var lines: [String] = []
        if wanted.rate != running.rate { lines.append("it places \(running.rate) orders a minute, not \(wanted.rate)") }
        if wanted.orders != running.orders {
            lines.append("its history was made with \(running.orders) orders, not \(wanted.orders)")
        }
        if wanted.jobs != running.jobs { lines.append("it was made with \(running.jobs) jobs, not \(wanted.jobs)") }
        if wanted.asynchronous != running.asynchronous {
            lines.append("its commits \(running.asynchronous ? "do not wait" : "wait") for replicas")
        }
        if wanted.serversOnly != running.serversOnly {
            lines.append(running.serversOnly ? "it runs without services" : "it runs with services")
        }
        return lines
    }
}

extension LocalOptions.Effective {
    var json: JSON {
        [
            "rate": .integer(Int64(rate)), "orders": .integer(Int64(orders)), "jobs": .integer(Int64(jobs)),
            "asynchronous": .bool(asynchronous), "servers_only": .bool(serversOnly),
        ]
    }

    init(_ json: JSON?) {
        rate = json?["rate"]?.int ?? rate
        orders = json?["orders"]?.int ?? orders
        jobs = json?["jobs"]?.int ?? jobs
        asynchronous = json?["asynchronous"]?.bool ?? asynchronous
        serversOnly = json?["servers_only"]?.bool ?? serversOnly
    }
}
