import PlatformModel

/// The dialog in which a list's columns and its order are chosen.
struct ColumnsDialog: Sendable, Hashable {
    /// The column that has the cursor.
    var position = 0
}

extension ConsoleState {
    /// Does what a command of the dialog says; false when it is none of them.
    mutating func performOnColumns(_ id: String, _ effects: inout [ConsoleEffect]) -> Bool {
        guard id.hasPrefix("columns.") else { return false }
        let columns = columnInfos
        guard let dialog = columnsDialog, dialog.position < columns.count else {
            openColumns()
            return true
        }
        let column = columns[dialog.position]
        switch id {
        case "columns.toggle": toggle(column, isFirst: column.id == nameColumn)
        case "columns.left": shift(columns, by: -1)
        case "columns.right": shift(columns, by: 1)
        case "columns.sort": sort(by: column, &effects)
        case "columns.add-sort": addSort(by: column, &effects)
        case "columns.reset":
            list.columns = ColumnChoice()
            list.sorts = []
            list.isWide = false
            rebuildRows()
            say("columns and order as designed", .notice)
        default: return false
        }
        return true
    }

    mutating func openColumns() {
        guard !isText, !columnInfos.isEmpty else {
            say("what has the keys has no columns", .notice)
            return
        }
        columnsDialog = columnsDialog == nil ? ColumnsDialog() : nil
    }

    /// The column that names the row: the first of the design.
    var nameColumn: String? {
        switch subject {
        case .orders: OrderColumns.all.first?.id
        case .queues: QueueColumns.all.first?.id
        case .jobs: JobColumns.all.first?.id
        case .databases: NodeColumns.all.first?.id
        case .database: SessionColumns.all.first?.id
        case .services: ServiceColumns.all.first?.id
        case .notices: NoticeColumns.all.first?.id
        default: nil
        }
    }

    private mutating func toggle(_ column: ColumnInfo, isFirst: Bool) {
        guard !isFirst else {
            say("\(column.title) names the row and stays", .notice)
            return
        }
        if isShown(column) {
            list.columns.hidden.insert(column.id)
            list.columns.shown.remove(column.id)
        } else {
            list.columns.hidden.remove(column.id)
            list.columns.shown.insert(column.id)
        }
    }

    private mutating func shift(_ columns: [ColumnInfo], by step: Int) {
        guard let position = columnsDialog?.position else { return }
        let target = position + step
        guard columns.indices.contains(target) else { return }
        var ids = columns.map(\.id)
        ids.swapAt(position, target)
        list.columns.order = ids
        columnsDialog?.position = target
    }
}
