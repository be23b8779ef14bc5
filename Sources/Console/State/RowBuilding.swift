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
                \.sessions, place, SessionRow.rows(node?.activity?.sessions ?? []), SessionColumns.all,
                SessionColumns.fields)
        case .jobs(let queue, let state):
            rebuild(
                \.jobs, place, jobPages[JobListKey(queue: queue, state: state)]?.value?.jobs ?? [], JobColumns.all,
                JobColumns.fields(now: shown.at.wall))
        default: break
        }
    }

    private mutating func rebuild<Row: ListedRow>(
        _ path: WritableKeyPath<ConsoleState, Rows<Row>>, _ place: Place, _ rows: [Row], _ columns: [Column<Row>],
        _ fields: [FilterField<Row>]
    ) {
        var state = lists[place] ?? ListState()
        self[keyPath: path].set(rows, keeping: test(place, fields), sorts: state.sorts, columns: columns)
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

    /// Why the text is no filter for the list that has the keys; nil when it is one.
    func filterProblem(_ text: String) -> FilterProblem? {
        do throws(FilterProblem) {
            if subject == .orders {
                _ = try OrderFilter(text, sort: orders.query.sort)
            } else {
                _ = try rowTest(text)
            }
            return nil
        } catch {
            return error
        }
    }

    /// The text as a test of the rows of the list that has the keys, by their place in it.
    ///
    /// - Throws: what is wrong with the text.
    func rowTest(_ text: String) throws(FilterProblem) -> (Int) -> Bool {
        let filter = try Filter(parsing: text)
        func test<Row>(_ rows: Rows<Row>, _ fields: [FilterField<Row>]) throws(FilterProblem) -> (Int) -> Bool {
            let test = try filter.test(fields)
            return { $0 < rows.count && test(rows[$0]) }
        }
        let time = shown?.at.wall ?? Timestamp(microseconds: 0)
        switch subject {
        case .orders: return try test(orders.rows, OrderFilter.localFields(now: time))
        case .queues: return try test(queues, QueueColumns.fields)
        case .databases: return try test(nodes, NodeColumns.fields)
        case .database: return try test(sessions, SessionColumns.fields)
        case .services: return try test(services, ServiceColumns.fields)
        case .jobs: return try test(jobs, JobColumns.fields(now: time))
        case .overview, .findings: return try test(findings, FindingColumns.fields)
        case .notices: return try test(notices, NoticeColumns.fields)
        default: return { _ in false }
        }
    }

    /// The fields that a filter may name here, with the words that they may be: fixed ones, or those of the rows.
    var filterFields: [FieldHelp] {
        let time = shown?.at.wall ?? Timestamp(microseconds: 0)
        func known<Row>(_ fields: [FilterField<Row>], _ rows: Rows<Row>) -> [FieldHelp] {
            fields.map { field in FieldHelp(field.name, field.help, ConsoleState.words(of: field, in: rows)) }
        }
        switch subject {
        case .orders:
            return OrderFilter.fields.map { field in
                var field = field
                let seen = orders.rows.all.prefix(1000)
                switch field.name {
                case "kitchen": field.words = ConsoleState.distinct(seen.map(\.kitchenCode))
                case "supplier": field.words = ConsoleState.distinct(seen.map(\.supplierCode))
                case "region": field.words = ConsoleState.distinct(seen.map(\.region))
                default: break
                }
                return field
            }
        case .queues: return known(QueueColumns.fields, queues)
        case .databases: return known(NodeColumns.fields, nodes)
        case .database: return known(SessionColumns.fields, sessions)
        case .services: return known(ServiceColumns.fields, services)
        case .jobs: return known(JobColumns.fields(now: time), jobs)
        case .overview, .findings: return known(FindingColumns.fields, findings)
        case .notices: return known(NoticeColumns.fields, notices)
        default: return []
        }
    }

    private static func words<Row>(of field: FilterField<Row>, in rows: Rows<Row>) -> [String] {
        if !field.words.isEmpty { return field.words }
        let texts = rows.all.prefix(1000).compactMap { row -> String? in
            guard case .text(let text) = field.value(row) else { return nil }
            return text
        }
        return distinct(texts)
    }

    /// What can be completed: short, of one word, in the order of the alphabet.
    private static func distinct(_ texts: [String]) -> [String] {
        let short = Set(texts.filter { !$0.isEmpty && $0.utf8.count <= 40 && !$0.contains(where: \.isWhitespace) })
        return short.sorted()
    }

    mutating func setFilter(_ text: String, effects: inout [ConsoleEffect]) {
        list.filter = text
        if !text.isEmpty { list.search = text }
        list.showsSearch = false
        if subject == .orders {
            if let filter = try? OrderFilter(text, sort: orders.query.sort),
                filter.query != orders.query || filter.rest != (orders.rest?.rest ?? Filter())
            {
                ask(orders.ask(filter), &effects)
                list.follow(orders.rows)
            }
        } else if subject == .notices {
            rebuildNotices()
        } else {
            rebuildRows()
        }
    }
}
