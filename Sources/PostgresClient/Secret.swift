/// A password or key that prints as `<secret>` wherever a value can be printed.
///
/// The text leaves it only through ``reveal()``; comparing, interpolating, dumping and reflecting do not show it.
public struct PostgresSecret: Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible,
    CustomDebugStringConvertible, CustomReflectable
{
    // A closure, not a string: what reflects over the stored properties finds a function.
    private let stored: Box

    public init(_ text: String) {
        stored = Box(text)
    }

    public init(stringLiteral text: String) { self.init(text) }

    /// The text itself, for the call that needs it and for nothing else.
    public func reveal() -> String { stored.read() }

    public var isEmpty: Bool { stored.read().isEmpty }
    public var description: String { "<secret>" }
    public var debugDescription: String { "<secret>" }
    public var customMirror: Mirror { Mirror(self, children: []) }

    public static func == (left: Self, right: Self) -> Bool { left.reveal() == right.reveal() }
    public func hash(into hasher: inout Hasher) { hasher.combine(reveal()) }

    private final class Box: Sendable {
        let read: @Sendable () -> String
        init(_ text: String) { read = { text } }
    }
}
