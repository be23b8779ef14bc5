import PlatformModel

/// A column of any list, as the dialog of columns and completion see it.
struct ColumnInfo: Sendable, Equatable {
    let id: String
    let title: String
    let isExtra: Bool
    let isSortable: Bool
    let isNumeric: Bool
}

extension ConsoleState {
    /// The columns of the list that has the keys, in their order on screen, hidden ones where they would stand.
    var columnInfos: [ColumnInfo] {
        switch subject {
        case .orders: infos(OrderColumns.all, sortable: Set(OrderColumns.serverSorts.values))
        case .queues: infos(QueueColumns.all)
        case .jobs: infos(JobColumns.all)
        case .databases: infos(NodeColumns.all)
        case .database: infos(SessionColumns.all)
        case .services: infos(ServiceColumns.all)
        case .notices: infos(NoticeColumns.all)
        default: []
        }
    }

    private func infos<Row>(_ columns: [Column<Row>], sortable: Set<String> = []) -> [ColumnInfo] {
        var all = list.columns
        all.hidden = []
        all.shown = []
        return all.arrange(columns).map { column in
            ColumnInfo(
                id: column.id, title: column.title.isEmpty ? column.id : column.title, isExtra: column.isExtra,
                isSortable: column.sort != nil || sortable.contains(column.id),
                isNumeric: column.alignment == .right)
        }
    }

    /// Whether a column may be on screen, given the room.
    func isShown(_ column: ColumnInfo) -> Bool {
        if list.columns.hidden.contains(column.id) { return false }
        return !column.isExtra || list.isWide || list.columns.shown.contains(column.id)
    }

    /// The sort keys of the list that has the keys; the server's for the orders.
    var currentSorts: [SortOrder] {
        guard subject == .orders else { return list.sorts }
        return OrderColumns.serverSorts[orders.query.sort].map { [SortOrder(column: $0, isDescending: false)] } ?? []
    }
}

extension OrderColumns {
    /// The columns by which the server sorts.
    static let serverSorts: [OrderQuery.Sort: String] = [.newest: "placed", .changed: "changed", .due: "due"]
}
