import PlatformModel
import TerminalCells

/// Everything that can happen to a console.
public enum ConsoleEvent: Sendable {
    case terminal(TerminalEvent)
    case snapshot(Snapshot)
    /// The answer to ``ConsoleEffect/loadOrders(_:after:)``.
    case orders(Answer<OrderPage>, query: OrderQuery, after: OrderCursor?, at: Moment)
    /// The answer to ``ConsoleEffect/loadOrder(id:)``.
    case orderDetails(Answer<OrderDetails>, id: Int64, at: Moment)
    /// The answer to ``ConsoleEffect/loadJobs(queue:state:)``.
    case jobs(Answer<JobPage>, queue: String, state: JobState, at: Moment)
    /// The selection has not moved for a moment; what stands beside a list follows it.
    case rested(Moment)
    /// Time went on; ages are drawn anew.
    case tick(Moment)
    /// How the line to the terminal does.
    case line(LineEstimate)
    /// Something worth telling that no reading tells.
    case notice(severity: Finding.Severity, text: String, at: Moment)
    case themeReloaded(Theme)
    case keymapReloaded(Keymap)
    /// What an earlier console left: places, filters, sorts, columns, selections, history.
    case sessionRead(String)
    /// The saved views, as they are in their file now.
    case viewsRead(String)
    /// A display was written to that path, or could not be.
    case displaySaved(path: String, failure: String?, at: Moment)
}

/// What was asked for, or why it could not be had.
public enum Answer<Value: Sendable>: Sendable {
    case value(Value)
    case failure(ReadFailure)
}

/// How fast the terminal takes what is written to it.
public struct LineEstimate: Sendable, Hashable {
    /// Frames are being dropped because the line is slower than the screen changes.
    public var isSlow: Bool
    public var bytesPerSecond: Int?

    public init(isSlow: Bool, bytesPerSecond: Int? = nil) {
        self.isSlow = isSlow
        self.bytesPerSecond = bytesPerSecond
    }
}

/// What a console wants done outside itself.
public enum ConsoleEffect: Sendable, Hashable {
    case loadOrders(OrderQuery, after: OrderCursor?)
    case loadOrder(id: Int64)
    case loadJobs(queue: String, state: JobState)
    case quit
    case suspend
    case bell
    /// To the desktop of whoever sits at the terminal; already safe.
    case notify(String)
    /// To the terminal's clipboard; already safe.
    case copy(String)
    /// - replaces: a file that is there already may be lost.
    case saveDisplay(path: String, text: String, replaces: Bool)
    /// Saves a view under its name, or deletes the one of that name.
    case saveView(name: String, view: SavedView?)
    /// Every cell is to be sent again.
    case repaint
    case loadTheme(String)
    case loadKeymap(String)
    /// Read everything now instead of when its turn comes.
    case refresh
}
