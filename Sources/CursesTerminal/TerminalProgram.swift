import Reactor
import TerminalCells

/// What runs on a terminal: events and messages in, screens and wishes out. It never blocks and never awaits.
public protocol TerminalProgram {
    associatedtype Message: Sendable

    /// A key, a paste, a click: painted at once. The first event is the size.
    mutating func handle(_ event: TerminalEvent)
    /// Something from the mailbox: painted when the line has room for it.
    mutating func receive(_ message: Message)
    /// Called when ``nextWake`` has passed.
    mutating func tick()
    /// The loop tells when the line turns slow or fast, or carries another rate by much.
    mutating func line(isSlow: Bool, bytesPerSecond: Int?)
    /// When something changes by time alone: the clock, the ages.
    var nextWake: Deadline { get }
    /// The screen, exactly of that size.
    func render(size: Size) -> ScreenBuffer
    /// What is to be done outside the screen; taken once.
    mutating func takeWishes() -> [TerminalWish]
    /// The loop is about to end, by ``TerminalWish/quit(_:)``, a signal or a terminal that vanished: a moment to
    /// save what is open. After a signal the process ends within the second.
    mutating func willEnd()
}

extension TerminalProgram {
    public mutating func tick() {}
    public mutating func line(isSlow: Bool, bytesPerSecond: Int?) {}
    public var nextWake: Deadline { .never }
    public mutating func willEnd() {}
}
