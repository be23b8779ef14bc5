import PlatformModel

/// What fills the screen below the banner. Drilling in pushes one, Esc goes back.
enum Place: Sendable, Hashable {
    case overview, orders, queues, databases, services, findings, notices, agents
    case order(Int64)
    case jobs(queue: String, state: JobState)
    case job(queue: String, state: JobState, id: String)
    case database(String)
    case service(String)
    case finding(Finding.ID)
    /// By its thread.
    case agentRun(String)

    /// The screens that a digit opens, in that order.
    static let top: [Place] = [.overview, .orders, .queues, .databases, .services, .findings, .notices, .agents]

    var isTop: Bool { Place.top.contains(self) }

    var title: String {
        switch self {
        case .overview: "Overview"
        case .orders: "Orders"
        case .queues: "Queues"
        case .databases: "Databases"
        case .services: "Services"
        case .findings: "Findings"
        case .notices: "Notices"
        case .agents: "Agents"
        case .order(let id): "Order \(id)"
        case .jobs(let queue, let state): "\(queue): \(state.rawValue)"
        case .job(_, _, let id): "Job \(id)"
        case .database(let name): name
        case .service(let name): name
        case .finding(let id): id.code.rawValue
        case .agentRun(let thread): thread
        }
    }

    /// The word that goes there: `:orders`.
    var word: String { title.lowercased() }
}
