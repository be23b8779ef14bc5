import Operations
import PlatformModel

extension ConsoleState {
    /// Where keys are looked up, innermost first.
    var contexts: [CommandContext] {
        var contexts: [CommandContext] = []
        if help != nil { return [.help] }
        if columnsDialog != nil { return [.dialog] }
        switch subject {
        case .overview: contexts.append(.overview)
        case .orders: contexts.append(.orders)
        case .order: contexts.append(.orderDetails)
        case .queues: contexts.append(.queues)
        case .jobs: contexts.append(.jobs)
        case .job: contexts.append(.jobDetails)
        case .databases: contexts.append(.databases)
        case .database: contexts.append(.databaseDetails)
        case .services: contexts.append(.services)
        case .service: contexts.append(.serviceDetails)
        case .findings: contexts.append(.findings)
        case .finding: contexts.append(.findingDetails)
        case .notices: contexts.append(.notices)
        }
        return contexts + [.list]
    }

    /// The rows of the list that has the keys.
    var currentRows: any RowList {
        switch subject {
        case .overview, .findings: findings
        case .orders: orders.rows
        case .queues: queues
        case .jobs: jobs
        case .databases: nodes
        case .database: sessions
        case .services: services
        case .notices: notices
        case .order, .job, .service, .finding: NoRows()
        }
    }

    mutating func go(to place: Place, effects: inout [ConsoleEffect]) {
        show([place], effects: &effects)
    }

    mutating func drill(to place: Place, effects: inout [ConsoleEffect]) {
        if self.place != place { show(places + [place], effects: &effects) }
    }

    private mutating func show(_ stack: [Place], effects: inout [ConsoleEffect]) {
        if stack != places { placesBefore = places }
        places = stack
        placesAhead = []
        isZoomed = false
        enter(&effects)
    }

    mutating func goBack(_ effects: inout [ConsoleEffect]) {
        if help != nil {
            help = nil
        } else if columnsDialog != nil {
            columnsDialog = nil
        } else if !textSearch.isEmpty, isText {
            textSearch = ""
        } else if isZoomed {
            isZoomed = false
        } else if places.count > 1 {
            placesBefore = places
            placesAhead.append(places)
            places.removeLast()
            enter(&effects)
        } else if focused != .main {
            focus[place] = nil
        } else if !list.filter.isEmpty {
            setFilter("", effects: &effects)
        } else if list.showsSearch {
            list.showsSearch = false
        } else if place != .overview {
            go(to: .overview, effects: &effects)
        }
    }

    /// Returns to what ``goBack(_:)`` left.
    mutating func goForward(_ effects: inout [ConsoleEffect]) {
        guard let ahead = placesAhead.popLast() else {
            say("nothing was left with Esc", .notice)
            return
        }
        placesBefore = places
        places = ahead
        isZoomed = false
        enter(&effects)
    }

    mutating func goToLastScreen(_ effects: inout [ConsoleEffect]) {
        swap(&places, &placesBefore)
        placesAhead = []
        isZoomed = false
        enter(&effects)
    }

    /// Prepares the rows of the place and asks for what it needs.
    mutating func enter(_ effects: inout [ConsoleEffect]) {
        columnsDialog = nil
        rebuildRows()
        list.detail = list.selected
        switch place {
        case .orders:
            if orders.readAt == nil, !orders.isLoading {
                ask(orders.ask(), &effects)
            } else {
                refreshOrders(&effects)
            }
        case .order(let id): loadOrder(id, &effects)
        case .jobs(let queue, let state), .job(let queue, let state, _): loadJobs(queue, state, &effects)
        default: break
        }
    }

    /// Enter: what the selected row is made of.
    mutating func openSelected(_ effects: inout [ConsoleEffect]) {
        let selected = list.selected
        switch subject {
        case .overview, .findings:
            guard let row = findings.row(selected) else {
                if place == .overview { drill(to: .findings, effects: &effects) }
                return
            }
            drill(to: .finding(row.finding.id), effects: &effects)
        case .finding(let id): open(evidenceOf: id, effects: &effects)
        case .orders: if let order = orders.rows.row(selected) { drill(to: .order(order.id), effects: &effects) }
        case .queues:
            guard let queue = queues.row(selected) else { return }
            drill(to: .jobs(queue: queue.name, state: interestingState(of: queue)), effects: &effects)
        case .jobs(let queue, let state):
            guard let job = jobs.row(selected) else { return }
            drill(to: .job(queue: queue, state: state, id: job.id), effects: &effects)
        case .databases: if let node = nodes.row(selected) { drill(to: .database(node.name), effects: &effects) }
        case .services: if let row = services.row(selected) { drill(to: .service(row.named.name), effects: &effects) }
        case .database, .order, .job, .service, .notices: break
        }
    }

    /// The screen that shows what a finding was made of.
    mutating func open(evidenceOf id: Finding.ID, effects: inout [ConsoleEffect]) {
        let snapshot = shown
        if snapshot?.databases.contains(where: { $0.name == id.subject }) == true {
            drill(to: .database(id.subject), effects: &effects)
        } else if let queue = snapshot?.queues.value?.first(where: { $0.name == id.subject }) {
            let state: JobState = id.code == .jobsFailing ? .failed : interestingState(of: queue)
            drill(to: .jobs(queue: queue.name, state: state), effects: &effects)
        } else if snapshot?.services.contains(where: { $0.name == id.subject }) == true {
            drill(to: .service(id.subject), effects: &effects)
        } else {
            switch id.code {
            case .ordersLate, .ordersUnreadable: go(to: .orders, effects: &effects)
            case .redisUnreachable, .redisUnreadable, .redisMemoryHigh, .queuesUnreadable:
                go(to: .queues, effects: &effects)
            case .serviceDown, .serviceDegraded, .serviceSlow: go(to: .services, effects: &effects)
            case .queueLagHigh, .queuePaused, .workersGone, .jobsStalled, .jobsFailing:
                go(to: .queues, effects: &effects)
            default: go(to: .databases, effects: &effects)
            }
        }
    }

    /// What one wants to see first of a queue's jobs.
    func interestingState(of queue: Queue) -> JobState {
        if queue.backlog > 0 { return queue.count(.waiting) > 0 ? .waiting : .prioritized }
        return [.active, .failed, .delayed].first { queue.count($0) > 0 } ?? .completed
    }
}

/// A place without a list.
struct NoRows: RowList {
    var count: Int { 0 }
    func identity(at index: Int) -> RowIdentity { .number(0) }
    func label(at index: Int) -> String { "" }
    func position(of identity: RowIdentity) -> Int? { nil }
}
