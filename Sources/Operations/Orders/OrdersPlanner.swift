import PlatformModel
import Reactor

/// Plans what is done to orders.
public struct OrdersPlanner: Planner {
    private let api: OrdersAPI

    public init(api: OrdersAPI) { self.api = api }

    public let commands = OrderChange.allCases.map { "orders.\($0.rawValue)" } + ["orders.place"]

    public func plan(
        _ intent: Intent, for identity: OperatorIdentity, until deadline: Deadline
    ) async throws(PlanError) -> Plan {
        guard let change = OrderChange(command: intent.command) else { return try Self.placing(intent) }
        guard !intent.targets.isEmpty else {
            throw PlanError(code: "usage", operation: "plan", target: intent.command, cause: "no order is named")
        }
        let found: [String: OrderFacts]
        do throws(OrdersAPIError) {
            found = try await api.orders(intent.targets.map(\.id), until: deadline)
        } catch {
            throw PlanError(
                code: error.code, operation: "read the orders", target: error.target, cause: error.cause,
                hint: error.hint)
        }
        return Self.plan(intent, change, found)
    }

    // MARK: Orders that exist

    static func plan(_ intent: Intent, _ change: OrderChange, _ found: [String: OrderFacts]) -> Plan {
        let many = intent.targets.count > 1
        let text = change == .note ? intent.arguments["note"]?.text ?? "" : intent.reason
        var checks: [Check] = []
        var steps: [PlanStep] = []
        var effect: [String] = []
        var undo: [String] = []
        for (index, target) in intent.targets.enumerated() {
            guard let facts = found[target.id] else {
                checks.append(Check("order #\(target.id) exists", .failed, "there is none", code: "not-found"))
                continue
            }
            checks += Self.checks(target, facts, change)
            let version = target.version ?? facts.version
            steps.append(
                PlanStep(
                    id: "\(index + 1)", kind: OrderPerformer.kind,
                    summary:
                        "\(change.verb) order #\(facts.id) (\(facts.kitchen) from \(facts.supplier), \(facts.total))",
                    arguments: [
                        "change": .string(change.rawValue), "id": .string(facts.id), "version": .integer(version),
                        "text": .string(text),
                    ], precondition: "its version is \(version)", repetition: .guarded))
            if let status = change.target { effect.append("#\(facts.id): \(facts.statusWord) → \(status)") }
            if let way = change.undo(facts.id) { undo.append(way) }
        }
        if change == .note { effect = ["The note stays with the order for good."] }
        if change == .cancel { effect.append("The supplier and the kitchen are told; what was ordered does not come.") }
        let what = many ? "\(intent.targets.count) orders" : "order #\(intent.targets[0].id)"
        return Plan(
            intent: intent, title: "\(change.verb.prefix(1).uppercased())\(change.verb.dropFirst()) \(what)",
            object: many ? what : intent.targets[0].id,
            kitchens: Set(found.values.map(\.kitchen)).sorted(), checks: checks, order: .independent, steps: steps,
            effect: effect, undo: undo)
    }

    private static func checks(_ target: Intent.Target, _ facts: OrderFacts, _ change: OrderChange) -> [Check] {
        var checks: [Check] = []
        if let seen = target.version {
            checks.append(
                facts.version == seen
                    ? Check("order #\(facts.id) is as it was seen", .passed, "version \(seen)")
                    : Check(
                        "order #\(facts.id) is as it was seen", .failed,
                        "version \(seen) was seen, it is \(facts.version) now, \(facts.statusWord)", code: "conflict"))
        }
        guard change != .note else { return checks }
        let allowed = facts.allowedMoves.contains(change.rawValue)
        checks.append(
            Check(
                "order #\(facts.id) can be \(change.participle)", allowed ? .passed : .failed,
                allowed
                    ? "it is \(facts.statusWord)"
                    : "it is \(facts.statusWord); "
                        + (facts.allowedMoves.isEmpty
                            ? "you can do nothing with it" : "you can \(facts.allowedMoves.joined(separator: ", "))"),
                code: allowed ? "" : "move-not-allowed"))
        return checks
    }

    // MARK: A new order

    /// Needs nobody's answer: an order can be planned, and kept, while the API is down.
    static func placing(_ intent: Intent) throws(PlanError) -> Plan {
        guard let draft = OrderDraft(input: intent.arguments["draft"]), !draft.lines.isEmpty else {
            throw PlanError(
                code: "usage", operation: "plan", target: intent.command, cause: "the order has no lines",
                hint: "--line ITEM=PACKS, or --file FILE")
        }
        let lines = draft.lines.map { "\($0.quantity) x \($0.item)" }.joined(separator: ", ")
        return Plan(
            intent: intent, title: "Order from \(draft.supplier) for \(draft.kitchen)",
            object: "\(draft.kitchen) \(draft.supplier)", kitchens: [draft.kitchen],
            steps: [
                PlanStep(
                    id: "1", kind: PlacePerformer.kind,
                    summary: "order from \(draft.supplier) for \(draft.kitchen): \(lines)",
                    arguments: ["draft": draft.input, "key": intent.arguments["key"] ?? .string(intent.id)],
                    precondition: "the API accepts prices, stock and minimum",
                    repetition: .guarded)
            ],
            effect: ["One order exists, however often it must be sent; while the API is down it waits in the outbox."],
            undo: ["galley orders cancel NUMBER --reason … (until it is sent)"])
    }
}

extension OrderChange {
    var participle: String {
        switch self {
        case .approve: "approved"
        case .hold: "held"
        case .release: "released"
        case .cancel: "cancelled"
        case .note: "noted"
        }
    }
}
