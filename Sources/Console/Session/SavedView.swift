import PlatformModel

/// A way to look at a list, under a name: what is left, in which order, with which columns.
public struct SavedView: Sendable, Hashable {
    var name: String
    /// The word of its screen.
    var screen: String
    var filter = ""
    var sorts: [SortOrder] = []
    var columns = ColumnChoice()
    var isWide = false
    /// How the server sorts the orders.
    var orderSort: OrderQuery.Sort?

    init(name: String, screen: String) {
        self.name = name
        self.screen = screen
    }
}
