import PlatformModel

extension ConsoleState {
    /// Makes the rows of every list anew from the snapshot, and finds the selected ones again.
    mutating func rebuildRows() {
        guard let shown else { return }
        findings.set(
            FindingTree.rows(shown.findings).map {
                FindingRow(finding: $0.finding, depth: $0.depth, isLast: $0.isLast)
            }, keeping: test(.findings, FindingColumns.fields))
        rebuild(\.queues, .queues, shown.queues.value ?? [], QueueColumns.all, QueueColumns.fields)
        rebuild(\.nodes, .databases, NodeRow.rows(of: shown), NodeColumns.all, NodeColumns.fields)
        rebuild(
            \.services, .services, shown.services.map { ServiceRow(named: $0) }, ServiceColumns.all,
            ServiceColumns.fields)
        for place in [Place.overview, .findings] {
            var state = lists[place] ?? ListState()
            state.follow(findings)
            lists[place] = state
        }
        rebuildInnerRows(shown)
    }

    /// The rows of a place that was drilled into.
    private mutating func rebuildInnerRows(_ shown: Snapshot) {
        switch place {
        case .database(let name):
            let node = shown.databases.first { $0.name == name }?.reading.value
            rebuild(
                \.sessions, place, SessionRow.rows(node?.activity.sessions ?? []), SessionColumns.all,
                SessionColumns.fields)
        case .jobs(let queue, let state):
            rebuild(
                \.jobs, place, jobPages[JobListKey(queue: queue, state: state)]?.value?.jobs ?? [], JobColumns.all,
                JobColumns.fields)
        default: break
        }
    }

    private mutating func rebuild<Row: ListedRow>(
        _ path: WritableKeyPath<ConsoleState, Rows<Row>>, _ place: Place, _ rows: [Row], _ columns: [Column<Row>],
        _ fields: [FilterField<Row>]
    ) {
        var state = lists[place] ?? ListState()
        self[keyPath: path].set(rows, keeping: test(place, fields), sort: state.sort, columns: columns)
        state.follow(self[keyPath: path])
        lists[place] = state
    }

    /// The place's filter as a test; nil when there is none or it cannot be understood.
    private func test<Row: Sendable>(_ place: Place, _ fields: [FilterField<Row>]) -> (@Sendable (Row) -> Bool)? {
        guard let text = lists[place]?.filter, !text.isEmpty, let filter = try? Filter(parsing: text) else {
            return nil
        }
        return try? filter.test(fields)
    }

    /// Why the text is no filter for the place; nil when it is one.
    func filterProblem(_ text: String, at place: Place) -> FilterProblem? {
        do throws(FilterProblem) {
            switch place {
            case .orders: _ = try OrderFilter.query(text, sort: orders.query.sort)
            case .queues: _ = try Filter(parsing: text).test(QueueColumns.fields)
            case .databases: _ = try Filter(parsing: text).test(NodeColumns.fields)
            case .database: _ = try Filter(parsing: text).test(SessionColumns.fields)
            case .services: _ = try Filter(parsing: text).test(ServiceColumns.fields)
            case .jobs: _ = try Filter(parsing: text).test(JobColumns.fields)
            case .overview, .findings: _ = try Filter(parsing: text).test(FindingColumns.fields)
            default: _ = try Filter(parsing: text)
            }
            return nil
        } catch {
            return error
        }
    }

    /// The fields that a filter may name here, with their words.
    var filterFields: [(name: String, help: String, words: [String])] {
        func plain<Row>(_ fields: [FilterField<Row>]) -> [(name: String, help: String, words: [String])] {
            fields.map { ($0.name, $0.help, $0.words) }
        }
        switch place {
        case .orders: return OrderFilter.fields
        case .queues: return plain(QueueColumns.fields)
        case .databases: return plain(NodeColumns.fields)
        case .database: return plain(SessionColumns.fields)
        case .services: return plain(ServiceColumns.fields)
        case .jobs: return plain(JobColumns.fields)
        case .overview, .findings: return plain(FindingColumns.fields)
        default: return []
        }
    }

    mutating func setFilter(_ text: String, effects: inout [ConsoleEffect]) {
        list.filter = text
        if place == .orders {
            if let query = try? OrderFilter.query(text, sort: orders.query.sort), query != orders.query {
                ask(orders.ask(query), &effects)
                list.follow(orders.rows)
            }
        } else {
            rebuildRows()
        }
    }
}
