import PlatformModel

/// A curve in one row of text.
enum Sparkline {
    /// The newest `columns` points, one a column; a gap in the data is a gap in the line.
    ///
    /// The lowest level is zero. A curve that lies far above it would be a solid bar: it is drawn in the upper half, its
    /// lowest point at the middle.
    static func text(_ points: [Double?], columns: Int, glyphs: GlyphSet) -> String {
        guard columns > 0 else { return "" }
        let shown = points.suffix(columns)
        let values = shown.compactMap(\.self).filter(\.isFinite)
        let high = max(values.max() ?? 0, 0)
        let least = values.min() ?? 0
        let low = least > high * 0.7 && least < high ? least - (high - least) : 0
        let span = high - low
        var text = String(repeating: glyphs.gap, count: columns - shown.count)
        for point in shown {
            guard let point, point.isFinite else {
                text += glyphs.gap
                continue
            }
            let share = span > 0 ? (point - low) / span : 0
            // The full block is left out: curves in rows below one another would run together.
            text += glyphs.levels[min(6, max(0, Int((share * 6).rounded())))]
        }
        return text
    }

    static func text(_ trend: Trend?, columns: Int, glyphs: GlyphSet) -> String {
        text(trend?.points ?? [], columns: columns, glyphs: glyphs)
    }
}

/// A share as a bar: `███░░░░`.
enum Gauge {
    static func spans(_ share: Double?, columns: Int, role: ThemeRole = .gauge, glyphs: GlyphSet) -> [Span] {
        let share = share.map { $0.isFinite ? min(1, max(0, $0)) : 0 } ?? 0
        var filled = Int((share * Double(columns)).rounded())
        if share > 0, filled == 0 { filled = 1 }
        return [
            Span(String(repeating: glyphs.gaugeFull, count: min(columns, filled)), role),
            Span(String(repeating: glyphs.gaugeEmpty, count: max(0, columns - filled)), .gaugeEmpty),
        ]
    }
}
