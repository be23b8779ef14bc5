/// Numbers as people read them: one place for units, so that every screen and every command agree.
public enum Quantity {
    /// `1,284`.
    public static func grouped(_ number: Int64) -> String {
        let digits = Array(String(number.magnitude))
        var text = number < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return text
    }

    /// `0 B`, `41.2 MB`: three significant digits, powers of 1,000 as storage and networks count.
    public static func bytes(_ count: Int64) -> String {
        scaled(Double(count), ["B", "kB", "MB", "GB", "TB", "PB"])
    }

    /// `950`, `12.4k`, `1.28M`.
    public static func compact(_ number: Int64) -> String {
        number.magnitude < 10_000 ? grouped(number) : scaled(Double(number), ["", "k", "M", "G", "T"], separator: "")
    }

    private static func scaled(_ value: Double, _ units: [String], separator: String = " ") -> String {
        var value = value
        var unit = 0
        while abs(value) >= 999.5, unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        return (unit == 0 ? String(Int64(value)) : significant(value)) + separator + units[unit]
    }

    /// Three significant digits for 0 to 999: `9.87`, `98.7`, `987`.
    static func significant(_ value: Double) -> String {
        switch abs(value) {
        case ..<9.995: fixed(value, 2)
        case ..<99.95: fixed(value, 1)
        default: fixed(value, 0)
        }
    }

    /// A number with that many digits after the point, rounded half away from zero.
    public static func fixed(_ value: Double, _ digits: Int) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return value.isNaN ? "-" : value < 0 ? "-inf" : "inf" }
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let units = Int64((abs(value) * scale).rounded())
        let sign = value < 0 && units > 0 ? "-" : ""
        let whole = units / Int64(scale)
        return digits == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\((units % Int64(scale)).padded(digits))"
    }

    /// A length of time in its two largest units, or milliseconds: `0.4 ms`, `84 ms`, `9.2 s`, `4 m 12 s`, `3 d 4 h`.
    public static func duration(_ duration: Duration) -> String {
        let (wholeSeconds, attoseconds) = duration.components
        let seconds = Double(wholeSeconds) + Double(attoseconds) * 1e-18
        if seconds < 0 { return "-" + self.duration(.zero - duration) }
        if seconds == 0 { return "0 s" }
        if seconds < 0.00995 { return fixed(seconds * 1000, 1) + " ms" }
        if seconds < 0.9995 { return fixed(seconds * 1000, 0) + " ms" }
        if seconds < 59.95 { return fixed(seconds, 1) + " s" }
        let total = Int64(clamping: Int(exactly: min(seconds, 9e15).rounded()) ?? .max)
        let units: [(Int64, String)] = [(86400, "d"), (3600, "h"), (60, "m"), (1, "s")]
        for (index, (size, name)) in units.enumerated() where total >= size {
            let rest = total % size / units[min(index + 1, 3)].0
            return index == 3 ? "\(total) s" : "\(total / size) \(name) \(rest) \(units[index + 1].1)"
        }
        return "0 s"
    }

    /// The same to one unit, for narrow columns: `84ms`, `9s`, `4m`, `3h`, `12d`.
    public static func shortDuration(_ duration: Duration) -> String {
        let (wholeSeconds, attoseconds) = duration.components
        let seconds = Double(wholeSeconds) + Double(attoseconds) * 1e-18
        if seconds < 0 { return "-" + shortDuration(.zero - duration) }
        if seconds > 0, seconds < 0.9995 { return fixed(seconds * 1000, 0) + "ms" }
        let total = Int64(clamping: Int(exactly: min(seconds, 9e15).rounded()) ?? .max)
        for (size, name) in [(Int64(86400), "d"), (3600, "h"), (60, "m")] where total >= 2 * size || total == size {
            return "\(total / size)\(name)"
        }
        return "\(total)s"
    }

    /// `12.5 %`.
    public static func percent(_ share: Double, digits: Int = 1) -> String { fixed(share * 100, digits) + " %" }

    /// Events a second in the unit that has digits before the point: `0.5/s` is `30.0/min`.
    public static func rate(_ perSecond: Double) -> String {
        perSecond >= 10 || perSecond == 0
            ? fixed(perSecond, perSecond >= 100 ? 0 : 1) + "/s" : fixed(perSecond * 60, 1) + "/min"
    }
}
