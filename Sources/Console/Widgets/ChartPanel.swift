import PlatformModel
import TerminalCells

/// A panel with one curve in it.
struct ChartPanel: Sendable {
    let title: String
    let trend: Trend?
    var isFocused = false
    let label: @Sendable (Double) -> String

    init(
        title: String, trend: Trend?, isFocused: Bool = false, label: @escaping @Sendable (Double) -> String
    ) {
        self.title = title
        self.trend = trend
        self.isFocused = isFocused
        self.label = label
    }

    func draw(on canvas: inout Canvas, in rect: Rect) {
        var panel = Panel(title: title)
        panel.isFocused = isFocused
        let inner = panel.draw(on: &canvas, in: rect)
        guard let trend, !trend.points.isEmpty else {
            Message.text("No history yet.").draw(on: &canvas, in: inner)
            return
        }
        let span = Quantity.shortDuration(trend.step * min(trend.points.count, (inner.columns - Chart.axisColumns) * 2))
        Chart(points: trend.points, label: label, start: "\(span) ago").draw(on: &canvas, in: inner)
    }
}
