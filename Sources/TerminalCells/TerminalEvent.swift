/// What a terminal tells a program.
public enum TerminalEvent: Sendable, Hashable {
    /// A key. Most terminals do not tell a held key's repeats from presses, so neither does this.
    case key(Key)
    /// Text that was pasted: never commands. Line ends are `\n`; other controls are still in it.
    case paste(String)
    case mouse(MouseEvent)
    case resize(Size)
    /// The terminal's window got or lost the keyboard.
    case focus(Bool)
}

/// A press, release, drag or wheel step at a cell.
public struct MouseEvent: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        case press(Button), release(Button), drag(Button), move
        case wheelUp, wheelDown, wheelLeft, wheelRight
    }

    public enum Button: Sendable, Hashable { case left, middle, right, other }

    public var kind: Kind
    public var point: Point
    public var modifiers: Key.Modifiers

    public init(_ kind: Kind, at point: Point, modifiers: Key.Modifiers = []) {
        self.kind = kind
        self.point = point
        self.modifiers = modifiers
    }
}
