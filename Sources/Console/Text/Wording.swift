import PlatformModel

/// Phrases that several screens, the linear mode and the command line share, so that they say the same thing alike.
public enum Wording {
    /// `healthy`, `degraded: 2 warnings`, `down: 1 critical, 2 warnings`.
    public static func health(_ snapshot: Snapshot) -> String {
        let critical = snapshot.findings.count { $0.severity == .critical }
        let warnings = snapshot.findings.count { $0.severity == .warning }
        var parts: [String] = []
        if critical > 0 { parts.append("\(critical) critical") }
        if warnings > 0 { parts.append(counted(warnings, "warning")) }
        return parts.isEmpty
            ? snapshot.health.rawValue : "\(snapshot.health.rawValue): " + parts.joined(separator: ", ")
    }

    /// `1 order`, `1,284 orders`.
    public static func counted(_ count: some BinaryInteger, _ noun: String, plural: String? = nil) -> String {
        "\(Quantity.grouped(Int64(clamping: count))) " + (count == 1 ? noun : plural ?? noun + "s")
    }

    /// How far a reading can be trusted, for the corner of a panel: `<1 s`, `stale 12 s`, `failing, 12 s old`.
    public static func age<Value>(_ reading: Reading<Value>, now: Moment, staleAfter limit: Duration) -> String {
        let age = reading.age(at: now).map(ageText) ?? ""
        switch reading.state(at: now, staleAfter: limit) {
        case .loading: return "loading"
        case .live: return age
        case .stale: return "stale \(age)"
        case .failing: return "failing, \(age) old"
        case .unavailable: return "unavailable"
        }
    }

    /// An age that does not flicker: whole units, for a tenth that ticks on every panel costs a line more than it tells.
    public static func ageText(_ age: Duration) -> String {
        if age < .seconds(1) { return "<1 s" }
        if age < .seconds(60) { return "\(age.components.seconds) s" }
        return Quantity.duration(age)
    }

    /// An age for a narrow column, whole seconds at least: `0s`, `38s`, `4m`, `3h`.
    static func shortAge(_ age: Duration) -> String {
        age < .seconds(1) ? "0s" : Quantity.shortDuration(age)
    }

    /// A measured number as a count, whatever was measured: `950`, `12.4k`, `-` for what is no number.
    static func count(_ number: Double) -> String {
        number.isFinite && number.magnitude < 1e18 ? Quantity.compact(Int64(number)) : "-"
    }

    /// The same in bytes.
    static func bytes(_ number: Double) -> String {
        number.isFinite && number.magnitude < 1e18 ? Quantity.bytes(Int64(number)) : "-"
    }

    /// `2026-11-23 14:03:22`; nil outside the years that people use, as PostgreSQL's `infinity` is.
    static func instant(_ instant: Timestamp) -> String? {
        let limit: Int64 = 250_000_000_000_000_000
        guard (-limit...limit).contains(instant.microseconds) else { return nil }
        return "\(instant.dateText) \(instant.clockText)"
    }

    /// A failure in one line: what happened, and what to do where that is known.
    public static func failure(_ failure: ReadFailure) -> String {
        if failure.hint.isEmpty { return failure.cause }
        // A cause that is a sentence of its own is followed by another one.
        guard let last = failure.cause.last, ".?!…".contains(last) else { return "\(failure.cause); \(failure.hint)" }
        return "\(failure.cause) \(sentence(failure.hint))"
    }

    /// Texts of several authors as sentences one after another: each begins large where it begins with a word, and ends
    /// with one mark. Empty ones leave nothing behind.
    public static func sentences(_ texts: [String]) -> String {
        texts.map(sentence).filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// One text as a sentence; names of things (`eu-west-1a`) and of the program keep their first letter.
    public static func sentence(_ text: String) -> String {
        let text = String(text.drop { $0 == " " })
        let word = text.prefix { !" ,;:.?".contains($0) }
        let isWord = word != "galley" && word.allSatisfy { $0.isLetter || $0 == "’" || $0 == "'" }
        return ended(isWord ? text.prefix(1).uppercased() + text.dropFirst() : text)
    }

    /// The text with a full stop, unless it ends a sentence already.
    public static func ended(_ text: String) -> String {
        let text = String(text.reversed().drop { $0 == " " || $0 == ";" || $0 == "," }.reversed())
        guard let last = text.last, !".?!…".contains(last) else { return text }
        return text + "."
    }

    /// `primary`, `replica`, with what qualifies it.
    static func role(_ node: DatabaseNode) -> String {
        node.replayPaused ? "\(node.role.rawValue), replay paused" : node.role.rawValue
    }

    /// Amounts of several currencies: the largest, and how many more there are.
    static func money(_ amounts: [Money], all: Bool = false) -> String {
        guard let first = amounts.first else { return "-" }
        if all { return amounts.map(\.description).joined(separator: ", ") }
        return amounts.count == 1 ? compactMoney(first) : "\(compactMoney(first)) +\(amounts.count - 1)"
    }

    /// `EUR 84.2k`.
    static func compactMoney(_ money: Money) -> String {
        var scale: Int64 = 1
        for _ in 0..<money.exponent { scale *= 10 }
        return "\(money.currency) \(Quantity.compact(money.minorUnits / scale))"
    }
}

extension Duration {
    /// The same as a number of seconds.
    var inSeconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }
}
