import PlatformModel
import TerminalCells

/// What is read when it is looked at, and how its answers are taken.
extension ConsoleState {
    mutating func ask(_ request: OrdersBook.Request?, _ effects: inout [ConsoleEffect]) {
        if let request { effects.append(.loadOrders(request.query, after: request.after)) }
    }

    mutating func refreshOrders(_ effects: inout [ConsoleEffect]) {
        // Far down a list the first page is not on screen: it is read again on the way back.
        ask(orders.refresh(), &effects)
    }

    /// Asks for the next page when the end of what was loaded comes near.
    mutating func loadMoreOrders(_ effects: inout [ConsoleEffect]) {
        guard place == .orders, orders.hasMore, list.position + 2 * pageRows() >= orders.rows.count else { return }
        ask(orders.more(), &effects)
    }

    mutating func loadOrder(_ id: Int64, _ effects: inout [ConsoleEffect]) {
        guard details[id]?.isLoading != true else { return }
        if details.count > 50 { details = details.filter { $0.key == id } }
        details[id, default: Loaded()].isLoading = true
        effects.append(.loadOrder(id: id))
    }

    mutating func loadJobs(_ queue: String, _ state: JobState, _ effects: inout [ConsoleEffect]) {
        let key = JobListKey(queue: queue, state: state)
        guard jobPages[key]?.isLoading != true else { return }
        if jobPages.count > 50 { jobPages = jobPages.filter { $0.key == key } }
        jobPages[key, default: Loaded()].isLoading = true
        effects.append(.loadJobs(queue: queue, state: state))
    }

    mutating func take(
        orders answer: Answer<OrderPage>, query: OrderQuery, after: OrderCursor?, at moment: Moment,
        _ effects: inout [ConsoleEffect]
    ) {
        let request = OrdersBook.Request(query: query, after: after)
        let next = orders.take(answer, to: request, at: moment)
        ask(next, &effects)
        var state = lists[.orders] ?? ListState()
        state.follow(orders.rows, isStream: orders.query.sort != .due)
        lists[.orders] = state
        // A details pane shows what is selected.
        if place == .orders { loadSelectedOrder(&effects) }
        if next == nil, orders.wantsMoreMatches(for: pageRows()) { ask(orders.more(), &effects) }
    }

    /// The details of the selected order, where the screen has room for them beside the list.
    mutating func loadSelectedOrder(_ effects: inout [ConsoleEffect]) {
        guard place == .orders, size.columns >= OrdersScreen.splitColumns, let order = orders.rows.row(detailed)
        else { return }
        if let known = details[order.id]?.value, known.order.version == order.version { return }
        if details[order.id]?.failure != nil { return }
        loadOrder(order.id, &effects)
    }

    /// The row whose details are shown: the one on which the selection rested last, while it is still there.
    var detailed: RowIdentity? {
        guard let detail = list.detail, currentRows.position(of: detail) != nil else { return list.selected }
        return detail
    }

    /// Whether what stands beside the list is about another row than the selected one: then ``ConsoleEvent/rested(_:)``
    /// is due once no key was pressed for a moment.
    ///
    /// Until then the pane keeps what it shows, under its own name, so that holding a key down costs a line a few
    /// cells a row, not a pane a row.
    public var isSelectionMoving: Bool { hasPane && list.detail != list.selected }

    /// Whether something stands beside or below the list that is about its selected row.
    private var hasPane: Bool {
        switch place {
        case .orders, .queues, .databases, .services, .jobs: panels.contains(.details) && !isZoomed(.main)
        default: false
        }
    }

    /// Shows the details of the selected row.
    mutating func rest(_ effects: inout [ConsoleEffect]) {
        if list.detail != list.selected { textTops[PanelKey(place: place, panel: .details)] = nil }
        list.detail = list.selected
        loadSelectedOrder(&effects)
    }

    mutating func take(snapshot: Snapshot, _ effects: inout [ConsoleEffect]) {
        let before = newest
        newest = snapshot
        advance(to: snapshot.at)
        announce(snapshot, &effects)
        guard !isPaused else { return }
        shown = snapshot
        rebuildRows()
        if before?.orders.readAt != snapshot.orders.readAt, before?.orders.value != snapshot.orders.value {
            if place == .orders { refreshOrders(&effects) }
            if case .order(let id) = place { loadOrder(id, &effects) }
        }
        if before?.queues.readAt != snapshot.queues.readAt {
            switch place {
            case .jobs(let queue, let state), .job(let queue, let state, _): loadJobs(queue, state, &effects)
            default: break
            }
        }
    }

    /// Tells of findings that became critical and of those that went away, once.
    private mutating func announce(_ snapshot: Snapshot, _ effects: inout [ConsoleEffect]) {
        let critical = Set(snapshot.findings.filter { $0.severity == .critical }.map(\.id))
        let fresh = critical.subtracting(announced)
        for finding in snapshot.findings where fresh.contains(finding.id) {
            add(
                Notice(
                    number: Int64(notices.all.count), severity: .critical,
                    text: "\(FindingRow(finding: finding, depth: 0, isLast: false).label) raised", at: snapshot.at))
        }
        for id in announced.subtracting(critical).sorted(by: { $0.code.rawValue < $1.code.rawValue }) {
            add(
                Notice(
                    number: Int64(notices.all.count), severity: .notice,
                    text: "\(id.code.rawValue)\(id.subject.isEmpty ? "" : " \(id.subject)") is over", at: snapshot.at))
        }
        announced = critical
        guard !fresh.isEmpty else { return }
        switch options.alert {
        case .none: break
        case .bell: effects.append(.bell)
        case .notification:
            let names = fresh.map { $0.subject.isEmpty ? $0.code.rawValue : "\($0.code.rawValue) \($0.subject)" }
            let text = "\(environment.name): \(names.sorted().joined(separator: ", "))"
            effects.append(.notify(SafeText.line(text)))
        }
    }

    mutating func add(_ notice: Notice) {
        let kept = notices.all.prefix(499)
        let number = (notices.all.first?.number ?? 0) + 1
        let numbered = Notice(number: number, severity: notice.severity, text: notice.text, at: notice.at)
        notices.set([numbered] + kept)
        rebuildNotices()
    }

    mutating func rebuildNotices() {
        var state = lists[.notices] ?? ListState()
        let test = try? Filter(parsing: state.filter).test(NoticeColumns.fields)
        notices.set(notices.all, keeping: state.filter.isEmpty ? nil : test)
        state.follow(notices, isStream: true)
        lists[.notices] = state
    }

    mutating func advance(to moment: Moment) {
        if let now, now.ticks >= moment.ticks { return }
        now = moment
        let waiting = untold
        untold = []
        for one in waiting { add(Notice(number: 0, severity: one.severity, text: one.text, at: moment)) }
        guard let told = flash?.since else {
            flash?.since = moment
            return
        }
        if moment.since(told) > .seconds(5) { flash = nil }
    }
}
