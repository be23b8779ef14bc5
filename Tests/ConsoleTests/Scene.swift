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
    /// Pages of orders and of jobs are refused.
    var failsPages = false
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
                let answer = failsPages ? Answer.failure(Scene.refused("orders_console")) : .value(page)
                effects += state.update(.orders(answer, query: query, after: after, at: Samples.moment()))
            case .loadOrder(let id):
                let answer = failsDetails ? Answer.failure(Scene.refused("order_lines")) : .value(Samples.details(id))
                effects += state.update(.orderDetails(answer, id: id, at: Samples.moment()))
            case .loadJobs(let queue, let jobState):
                let denied = ReadFailure(
                    code: "redis-noperm", cause: "NOPERM this user has no permissions to run the 'lrange' command",
                    hint: "grant +@read ~bull:* to the user galley")
                let answer = failsPages ? Answer.failure(denied) : .value(Samples.jobs(queue, jobState))
                effects += state.update(.jobs(answer, queue: queue, state: jobState, at: Samples.moment()))
            case .loadAgentRun(let thread):
                effects += state.update(
                    .agentRun(.value(Samples.agentRun(thread)), thread: thread, at: Samples.moment()))
            default: break
            }
        }
    }

    static func refused(_ view: String) -> ReadFailure {
        ReadFailure(
            code: "sqlstate-42501", cause: "permission denied for view \(view)",
            hint: "grant it to the role galley_reader")
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
        Scene(name: "agents", keys: "8"),
        Scene(name: "agents-stale", later: 17, keys: "8"),
        Scene(name: "agents-failing", snapshot: { Samples.failingSnapshot() }, keys: "8"),
        Scene(name: "agents-filter", keys: "8 / 'state:waiting"),
        Scene(
            name: "agents-absent", snapshot: { Snapshot(environment: Samples.environment, at: Samples.moment()) },
            keys: "8"),
        Scene(name: "agent-run", keys: "8 down enter"),
        Scene(name: "agent-run-failed", keys: "8 / 'state:failed enter enter"),
        Scene(name: "marked", keys: "2 space space y"),
        Scene(name: "orders-stale", later: 17, keys: "2"),
        Scene(name: "orders-denied", snapshot: { Samples.unavailableSnapshot() }, keys: "2", failsPages: true),
        Scene(name: "orders-looked-through", keys: "2 / 'note:nowhere enter"),
        Scene(name: "jobs-loading", keys: "3 enter", answers: false),
        Scene(name: "jobs-denied", keys: "3 enter", failsPages: true),
        Scene(name: "databases-stale", later: 17, keys: "4"),
        Scene(name: "databases-unavailable", snapshot: { Samples.unavailableSnapshot() }, keys: "4"),
        Scene(name: "database-failing", snapshot: { Samples.failingSnapshot() }, keys: "4 enter"),
        Scene(name: "databases-panel", keys: "4 tab"),
        Scene(name: "services-failing", snapshot: { Samples.failingSnapshot() }, keys: "5"),
        Scene(name: "services-stale", later: 17, keys: "5"),
        Scene(name: "services-empty", snapshot: { Samples.unavailableSnapshot() }, keys: "5"),
        Scene(name: "service-failing", snapshot: { Samples.failingSnapshot() }, keys: "5 enter"),
        Scene(name: "findings-healthy", snapshot: { Samples.healthySnapshot() }, keys: "6"),
        Scene(name: "findings-unavailable", snapshot: { Samples.unavailableSnapshot() }, keys: "6"),
        Scene(name: "columns", keys: "3 s c down down"),
        Scene(name: "sorted", keys: "3 : 'sort_workers enter : 'sort.add_queue enter"),
        Scene(name: "filter-match", keys: "3 / 'no enter"),
        Scene(name: "filter-complete", keys: "3 / 's tab"),
        Scene(name: "text-search", keys: "2 enter / 'basil"),
        Scene(name: "views", keys: "3 / 'lag:>1 enter : 'view_save_slow enter : 'view_"),
        Scene(name: "overview-panel", keys: "tab down"),
        Scene(name: "following", keys: "2 F"),
    ]
}
