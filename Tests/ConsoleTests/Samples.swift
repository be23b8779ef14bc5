import Operations
import PlatformModel
import TerminalCells

@testable import Console

/// A platform as it might stand at 14:03:22 on 23 November 2026: made up, believable, always the same.
enum Samples {
    static let wall = Timestamp(seconds: 1_795_442_602)

    static func moment(_ seconds: Double = 0) -> Moment {
        Moment(
            wall: wall + .seconds(seconds), ticks: UInt64(100_000_000_000_000 + Int64(seconds * 1e9)))
    }

    static func ago(_ seconds: Double) -> Timestamp { wall + .seconds(-seconds) }

    static let environment = EnvironmentIdentity(name: "local", kind: .local, title: "fb-platform")

    static let keymap = Keymap.load("default").value
    static let theme = Theme.load("dark").value

    static func console(
        _ kind: EnvironmentIdentity.Kind = .local, theme: Theme = .plain, keymap: Keymap = Samples.keymap,
        readOnly: Bool = true, glyphs: GlyphSet = .unicode
    ) -> ConsoleState {
        ConsoleState(
            environment: EnvironmentIdentity(name: kind.rawValue, kind: kind, title: "fb-platform"),
            user: "op-4@bastion-2", role: .operator, readOnly: readOnly, theme: theme, keymap: keymap,
            options: ConsoleOptions(glyphs: glyphs))
    }

    static func trend(_ shape: (Int) -> Double?) -> Trend {
        var trend = Trend(step: .seconds(30), capacity: 120)
        for index in 0..<120 { trend.append(shape(index)) }
        return trend
    }

    /// A wave that is the same on every machine: no sine.
    static func wave(_ index: Int, _ period: Int, _ low: Double, _ high: Double) -> Double {
        let phase = index % period
        let half = Double(period) / 2
        let share = Double(phase) < half ? Double(phase) / half : 2 - Double(phase) / half
        return low + (high - low) * share * share * (3 - 2 * share)
    }
}
