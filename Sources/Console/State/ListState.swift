/// Where a person is in a list. Selection and marks follow identity, not position.
struct ListState: Sendable, Hashable {
    var selected: RowIdentity?
    /// The row whose details stand beside the list: the selected one, once the selection rests.
    var detail: RowIdentity?
    /// Where the selected row stands now, or stood before it went away.
    var position = 0
    /// The first row on screen.
    var top = 0
    var marks: Set<RowIdentity> = []
    var sort: SortOrder?
    var isWide = false
    /// The filter as typed; its meaning is parsed once, when it changes.
    var filter = ""

    /// The first row to show so that the selected one is on screen.
    func top(count: Int, page: Int) -> Int {
        let page = max(1, page)
        var top = self.top
        if position < top { top = position }
        if position >= top + page { top = position - page + 1 }
        return max(0, min(top, max(0, count - page)))
    }

    /// Finds the selected row again after the list changed.
    ///
    /// - Parameter isStream: new rows come at the top; whoever stands there stays there and sees them come.
    mutating func follow(_ rows: some RowList, isStream: Bool = false) {
        guard rows.count > 0 else {
            position = 0
            top = 0
            return
        }
        if isStream, position == 0, top == 0 {
            selected = rows.identity(at: 0)
        } else if let selected, let index = rows.position(of: selected) {
            // The row keeps its line on the screen where that is possible.
            top = max(0, top + index - position)
            position = index
        } else {
            position = max(0, min(position, rows.count - 1))
            selected = rows.identity(at: position)
        }
    }

    mutating func select(_ index: Int, in rows: some RowList, page: Int) {
        guard rows.count > 0 else { return }
        position = max(0, min(index, rows.count - 1))
        selected = rows.identity(at: position)
        top = top(count: rows.count, page: page)
    }
}

/// Rows as a list sees them: how many, which, where.
protocol RowList: Sendable {
    var count: Int { get }
    func identity(at index: Int) -> RowIdentity
    func label(at index: Int) -> String
    func position(of identity: RowIdentity) -> Int?
}

/// Rows of one kind: all, and those that a filter leaves, in order, with an index by identity.
///
/// The index is made when rows change, never on a key press.
struct Rows<Row: ListedRow>: RowList {
    private(set) var all: [Row] = []
    private(set) var visible: [Row] = []
    private var positions: [RowIdentity: Int] = [:]

    var count: Int { visible.count }
    subscript(index: Int) -> Row { visible[index] }
    func identity(at index: Int) -> RowIdentity { visible[index].identity }
    func label(at index: Int) -> String { visible[index].label }
    func position(of identity: RowIdentity) -> Int? { positions[identity] }
    func row(_ identity: RowIdentity?) -> Row? {
        identity.flatMap { positions[$0] }.map { visible[$0] }
    }

    mutating func set(
        _ rows: [Row], keeping: ((Row) -> Bool)? = nil, sort: SortOrder? = nil, columns: [Column<Row>] = []
    ) {
        all = rows
        var shown = keeping.map { rows.filter($0) } ?? rows
        if let sort, let key = columns.first(where: { $0.id == sort.column })?.sort {
            let keyed = shown.enumerated().map { (key: key($0.element), offset: $0.offset, row: $0.element) }
            shown = keyed.sorted { left, right in
                if left.key == right.key { return left.offset < right.offset }
                if left.key == .nothing || right.key == .nothing { return right.key == .nothing }
                return sort.isDescending ? left.key > right.key : left.key < right.key
            }.map(\.row)
        }
        visible = shown
        positions = Dictionary(minimumCapacity: shown.count)
        for (index, row) in shown.enumerated() where positions[row.identity] == nil { positions[row.identity] = index }
    }

    /// Adds rows at the end without looking at those before; rows that are there already are skipped.
    mutating func append(_ rows: [Row]) {
        for row in rows where positions[row.identity] == nil {
            positions[row.identity] = visible.count
            all.append(row)
            visible.append(row)
        }
    }
}
