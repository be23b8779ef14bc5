import PlatformModel

extension ConsoleState {
    /// Moves the selection, or scrolls text; false when the command is not about that.
    mutating func moves(_ id: String, _ effects: inout [ConsoleEffect]) -> Bool {
        let page = help != nil || isText ? (textPane()?.rows ?? 1) : pageRows()
        switch id {
        case "list.down": move(by: 1, &effects)
        case "list.up": move(by: -1, &effects)
        case "list.half-down": move(by: max(1, page / 2), &effects)
        case "list.half-up": move(by: -max(1, page / 2), &effects)
        case "list.page-down": move(by: page, &effects)
        case "list.page-up": move(by: -page, &effects)
        case "list.top": move(by: -.max, &effects)
        case "list.bottom": move(by: .max, &effects)
        default: return false
        }
        return true
    }

    /// Moves by that many rows or lines; `.max` is all the way.
    mutating func move(by step: Int, _ effects: inout [ConsoleEffect]) {
        func moved(_ from: Int, last: Int) -> Int {
            let (sum, isBeyond) = min(from, last).addingReportingOverflow(step)
            return isBeyond ? (step > 0 ? last : 0) : max(0, min(sum, last))
        }
        if help != nil {
            let top = moved(help?.top ?? 0, last: textPane()?.lastTop ?? 0)
            help?.top = top
        } else if let dialog = columnsDialog {
            let position = moved(dialog.position, last: max(0, columnInfos.count - 1))
            columnsDialog?.position = position
        } else if isText {
            textTop = moved(textTop, last: textPane()?.lastTop ?? 0)
        } else {
            select(moved(list.position, last: max(0, currentRows.count - 1)), &effects)
        }
    }

    /// Selects a row of the list that has the keys.
    mutating func select(_ index: Int, _ effects: inout [ConsoleEffect]) {
        let rows = currentRows
        var state = list
        state.select(index, in: rows, page: pageRows(), leaps: hasNeighbour)
        list = state
        loadMoreOrders(&effects)
    }

    /// Whether something stands beside the list, on the same rows of the screen.
    var hasNeighbour: Bool {
        switch place {
        case .orders, .jobs: panels.contains(.details) && !isZoomed
        default: false
        }
    }

    /// Selects the next row that what was filtered by last leaves, or shows the next line of a text in which something
    /// is found.
    mutating func find(_ step: Int, _ effects: inout [ConsoleEffect]) {
        if isText {
            findInText(step)
            return
        }
        let text = list.filter.isEmpty ? list.search : list.filter
        let count = currentRows.count
        guard !text.isEmpty else {
            say("nothing was searched for yet: / filters", .notice)
            return
        }
        guard count > 0 else { return }
        list.showsSearch = list.filter.isEmpty
        let test = (try? rowTest(text)) ?? { _ in false }
        let start = list.position
        for distance in 1...count {
            let index = (start + step * distance % count + count) % count
            guard test(index) else { continue }
            if distance == count { break }
            if (index < start) == (step > 0) {
                say(step > 0 ? "from the end on to the top" : "from the top on to the end", .notice)
            }
            select(index, &effects)
            return
        }
        say(test(start) ? "no other row matches “\(text)”" : "no row matches “\(text)”", .notice)
    }

    private mutating func findInText(_ step: Int) {
        guard !textSearch.isEmpty else {
            say("nothing was searched for yet: / searches", .notice)
            return
        }
        guard let pane = textPane() else { return }
        guard let line = pane.line(with: Matcher(text: textSearch), after: textTop, by: step) else {
            say("“\(textSearch)” is not in this text", .notice)
            return
        }
        textTop = line
    }

    // MARK: Sorting

    /// Sorts by the next column, each first in the direction that shows what matters: numbers from the top, names from A.
    mutating func changeSort(_ effects: inout [ConsoleEffect]) {
        let sortable = columnInfos.filter(\.isSortable)
        guard !sortable.isEmpty else {
            say(oneOrder, .notice)
            return
        }
        let index = currentSorts.first.flatMap { sort in sortable.firstIndex { $0.id == sort.column } }
        let next = index.map { $0 + 1 } ?? 0
        if next < sortable.count {
            sort(by: sortable[next], &effects)
        } else if subject == .orders {
            sort(by: sortable[0], &effects)
        } else {
            list.sorts = []
            say("sorted as configured", .notice)
            rebuildRows()
        }
    }

    private var oneOrder: String { "this list has one order: causes above symptoms, the worst first" }

    /// Makes a column the first key; once more turns it around.
    mutating func sort(by column: ColumnInfo, isDescending: Bool? = nil, _ effects: inout [ConsoleEffect]) {
        guard column.isSortable else {
            say("\(column.title) cannot be sorted by", .notice)
            return
        }
        if subject == .orders {
            guard let sort = OrderColumns.serverSorts.first(where: { $0.value == column.id })?.key else { return }
            ask(orders.ask(sort: sort), &effects)
            list.follow(orders.rows)
            say("\(sort.rawValue) first", .notice)
            return
        }
        let before = list.sorts.first { $0.column == column.id }
        let wasFirst = list.sorts.first?.column == column.id && list.sorts.count == 1
        let direction = isDescending ?? (wasFirst ? !(before?.isDescending ?? false) : column.isNumeric)
        list.sorts = [SortOrder(column: column.id, isDescending: direction)]
        say("sorted by \(column.title), \(direction ? "highest" : "lowest") first", .notice)
        rebuildRows()
    }

    /// Makes a column the next key, after those that there are; once more turns it around, then takes it away.
    mutating func addSort(by column: ColumnInfo, _ effects: inout [ConsoleEffect]) {
        guard subject != .orders else {
            say("the server sorts orders, by one column", .notice)
            return
        }
        guard column.isSortable else {
            say("\(column.title) cannot be sorted by", .notice)
            return
        }
        if let index = list.sorts.firstIndex(where: { $0.column == column.id }) {
            if list.sorts[index].isDescending == column.isNumeric {
                list.sorts[index].isDescending.toggle()
            } else {
                list.sorts.remove(at: index)
            }
        } else {
            list.sorts.append(SortOrder(column: column.id, isDescending: column.isNumeric))
        }
        let names = list.sorts.map { sort in columnInfos.first { $0.id == sort.column }?.title ?? sort.column }
        say(names.isEmpty ? "sorted as configured" : "sorted by \(names.joined(separator: ", then "))", .notice)
        rebuildRows()
    }

    mutating func reverseSort() {
        if subject == .orders {
            say("the server sorts orders one way: s chooses newest, changed or due", .notice)
        } else if list.sorts.isEmpty {
            say("sort by a column first", .notice)
        } else {
            list.sorts[0].isDescending.toggle()
            rebuildRows()
        }
    }

    /// `lag`, `lag desc`: the column and the direction that are meant; nil, said why, when there is none.
    mutating func column(named text: String) -> (column: ColumnInfo, isDescending: Bool?)? {
        let words = text.lowercased().split(separator: " ").map(String.init)
        guard let name = words.first else { return nil }
        let columns = columnInfos
        guard let column = columns.first(where: { $0.id == name || $0.title.lowercased() == name }) else {
            let known = columns.filter(\.isSortable).map(\.id).joined(separator: ", ")
            say(columns.isEmpty ? oneOrder : "no column “\(name)”; there are \(known)", .warning)
            return nil
        }
        let direction = words.dropFirst().first.map { $0.hasPrefix("desc") || $0.hasPrefix("down") }
        return (column, direction)
    }
}
