import PlatformModel

extension ConsoleState {
    /// Moves the selection, or scrolls text; false when the command is not about that.
    mutating func moves(_ id: String, _ effects: inout [ConsoleEffect]) -> Bool {
        let page = pageRows()
        switch id {
        case "list.down": move(by: 1, &effects)
        case "list.up": move(by: -1, &effects)
        case "list.half-down": move(by: max(1, page / 2), &effects)
        case "list.half-up": move(by: -max(1, page / 2), &effects)
        case "list.page-down": move(by: page, &effects)
        case "list.page-up": move(by: -page, &effects)
        case "list.top": move(to: 0, &effects)
        case "list.bottom": move(to: .max, &effects)
        default: return false
        }
        return true
    }

    mutating func move(by step: Int, _ effects: inout [ConsoleEffect]) {
        if help != nil {
            let top = help?.top ?? 0
            help?.top = max(0, top + step)
        } else if isText {
            list.top = max(0, list.top + step)
        } else {
            move(to: max(0, list.position + step), &effects)
        }
    }

    private mutating func move(to index: Int, _ effects: inout [ConsoleEffect]) {
        if help != nil {
            help?.top = index == .max ? 10_000 : index
            return
        }
        if isText {
            list.top = index == .max ? 10_000 : index
            return
        }
        let rows = currentRows
        var state = list
        state.select(index, in: rows, page: pageRows())
        list = state
        loadMoreOrders(&effects)
    }

    /// Sorts by the next column, each first in the direction that shows what matters: numbers from the top, names from A.
    mutating func changeSort(_ effects: inout [ConsoleEffect]) {
        switch place {
        case .orders:
            let sorts = OrderQuery.Sort.allCases
            var query = orders.query
            query.sort = sorts[((sorts.firstIndex(of: query.sort) ?? 0) + 1) % sorts.count]
            ask(orders.ask(query), &effects)
            list.follow(orders.rows)
        case .queues: nextSort(QueueColumns.all, queues.all.first)
        case .databases: nextSort(NodeColumns.all, nodes.all.first)
        case .services: nextSort(ServiceColumns.all, services.all.first)
        case .jobs: nextSort(JobColumns.all, jobs.all.first)
        case .database: nextSort(SessionColumns.all, sessions.all.first)
        default: say("this list has one order: causes above symptoms, the worst first", .notice)
        }
    }

    private mutating func nextSort<Row>(_ columns: [Column<Row>], _ sample: Row?) {
        let sortable = columns.filter { $0.sort != nil }
        let index = list.sort.flatMap { sort in sortable.firstIndex { $0.id == sort.column } }
        let next = index.map { $0 + 1 } ?? 0
        guard next < sortable.count else {
            list.sort = nil
            say("sorted as configured", .notice)
            rebuildRows()
            return
        }
        list.sort = SortOrder(column: sortable[next].id, isDescending: sortable[next].alignment == .right)
        say("sorted by \(sortable[next].title.isEmpty ? sortable[next].id : sortable[next].title)", .notice)
        rebuildRows()
    }

    mutating func reverseSort() {
        if place == .orders {
            say("the server sorts orders one way: s chooses newest, changed or due", .notice)
        } else if list.sort == nil {
            say("sort by a column first", .notice)
        } else {
            list.sort?.isDescending.toggle()
            rebuildRows()
        }
    }
}
