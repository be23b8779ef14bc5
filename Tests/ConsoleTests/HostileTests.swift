import PlatformModel
import TerminalCells
import Testing

@testable import Console

/// Text from outside never acts on the terminal, whichever field it comes in.
@Suite struct HostileTests {
    static let texts = [
        "\u{1B}[2J\u{1B}]0;owned\u{7}", "\u{9B}31m", "a\u{202E}b\u{2066}c", "\u{200B}\u{FEFF}\u{200D}",
        "line\nbreak\r\ttab",
        String(repeating: "A\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}", count: 40), String(repeating: "漢", count: 300),
        "👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿", "\u{0}\u{8}\u{7F}", "مرحبا עולם", "",
    ]

    @Test(arguments: texts) func noFieldReachesACellRaw(text: String) {
        for size in [Size(columns: 80, rows: 24), Size(columns: 200, rows: 60), Size(columns: 30, rows: 8)] {
            for place in ["1", "2", "3", "4", "5", "6", "7"] {
                var state = Samples.console(.prod)
                var effects = state.update(.terminal(.resize(size)))
                effects += state.update(.snapshot(HostileTests.snapshot(text)))
                effects += state.update(.terminal(.key(Key(Character(place)))))
                answer(effects, to: &state, text)
                check(state.render(size: size), text)
                effects = state.update(.terminal(.key(.enter)))
                answer(effects, to: &state, text)
                check(state.render(size: size), text)
                effects = state.update(.terminal(.key(.enter)))
                answer(effects, to: &state, text)
                check(state.render(size: size), text)
                for effect in state.update(.terminal(.key(Key("y")))) {
                    if case .copy(let copied) = effect { #expect(isSafe(copied), "copied \(copied.debugDescription)") }
                }
                _ = state.update(.notice(severity: .critical, text: text, at: Samples.moment(1)))
                check(state.render(size: size), text)
                _ = state.update(.terminal(.key(Key(":"))))
                _ = state.update(.terminal(.paste(text)))
                check(state.render(size: size), text)
            }
        }
    }

    @Test(arguments: texts) func noFieldReachesALineRaw(text: String) {
        for line in PlainRenderer.statusLines(HostileTests.snapshot(text), now: Samples.moment(1), columns: 60) {
            #expect(isSafe(line), "\(line.debugDescription)")
        }
    }

    private func answer(_ effects: [ConsoleEffect], to state: inout ConsoleState, _ text: String) {
        for effect in effects {
            switch effect {
            case .loadOrders(let query, let after):
                let page = OrderPage(query: query, after: after, orders: [HostileTests.order(text)], next: nil)
                _ = state.update(.orders(.value(page), query: query, after: after, at: Samples.moment(0.5)))
            case .loadOrder(let id):
                let details = OrderDetails(
                    order: HostileTests.order(text),
                    lines: [
                        OrderLine(
                            number: 1, itemCode: text, item: text, pack: text, quantity: text, received: text,
                            price: Money(minorUnits: 1, currency: text), total: Money(minorUnits: .min, currency: text),
                            allergens: [text])
                    ], events: [OrderEvent(at: Samples.wall, actor: text, from: nil, to: nil, note: text)])
                _ = state.update(.orderDetails(.value(details), id: id, at: Samples.moment(0.5)))
            case .loadJobs(let queue, let jobState):
                let job = Job(
                    id: text, name: text, state: jobState, createdAt: nil, processedAt: nil, finishedAt: nil,
                    dueAt: nil,
                    attempts: .max, maximumAttempts: .min, priority: .max, failedReason: text, data: text, worker: text)
                let page = JobPage(queue: queue, state: jobState, jobs: [job], total: .max)
                _ = state.update(.jobs(.value(page), queue: queue, state: jobState, at: Samples.moment(0.5)))
            default: break
            }
        }
    }

    private func check(_ screen: ScreenBuffer, _ text: String) {
        for cell in screen.cells where !isSafe(cell.text) {
            Issue.record("\(cell.text.debugDescription) from \(text.debugDescription)")
            return
        }
    }

    /// What the terminal may be sent: nothing that controls, reorders or hides outside an emoji.
    private func isSafe(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            switch scalar.value {
            case 0x0A: return text.count > 1
            case ..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069, 0x200B, 0x200E, 0x200F, 0x2028, 0x2029, 0xFEFF:
                return false
            default: return true
            }
        }
    }

    static func order(_ text: String) -> Order {
        Order(
            id: .max, status: .held, kitchenCode: text, kitchen: text, region: text, supplierCode: text, supplier: text,
            total: Money(minorUnits: .min, currency: text), lineCount: .max, placedAt: Timestamp(microseconds: .max),
            dueAt: Timestamp(microseconds: .min), updatedAt: Timestamp(microseconds: 0), version: .min, placedBy: text,
            note: text)
    }

    static func snapshot(_ text: String) -> Snapshot {
        var snapshot = Snapshot(
            environment: EnvironmentIdentity(name: text, kind: .prod, title: text), at: Samples.moment())
        var node = DatabaseNode(name: text, region: text, role: .primary)
        node.version = text
        node.synchronousStandbyNames = text
        node.startedAt = Timestamp(microseconds: .min)
        node.replicas = [
            ReplicaLink(
                name: text, state: text, syncState: text, sent: nil, written: nil, flushed: nil, replayed: nil,
                replayLag: .seconds(-1), lagBytes: .max)
        ]
        node.slots = [ReplicationSlot(name: text, isActive: false, walStatus: text, retainedBytes: .min)]
        node.archiver = DatabaseNode.Archiver(
            archivedCount: .max, failedCount: .max, lastArchivedAt: nil, lastFailedAt: Samples.wall, lastArchived: text,
            lastFailed: text)
        node.activity = DatabaseNode.Activity()
        node.activity?.transactionsPerSecond = .infinity
        node.activity?.cacheHitShare = .nan
        node.activity?.sessions = [
            Session(
                pid: 1, user: text, application: text, state: text, wait: text, age: nil, blockedBy: [2], query: text),
            Session(
                pid: 2, user: text, application: text, state: text, wait: text, age: nil, blockedBy: [1], query: text),
        ]
        var named = NamedReading<DatabaseNode>(name: text, region: text, address: text)
        named.reading.succeed(node, at: Samples.moment(), took: .zero)
        named.reading.fail(ReadFailure(code: text, cause: text, hint: text), at: Samples.moment(), took: .zero)
        snapshot.databases = [named, NamedReading(name: text, address: text)]
        snapshot.queues.succeed(
            [
                Queue(
                    name: text, flavour: .unknown, isPaused: true, counts: [.waiting: .max / 4, .failed: .min],
                    lag: nil,
                    stalled: .max, overdue: .min, workers: .min, addedPerSecond: .nan, finishedPerSecond: -1)
            ], at: Samples.moment(), took: .zero)
        var service = NamedReading<ServiceHealth>(name: text, address: text)
        let need = ServiceHealth.Dependency(name: text, state: text, latency: .seconds(-5), error: text)
        service.reading.succeed(
            ServiceHealth(name: text, state: .down, statusCode: 0, latency: .zero, version: text, dependencies: [need]),
            at: Samples.moment(), took: .zero)
        snapshot.services = [service]
        snapshot.orders.fail(ReadFailure(code: text, cause: text, hint: text), at: Samples.moment(), took: .zero)
        snapshot.findings = [
            Finding(.noPrimary, .critical, subject: text, evidence: text, advice: text, since: Samples.moment(-5)),
            Finding(
                .ordersLate, .warning, subject: text, evidence: text, advice: text, since: Samples.moment(5),
                cause: Finding.ID(code: .ordersLate, subject: text)),
        ]
        return snapshot
    }
}
