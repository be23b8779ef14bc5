import Collectors
import Console
import CursesTerminal
import Glibc
import PlatformModel
import Reactor

/// What a screen asks for beyond the snapshot: each request is a task that posts its answer to the mailbox.
struct Requests: Sendable {
    private let orders: OrderSource?
    private let jobs: JobReader?
    private let agents: AgentReader?
    private let reload: Reload
    private let mailbox: Mailbox<ConsoleEvent>
    private static let patience = Duration.seconds(5)

    init(_ connections: Connections, _ reload: Reload, _ mailbox: Mailbox<ConsoleEvent>) {
        orders = connections.orders
        jobs = connections.jobs
        agents = connections.agents
        self.reload = reload
        self.mailbox = mailbox
    }

    /// Starts what an effect asks for; returns at once.
    func start(_ effect: ConsoleEffect) {
        switch effect {
        case .loadOrders(let query, let cursor):
            answer { [orders] () async throws(ReadFailure) in
                guard let orders else { throw Self.notConfigured("postgres") }
                return try await orders.page(query, after: cursor, until: .after(Self.patience))
            } as: {
                .orders($0, query: query, after: cursor, at: $1)
            }
        case .loadOrder(let id):
            answer { [orders] () async throws(ReadFailure) in
                guard let orders else { throw Self.notConfigured("postgres") }
                guard let details = try await orders.details(id: id, until: .after(Self.patience)) else {
                    throw ReadFailure(code: "not-found", cause: "there is no order #\(id)")
                }
                return details
            } as: {
                .orderDetails($0, id: id, at: $1)
            }
        case .loadJobs(let queue, let state):
            answer { [jobs] () async throws(ReadFailure) in
                guard let jobs else { throw Self.notConfigured("redis") }
                return try await jobs.jobs(queue: queue, state: state, limit: 200, until: .after(Self.patience))
            } as: {
                .jobs($0, queue: queue, state: state, at: $1)
            }
        case .loadAgentRun(let thread):
            answer { [agents] () async throws(ReadFailure) in
                guard let agents else { throw Self.notConfigured("agents") }
                guard let details = try await agents.details(thread: thread, until: .after(Self.patience)) else {
                    throw ReadFailure(
                        code: "not-found", cause: "\(thread) is no longer stored", hint: "old runs are forgotten")
                }
                return details
            } as: {
                .agentRun($0, thread: thread, at: $1)
            }
        case .loadTheme(let name): reload.choose(theme: name)
        case .loadKeymap(let name): reload.choose(keymap: name)
        case .saveDisplay(let path, let text, let replaces): save(text, to: path, replaces: replaces)
        case .quit, .suspend, .bell, .notify, .copy, .repaint, .refresh, .saveView: break
        }
    }

    private static func notConfigured(_ what: String) -> ReadFailure {
        ReadFailure(code: "not-configured", cause: "this environment has no \(what)")
    }

    private func answer<Value: Sendable>(
        _ body: @escaping @Sendable () async throws(ReadFailure) -> Value,
        as event: @escaping @Sendable (Answer<Value>, Moment) -> ConsoleEvent
    ) {
        Task(executorPreference: EventLoop.shared) { [mailbox] in
            let asked = Moment.now()
            do throws(ReadFailure) {
                let value = try await body()
                mailbox.post(event(.value(value), asked))
            } catch {
                mailbox.post(event(.failure(error), asked))
            }
        }
    }

    private func save(_ text: String, to path: String, replaces: Bool) {
        let mailbox = mailbox
        Thread(name: "save-display") {
            var failure = AtomicFile.write(text, to: path, replaces: replaces)
            if failure == AtomicFile.exists { failure = "there is such a file; say replace after its name" }
            mailbox.post(.displaySaved(path: path, failure: failure, at: .now()))
        }.start()
    }
}
