import Reactor
import TerminalCells

/// What runs on a terminal: events and messages in, screens and wishes out. It never blocks and never awaits.
public protocol TerminalProgram {
    associatedtype Message: Sendable

    mutating func handle(_ event: TerminalEvent)
    mutating func receive(_ message: Message)
    /// Called when ``nextWake`` has passed.
    mutating func tick()
    /// The loop tells when the line turns slow or fast.
    mutating func line(isSlow: Bool, bytesPerSecond: Int?)
    /// When something changes by time alone: the clock, the ages.
    var nextWake: Deadline { get }
    func render(size: Size) -> ScreenBuffer
    /// What is to be done outside the screen; taken once.
    mutating func takeWishes() -> [TerminalWish]
}

/// What a program wants of its terminal.
public enum TerminalWish: Sendable, Hashable {
    case quit(Int32)
    case suspend
    case bell
    case repaint
    /// Text for the clipboard of the terminal's user (OSC 52); already safe.
    case copy(String)
}
