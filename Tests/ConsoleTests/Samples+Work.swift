import PlatformModel

@testable import Console

extension Samples {
    static let redis = RedisServer(
        version: "7.0.15", role: "master", uptime: .seconds(97_200), usedMemory: 12_400_000, maximumMemory: 64_000_000,
        connectedClients: 38, operationsPerSecond: 1204, keys: 18_230, appendOnly: true, lastSaveOK: true,
        latency: .microseconds(300))

    static let queues: [Queue] = [
        Queue(
            name: "orders", flavour: .bullMQ5,
            counts: [.waiting: 1432, .active: 3, .delayed: 12, .failed: 4, .completed: 128_400],
            lag: .seconds(252), workers: 1, addedPerSecond: 8.2, finishedPerSecond: 2.1),
        Queue(
            name: "normalise", flavour: .bullMQ5, counts: [.waiting: 3, .active: 8, .completed: 84_210],
            lag: .milliseconds(420),
            workers: 4, addedPerSecond: 6.4, finishedPerSecond: 6.5),
        Queue(
            name: "supplier-confirmations", flavour: .bullMQ4,
            counts: [.prioritized: 40, .active: 2, .failed: 131, .completed: 9_120],
            lag: .seconds(9), stalled: 1, workers: 2, addedPerSecond: 0.4, finishedPerSecond: 0.8, failedPerSecond: 0.02
        ),
        Queue(
            name: "invoices", flavour: .classic, isPaused: true, counts: [.waiting: 18, .completed: 2_040],
            lag: .seconds(41),
            workers: 2, addedPerSecond: 0, finishedPerSecond: 0),
        Queue(
            name: "notifications", flavour: .bullMQ5or6, counts: [.completed: 412], lag: .zero, workers: 1,
            addedPerSecond: 0.1, finishedPerSecond: 0.1),
    ]

    static let ordersOverview = OrdersOverview(
        counts: [
            .draft: 12, .submitted: 84, .held: 7, .approved: 41, .sent: 120, .confirmed: 388, .partlyReceived: 9,
            .received: 18_204, .rejected: 31, .cancelled: 212,
        ],
        openValue: [Money(minorUnits: 8_420_550, currency: "EUR"), Money(minorUnits: 1_204_000, currency: "USD")],
        late: 23, lateValue: [Money(minorUnits: 412_040, currency: "EUR")], oldestLate: .seconds(9_300),
        placedLastMinute: 38, placedLastHour: 2104, placedToday: 1284,
        revenueToday: [Money(minorUnits: 8_420_000, currency: "EUR"), Money(minorUnits: 310_000, currency: "USD")],
        newestPlacedAt: ago(1.2))

    static func services(at seconds: Double) -> [NamedReading<ServiceHealth>] {
        let all: [(String, Int, Int, ServiceHealth.State)] = [
            ("api", 3000, 84, .ok), ("admin", 3001, 120, .ok), ("webhook", 3002, 41, .ok),
            ("worker", 3003, 15, .degraded),
        ]
        return all.map { name, port, latency, state in
            var named = NamedReading<ServiceHealth>(name: name, address: "http://127.0.0.1:\(port)")
            var needs = [
                ServiceHealth.Dependency(name: "postgres", state: "ok", latency: .milliseconds(2), error: ""),
                ServiceHealth.Dependency(name: "redis", state: "ok", latency: .microseconds(400), error: ""),
            ]
            if state == .degraded {
                needs.append(
                    ServiceHealth.Dependency(name: "workers", state: "down", latency: nil, error: "1 of 3 takes jobs"))
            }
            named.reading.succeed(
                ServiceHealth(
                    name: name, state: state, statusCode: state == .ok ? 200 : 503, latency: .milliseconds(latency),
                    version: "2.14.0", uptime: .seconds(3_720), dependencies: needs),
                at: moment(seconds - 0.9), took: .milliseconds(latency))
            return named
        }
    }

    static let findings: [Finding] = [
        Finding(
            .workersGone, .critical, subject: "orders", evidence: "1 of 3 workers takes jobs; 2 were lost at 13:59.",
            advice: "Look at the worker service; restart it when its host is well.", since: moment(-252)),
        Finding(
            .queueLagHigh, .critical, subject: "orders", evidence: "The oldest job waits 4 m 12 s.",
            advice: "Bring workers back, or add some.", since: moment(-242),
            cause: Finding.ID(code: .workersGone, subject: "orders")),
        Finding(
            .ordersLate, .warning, evidence: "23 orders are past their delivery.", advice: "See the late orders.",
            since: moment(-160), cause: Finding.ID(code: .queueLagHigh, subject: "orders")),
        Finding(
            .replicaLagging, .warning, subject: "us-east-1a", evidence: "41.2 MB behind and growing 0.6 MB/s.",
            advice: "Look at its disk and its network before it is needed.", since: moment(-70)),
    ]

    static let trends: [TrendKey: Trend] = {
        var trends: [TrendKey: Trend] = [
            .ordersPerMinute: trend { wave($0, 80, 12, 42) }, .openOrders: trend { 540 + Double($0) },
            .lateOrders: trend { $0 < 100 ? 0 : Double($0 - 97) },
            .totalQueueLag: trend { $0 < 110 ? 0.4 : Double($0 - 109) * 25 },
            .redisOperations: trend { wave($0, 33, 900, 1300) },
            .transactionsPerSecond("eu-west-1a"): trend { wave($0, 50, 70, 130) },
            .connections("eu-west-1a"): trend { wave($0, 60, 30, 44) },
            .serviceLatency("api"): trend { wave($0, 17, 0.05, 0.09) },
            .serviceLatency("admin"): trend { wave($0, 23, 0.09, 0.13) },
            .serviceLatency("webhook"): trend { wave($0, 31, 0.03, 0.05) },
            .serviceLatency("worker"): trend { $0 % 29 == 0 ? nil : wave($0, 19, 0.01, 0.02) },
        ]
        for queue in queues {
            let isStuck = queue.name == "orders"
            trends[.queueLag(queue.name)] = trend { isStuck && $0 >= 110 ? Double($0 - 109) * 25 : wave($0, 13, 0, 1) }
            trends[.queueWaiting(queue.name)] = trend {
                isStuck && $0 >= 105 ? Double($0 - 104) * 95 : wave($0, 21, 0, 12)
            }
        }
        for name in ["eu-west-1b", "eu-central-1a"] { trends[.replicaLagBytes(name)] = trend { wave($0, 11, 0, 4000) } }
        trends[.replicaLagBytes("us-east-1a")] = trend { $0 < 80 ? 1000 : Double($0 - 79) * 1_000_000 }
        return trends
    }()

    static let suppliers = [
        ("FRISCH", "Frischhof"), ("GASTRO", "Gastro-Max"), ("NORDSEE", "Nordseefisch Cuxhaven"),
        ("MOLK", "Molkerei Ammerland"),
    ]
    static let kitchens = [
        ("TN-HH", "Trattoria Nord, Hamburg", "eu-central-1"), ("KG-DUB", "The Kitchen Garden, Dublin", "eu-west-1"),
        ("BOWL-NY", "Bowl & Bread, New York", "us-east-1"),
    ]

    static func order(_ id: Int64) -> Order {
        let status = OrderStatus.allCases[Int((id &* 7).magnitude % 10)]
        let (kitchenCode, kitchen, region) = kitchens[Int(id.magnitude % 3)]
        let (supplierCode, supplier) = suppliers[Int(id.magnitude % 4)]
        let placed = Double(20_500 - id) * 37 + 1
        return Order(
            id: id, status: status, kitchenCode: kitchenCode, kitchen: kitchen, region: region,
            supplierCode: supplierCode,
            supplier: supplier,
            total: Money(minorUnits: 4_200 + id * 7919 % 98_000, currency: id % 3 == 2 ? "USD" : "EUR"),
            lineCount: Int(id % 9) + 1, placedAt: ago(placed), dueAt: ago(placed - 7200 - Double(id % 5) * 3600),
            updatedAt: ago(placed / 2), version: id % 4 + 1, placedBy: "kitchen-\(id % 12)",
            note: id % 6 == 0 ? "side door" : "")
    }

    static func page(_ query: OrderQuery = OrderQuery(), after: OrderCursor? = nil, count: Int = 200) -> OrderPage {
        let first = (after?.id ?? 20_501) - 1
        let orders = (0..<Int64(count)).map { order(first - $0) }
        return OrderPage(
            query: query, after: after, orders: orders,
            next: orders.last.map { OrderCursor(id: $0.id, at: $0.placedAt) })
    }

    static func details(_ id: Int64) -> OrderDetails {
        let euro = { Money(minorUnits: $0, currency: "EUR") }
        return OrderDetails(
            order: order(id),
            lines: [
                OrderLine(
                    number: 1, itemCode: "4711", item: "Tomatoes Roma, class 1", pack: "5 kg box", quantity: "4",
                    received: "0", price: euro(980), total: euro(3920), allergens: []),
                OrderLine(
                    number: 2, itemCode: "1020", item: "Mozzarella di bufala", pack: "8 x 125 g", quantity: "2",
                    received: "1", price: euro(1350), total: euro(2700), allergens: ["milk"]),
                OrderLine(
                    number: 3, itemCode: "2203", item: "Basil", pack: "pot", quantity: "6", received: "0",
                    price: euro(110), total: euro(660), allergens: []),
            ],
            events: [
                OrderEvent(at: ago(5400), actor: "kitchen-12", from: nil, to: .submitted, note: ""),
                OrderEvent(
                    at: ago(5100), actor: "policy", from: .submitted, to: .approved, note: "within weekly budget"),
                OrderEvent(at: ago(3600), actor: "worker-2", from: .approved, to: .sent, note: "EDI 4471"),
            ])
    }

    private static let jobData =
        #"{"order":20400,"kitchen":"TN-HH","lines":[{"sku":"4711","qty":4},{"sku":"1020","qty":2}],"note":"ring twice"}"#

    static func jobs(_ queue: String = "orders", _ state: JobState = .waiting) -> JobPage {
        let jobs = (0..<40).map { (index: Int) -> Job in
            let isFailed = state == .failed
            return Job(
                id: String(90_400 + index), name: index % 3 == 0 ? "send-order" : "normalise-line", state: state,
                createdAt: ago(252 - Double(index) * 3), processedAt: isFailed ? ago(200) : nil,
                finishedAt: isFailed ? ago(198) : nil, dueAt: nil, attempts: isFailed ? 3 : 0, maximumAttempts: 3,
                priority: 0, failedReason: isFailed ? "connect ECONNREFUSED 10.2.0.14:443" : "",
                data: jobData,
                worker: "")
        }
        return JobPage(queue: queue, state: state, jobs: jobs, total: 1432)
    }
}
