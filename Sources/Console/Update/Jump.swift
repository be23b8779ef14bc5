import Operations
import PlatformModel

/// Where a name leads to.
enum Jump: Sendable, Hashable {
    /// A place, opened below its screen so that Esc leads to its neighbours; the row that stands for it there.
    case object(Place, below: Place, row: RowIdentity)
    /// The orders with that filter.
    case orders(filter: String)
    case order(Int64)
}

/// Everything on the platform that has a name.
extension ConsoleState {
    /// `database eu-west-1a`, `queue orders`, `kitchen TN-HH`: what can be jumped to, with what it is.
    var jumps: [(text: String, detail: String, jump: Jump)] {
        guard let shown else { return [] }
        var found: [(String, String, Jump)] = shown.databases.map { node in
            (
                "database \(node.name)", "Open it.",
                .object(.database(node.name), below: .databases, row: .name(node.name))
            )
        }
        found += (shown.queues.value ?? []).map { queue in
            let jobs = Place.jobs(queue: queue.name, state: interestingState(of: queue))
            return ("queue \(queue.name)", "Open its jobs.", .object(jobs, below: .queues, row: .name(queue.name)))
        }
        found += shown.services.map { service in
            let place = Place.service(service.name)
            return ("service \(service.name)", "Open it.", .object(place, below: .services, row: .name(service.name)))
        }
        found += shown.findings.map { finding in
            let name = finding.subject.isEmpty ? finding.code.rawValue : "\(finding.code.rawValue) \(finding.subject)"
            let place = Place.finding(finding.id)
            return ("finding \(name)", finding.evidence, .object(place, below: .findings, row: .finding(finding.id)))
        }
        return found + jobJumps + orderJumps
    }

    /// The jobs that were read.
    private var jobJumps: [(String, String, Jump)] {
        guard case .jobs(let queue, let state) = place else { return [] }
        return jobs.visible.prefix(500).map { job in
            let place = Place.job(queue: queue, state: state, id: job.id)
            let list = Place.jobs(queue: queue, state: state)
            return ("job \(job.id)", "Open \(job.name).", .object(place, below: list, row: .name(job.id)))
        }
    }

    /// The kitchens and suppliers of the orders that were loaded, and those orders.
    private var orderJumps: [(String, String, Jump)] {
        let loaded = orders.rows.all.prefix(200)
        var kitchens: [String: String] = [:]
        var suppliers: [String: String] = [:]
        for order in loaded {
            kitchens[order.kitchenCode] = order.kitchen
            suppliers[order.supplierCode] = order.supplier
        }
        func word(_ text: String) -> String { text.contains(where: \.isWhitespace) ? "\"\(text)\"" : text }
        return kitchens.sorted { $0.key < $1.key }.map { code, name in
            ("kitchen \(code)", "Show the orders of \(name).", .orders(filter: "kitchen:\(word(code))"))
        }
            + suppliers.sorted { $0.key < $1.key }.map { code, name in
                ("supplier \(code)", "Show the orders at \(name).", .orders(filter: "supplier:\(word(code))"))
            }
            + loaded.map { ("order \($0.id)", "Open it: \($0.status.word), \($0.kitchen).", .order($0.id)) }
    }

    /// What a name means: with its kind before it, or alone where it is nobody else's.
    func jump(named text: String) -> Jump? {
        let all = jumps
        if let exact = all.first(where: { $0.text == text }) { return exact.jump }
        let words = text.split(separator: " ", maxSplits: 1).map(String.init)
        if words.count == 2, words[0] == "order", let number = Int64(words[1]), number > 0 { return .order(number) }
        if words.count == 2, words[0] == "kitchen" || words[0] == "supplier" {
            return .orders(filter: "\(words[0]):\(words[1].contains(" ") ? "\"\(words[1])\"" : words[1])")
        }
        // A command's name goes before the same name of a thing, unless its kind stands before it.
        guard command(named: text) == nil else { return nil }
        return all.first { $0.text.split(separator: " ", maxSplits: 1).last.map(String.init) == text }?.jump
    }

    mutating func follow(_ jump: Jump, _ effects: inout [ConsoleEffect]) {
        switch jump {
        case .order(let number):
            if place != .orders { go(to: .orders, effects: &effects) }
            drill(to: .order(number), effects: &effects)
        case .orders(let filter):
            if places != [.orders] { go(to: .orders, effects: &effects) }
            setFilter(filter, effects: &effects)
        case .object(let place, let below, let row):
            var state = lists[below] ?? ListState()
            state.selected = row
            lists[below] = state
            if case .jobs = below {} else { go(to: below, effects: &effects) }
            drill(to: place, effects: &effects)
        }
    }
}
