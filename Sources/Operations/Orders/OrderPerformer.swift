import PlatformModel
import Reactor

/// Moves one order along its life, guarded by its version and a request's identity.
public struct OrderPerformer: StepPerformer {
    static let kind = "orders.change"
    public var kind: String { Self.kind }
    private let api: OrdersAPI

    public init(api: OrdersAPI) { self.api = api }

    public func look(_ step: PlanStep, key: String, until deadline: Deadline) async -> StepReadiness {
        let id = step.arguments["id"]?.text ?? ""
        do throws(OrdersAPIError) {
            guard let facts = try await api.orders([id], until: deadline)[id] else {
                return .not(StepResult(.refused, code: "not-found", "order #\(id) is not there any more"))
            }
            guard facts.version != version(step) else { return .ready }
            // Perhaps it was this very step, in a process that did not live to tell.
            if case .done(let evidence) = await prove(step, key: key, until: deadline) { return .alreadyDone(evidence) }
            return .not(
                StepResult(
                    .refused, code: "conflict",
                    "order #\(id) has changed: version \(version(step)) was seen, it is \(facts.version) now, "
                        + facts.statusWord, hint: "look at it again and decide anew"))
        } catch {
            return .not(
                StepResult(error.isTemporary ? .failed : .refused, code: error.code, error.cause, hint: error.hint))
        }
    }

    public func perform(
        _ step: PlanStep, key: String, permit: borrowing ExecutionPermit, until deadline: Deadline
    ) async -> StepResult {
        guard let change = step.arguments["change"]?.text.flatMap(OrderChange.init(rawValue:)) else {
            return StepResult(.failed, code: "no-performer", "this galley does not know the change")
        }
        do throws(OrdersAPIError) {
            let facts = try await api.change(
                change, id: step.arguments["id"]?.text ?? "", version: version(step),
                text: step.arguments["text"]?.text ?? "", request: key, permit: permit, until: deadline)
            return StepResult(.done, "order #\(facts.id) is \(facts.statusWord), version \(facts.version)")
        } catch {
            return Self.result(error)
        }
    }

    public func prove(_ step: PlanStep, key: String, until deadline: Deadline) async -> StepProof {
        do throws(OrdersAPIError) {
            let events = try await api.events(step.arguments["id"]?.text ?? "", until: deadline)
            guard let event = events.first(where: { $0.request == key }) else {
                return .notDone("no event of the order carries this request")
            }
            return .done("the order's event \(event.move), version \(event.version), carries this request")
        } catch {
            return .unknown(error.cause)
        }
    }

    private func version(_ step: PlanStep) -> Int64 { Int64(step.arguments["version"]?.int ?? 0) }

    /// A conflict tells what changed, in the order in which it happened.
    private static func result(_ error: OrdersAPIError) -> StepResult {
        guard error.code == "version-conflict" else { return error.result }
        let changes = (error.details["changes"]?.array ?? []).map {
            "\($0["move"]?.text ?? "changed") by \($0["actor"]?.text ?? "somebody")"
        }
        let told = changes.isEmpty ? error.cause : "\(error.cause): " + changes.joined(separator: ", ")
        return StepResult(.refused, code: "conflict", told, hint: error.hint)
    }
}

/// Places one order, guarded by the key that was made with its draft.
public struct PlacePerformer: StepPerformer {
    static let kind = "orders.place"
    public var kind: String { Self.kind }
    private let api: OrdersAPI

    public init(api: OrdersAPI) { self.api = api }

    /// The API looks when it places; before that there is nothing to see.
    public func look(_ step: PlanStep, key: String, until deadline: Deadline) async -> StepReadiness { .ready }

    public func perform(
        _ step: PlanStep, key: String, permit: borrowing ExecutionPermit, until deadline: Deadline
    ) async -> StepResult {
        guard let draft = OrderDraft(input: step.arguments["draft"]) else {
            return StepResult(.failed, code: "no-draft", "the step holds no order")
        }
        do throws(OrdersAPIError) {
            // The draft's key, not the attempt's: it is the same however often the outbox sends it.
            let (order, replayed) = try await api.place(
                draft, key: step.arguments["key"]?.text ?? key, permit: permit, until: deadline)
            let before = replayed ? ", as an earlier attempt had placed it" : ""
            return StepResult(.done, "order #\(order.id) is \(order.statusWord)\(before), \(order.total)")
        } catch {
            let problems = (error.details["problems"]?.array ?? []).map { problem in
                (problem["line"]?.int.map { "line \($0): " } ?? "") + (problem["message"]?.text ?? "")
            }
            guard !problems.isEmpty else { return error.result }
            return StepResult(.refused, code: error.code, problems.joined(separator: "; "), hint: error.hint)
        }
    }

    /// Asking again with the same key is the proof, and does no harm.
    public func prove(_ step: PlanStep, key: String, until deadline: Deadline) async -> StepProof {
        .notDone("only sending it again, with its key, tells")
    }
}
