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
    /// The row that was marked last: where a range begins.
    var anchor: RowIdentity?
    /// The columns that rows are sorted by, the first first; empty leaves the order as it comes.
    var sorts: [SortOrder] = []
    var columns = ColumnChoice()
    var isWide = false
    /// New rows come to the selection, not the selection along with its row.
    var isFollowing = false
    /// The filter as typed; its meaning is parsed once, when it changes.
    var filter = ""
    /// What was filtered by last: `n` and `N` go on with it when all rows are shown again.
    var search = ""
    /// Whether ``search`` is pointed out in the rows.
    var showsSearch = false
    /// The selection was read from a file and has not been found yet.
    var isRestored = false

    /// What is pointed out in the rows.
    var pointedOut: String { filter.isEmpty ? (showsSearch ? search : "") : filter }

    /// The first row to show so that the selected one is on screen.
    ///
    /// - Parameter leaps: half a page comes at once when the selection leaves it: for lists beside something else, where
    ///   a terminal cannot scroll and every row would be sent again for every step.
    func top(count: Int, page: Int, leaps: Bool = false) -> Int {
        let page = max(1, page)
        let leap = leaps ? page / 2 : 0
        var top = self.top
        if position < top { top = position - leap }
        if position >= top + page { top = position - page + 1 + leap }
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
        if isRestored {
            isRestored = false
            position = selected.flatMap(rows.position) ?? 0
            selected = rows.identity(at: position)
            detail = selected
        } else if isFollowing || (isStream && position == 0 && top == 0) {
            position = 0
            top = 0
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

    mutating func select(_ index: Int, in rows: some RowList, page: Int, leaps: Bool = false) {
        guard rows.count > 0 else { return }
        position = max(0, min(index, rows.count - 1))
        selected = rows.identity(at: position)
        top = top(count: rows.count, page: page, leaps: leaps)
        if position > 0 { isFollowing = false }
    }
}

/// Which columns of a list are shown, and in which order; empty is as designed.
struct ColumnChoice: Sendable, Hashable {
    /// The ids from the left; columns that are not named follow as designed.
    var order: [String] = []
    var hidden: Set<String> = []
    /// Columns that are shown only here, or only on wide screens otherwise.
    var shown: Set<String> = []

    var isDesigned: Bool { self == ColumnChoice() }

    /// The columns as chosen. The first of the design names the row and is always there.
    func arrange<Row>(_ columns: [Column<Row>]) -> [Column<Row>] {
        if isDesigned { return columns }
        let name = columns.first?.id
        var rest = columns.filter { !hidden.contains($0.id) || $0.id == name }
        for index in rest.indices where shown.contains(rest[index].id) {
            rest[index].isExtra = false
            // What somebody asked for is dropped last.
            rest[index].importance = 97
        }
        var arranged: [Column<Row>] = []
        for id in order {
            if let index = rest.firstIndex(where: { $0.id == id }) { arranged.append(rest.remove(at: index)) }
        }
        return arranged + rest
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
    private var keeping: (@Sendable (Row) -> Bool)?

    var count: Int { visible.count }
    subscript(index: Int) -> Row { visible[index] }
    func identity(at index: Int) -> RowIdentity { visible[index].identity }
    func label(at index: Int) -> String { visible[index].label }
    func position(of identity: RowIdentity) -> Int? { positions[identity] }
    func row(_ identity: RowIdentity?) -> Row? {
        identity.flatMap { positions[$0] }.map { visible[$0] }
    }

    mutating func set(
        _ rows: [Row], keeping: (@Sendable (Row) -> Bool)? = nil, sorts: [SortOrder] = [], columns: [Column<Row>] = []
    ) {
        all = rows
        self.keeping = keeping
        let kept = keeping.map { rows.filter($0) } ?? rows
        visible = Rows.sorted(kept, by: sorts, columns)
        positions = Dictionary(minimumCapacity: visible.count)
        for (index, row) in visible.enumerated() where positions[row.identity] == nil {
            positions[row.identity] = index
        }
    }

    /// Rows that are equal in every key keep their order; what has no value comes last, whichever way one sorts.
    private static func sorted(_ rows: [Row], by sorts: [SortOrder], _ columns: [Column<Row>]) -> [Row] {
        let keys = sorts.compactMap { sort in
            columns.first { $0.id == sort.column }?.sort.map { (isDescending: sort.isDescending, value: $0) }
        }
        if keys.isEmpty { return rows }
        let keyed = rows.enumerated().map { offset, row in
            (values: keys.map { $0.value(row) }, offset: offset, row: row)
        }
        return keyed.sorted { left, right in
            for (index, key) in keys.enumerated() {
                let (one, other) = (left.values[index], right.values[index])
                if one == other { continue }
                if one == .nothing || other == .nothing { return other == .nothing }
                return key.isDescending ? one > other : one < other
            }
            return left.offset < right.offset
        }.map(\.row)
    }

    /// Adds rows at the end without looking at those before; rows that are there already are skipped.
    mutating func append(_ rows: [Row]) {
        for row in rows where positions[row.identity] == nil {
            all.append(row)
            guard keeping?(row) ?? true else { continue }
            positions[row.identity] = visible.count
            visible.append(row)
        }
    }
}
