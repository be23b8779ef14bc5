import Operations
import TerminalCells

/// What a keymap makes of a person's keys, place by place: which bindings work where, and which are hidden by others.
///
/// It asks ``Keymap/match(_:in:)`` as the console does, key by key, so that it cannot disagree with it.
public struct KeymapCheck: Sendable {
    /// A binding that does not answer in a place where it should.
    public struct Hidden: Sendable, Hashable {
        public let binding: Keymap.Binding
        /// Where it is hidden: `jobs`, and so on, in the order of the screens.
        public let places: [String]
        /// What happens instead: the command that answers, or nil when the keys only begin something longer.
        public let instead: String?
        /// Hidden everywhere: it can never be given.
        public let isUnreachable: Bool
    }

    /// The bindings that were overridden or can never be reached, in the order of the keymap.
    public let hidden: [Hidden]
    /// Commands of the screen that no key gives; the palette does.
    public let withoutKey: [Command]

    /// The contexts that hold together on each screen, innermost first.
    private static let places: [[CommandContext]] = {
        let screens: [CommandContext] = [
            .overview, .orders, .orderDetails, .queues, .jobs, .jobDetails, .databases, .databaseDetails, .services,
            .serviceDetails, .findings, .findingDetails, .notices,
        ]
        return screens.map { [$0, .list] } + [[.help]]
    }()

    public init(_ keymap: Keymap) {
        hidden = keymap.bindings.compactMap { Self.hidden($0, keymap) }
        let given = Set(keymap.bindings.compactMap { $0.command.split(separator: " ").first.map(String.init) })
        withoutKey = CommandTable.all.filter { CommandTable.isOnScreen($0.id) && !given.contains($0.id) }
    }

    private static func hidden(_ binding: Keymap.Binding, _ keymap: Keymap) -> Hidden? {
        let possible = places.filter { place in binding.context.map(place.contains) ?? true }
        var hiddenIn: [String] = []
        var instead: String?
        for place in possible {
            let answer = answer(to: binding.keys, keymap, place)
            if answer == .command(binding.command) { continue }
            hiddenIn.append(place[0].rawValue)
            if case .command(let other) = answer, instead == nil { instead = other }
        }
        guard !hiddenIn.isEmpty else { return nil }
        return Hidden(
            binding: binding, places: hiddenIn, instead: instead, isUnreachable: hiddenIn.count == possible.count)
    }

    /// What pressing the keys one after another gives, as soon as it gives anything.
    private static func answer(to keys: [Key], _ keymap: Keymap, _ place: [CommandContext]) -> Keymap.Match {
        for length in 1...max(1, keys.count) {
            let match = keymap.match(Array(keys.prefix(length)), in: place)
            if match != .beginning || length == keys.count { return match }
        }
        return .none
    }
}
