import Operations
import PlatformModel
import TerminalCells

@testable import Console

/// A screen in a state, made by the events that lead there: what golden tests record.
struct Scene: Sendable {
    let name: String
    var snapshot: @Sendable () -> Snapshot? = { Samples.snapshot() }
    /// How long after the snapshot the screen is looked at.
    var later = 0.4
    var kind = EnvironmentIdentity.Kind.local
    var keys = ""
    /// Whether orders, details and jobs that are asked for are answered.
    var answers = true
    var isWithoutOrders = false
    var failsDetails = false
    var thenKeys = ""
    var glyphs = GlyphSet.unicode

    func state(_ size: Size) -> ConsoleState {
        var state = Samples.console(kind, theme: Samples.theme, glyphs: glyphs)
        send(.terminal(.resize(size)), to: &state)
        send(.tick(Samples.moment()), to: &state)
        if let snapshot = snapshot() { send(.snapshot(snapshot), to: &state) }
        press(keys + " " + thenKeys, &state)
        send(.rested(Samples.moment()), to: &state)
        send(.tick(Samples.moment(later)), to: &state)
        return state
    }

    /// Presses keys, divided by blanks; `'status:held_st` is text that is typed.
    func press(_ keys: String, _ state: inout ConsoleState) {
        for key in keys.split(separator: " ") {
            if let one = Key(parsing: String(key)) { send(.terminal(.key(one)), to: &state) }
            if key.count > 1, key.first == "'" {
                for character in key.dropFirst() {
                    send(.terminal(.key(Key(character == "_" ? " " : character))), to: &state)
                }
            }
        }
    }

    /// Sends an event, and the answers to what it asks for.
    func send(_ event: ConsoleEvent, to state: inout ConsoleState) {
        var effects = state.update(event)
        while !effects.isEmpty {
            let effect = effects.removeFirst()
            guard answers else { continue }
            switch effect {
            case .loadOrders(let query, let after):
                let empty = OrderPage(query: query, after: after, orders: [], next: nil)
                let page = isWithoutOrders ? empty : Samples.page(query, after: after)
                effects += state.update(
                    .orders(.value(page), query: query, after: after, at: Samples.moment())
                )
            case .loadOrder(let id):
                let refused = ReadFailure(
                    code: "sqlstate-42501", cause: "permission denied for view order_lines",
                    hint: "grant it to the role galley_reader")
                let answer = failsDetails ? Answer.failure(refused) : .value(Samples.details(id))
                effects += state.update(.orderDetails(answer, id: id, at: Samples.moment()))
            case .loadJobs(let queue, let jobState):
                effects += state.update(
                    .jobs(.value(Samples.jobs(queue, jobState)), queue: queue, state: jobState, at: Samples.moment()))
            default: break
            }
        }
    }

    static let all: [Scene] = [
        Scene(name: "overview"),
        Scene(name: "overview-healthy", snapshot: { Samples.healthySnapshot() }),
        Scene(name: "overview-failing", snapshot: { Samples.failingSnapshot() }, kind: .prod),
        Scene(name: "overview-unavailable", snapshot: { Samples.unavailableSnapshot() }, kind: .staging),
        Scene(name: "overview-stale", later: 17, kind: .drill),
        Scene(name: "overview-empty", snapshot: { Snapshot(environment: Samples.environment, at: Samples.moment()) }),
        Scene(name: "loading", snapshot: { nil }),
        Scene(name: "orders", keys: "2 down down"),
        Scene(name: "orders-loading", keys: "2", answers: false),
        Scene(name: "orders-failing", snapshot: { Samples.failingSnapshot() }, keys: "2"),
        Scene(name: "orders-filter", keys: "2 / 'status:held_st"),
        Scene(name: "order", keys: "2 down enter"),
        Scene(name: "queues", keys: "3"),
        Scene(name: "queues-stale", later: 17, keys: "3"),
        Scene(name: "queues-failing", snapshot: { Samples.failingSnapshot() }, keys: "3"),
        Scene(name: "queues-unavailable", snapshot: { Samples.unavailableSnapshot() }, keys: "3"),
        Scene(name: "queues-filter-error", keys: "3 / 'lgg>5"),
        Scene(name: "jobs", keys: "3 enter"),
        Scene(name: "job", keys: "3 enter down enter"),
        Scene(name: "databases", keys: "4"),
        Scene(name: "databases-failing", snapshot: { Samples.failingSnapshot() }, keys: "4"),
        Scene(name: "database", keys: "4 enter"),
        Scene(name: "replica", keys: "4 down enter"),
        Scene(name: "services", keys: "5"),
        Scene(name: "service", keys: "5 end enter"),
        Scene(name: "findings", keys: "6"),
        Scene(name: "finding", keys: "6 enter"),
        Scene(name: "notices", keys: "7"),
        Scene(name: "help", keys: "3 ?"),
        Scene(name: "palette", keys: ": 'ord"),
        Scene(name: "palette-empty", keys: ":"),
        Scene(name: "orders-empty", keys: "2 / 'status:held enter", isWithoutOrders: true),
        Scene(name: "order-failing", keys: "2", failsDetails: true, thenKeys: "enter"),
        Scene(name: "jobs-failed", keys: "3 enter [ enter"),
        Scene(name: "help-search", keys: "2 ? / 'late"),
        Scene(name: "palette-object", keys: ": 'us-e"),
        Scene(name: "paused", keys: "p"),
        Scene(name: "zoomed", keys: "3 z"),
        Scene(name: "marked", keys: "2 space space y"),
    ]
}
