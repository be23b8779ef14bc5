import PlatformModel
import TerminalCells

/// The key metrics: figures with sparklines, or with charts where there is room.
struct MetricsPanel: Sendable {
    let context: CellContext
    /// How high a curve is where there is room for two rows of them.
    static let chartRows = 11

    func draw(on canvas: inout Canvas, in rect: Rect) {
        let metrics = Metric.all(context)
        let span = metrics.compactMap(\.trend).map { $0.step * $0.points.count }.max() ?? .zero
        var panel = Panel(title: "Key metrics")
        if span > .zero { panel.count = Quantity.shortDuration(span) }
        let inner = panel.draw(on: &canvas, in: rect).inset(columns: 1, rows: 0)
        if inner.rows >= 10, inner.columns >= 150 {
            drawCharts(metrics, on: &canvas, in: inner)
        } else {
            drawLines(metrics, on: &canvas, in: inner)
        }
    }

    private func drawLines(_ metrics: [Metric], on canvas: inout Canvas, in rect: Rect) {
        let across = rect.columns >= 150 ? 4 : rect.columns >= 100 ? 3 : 2
        let width = rect.columns / across
        for (index, metric) in metrics.prefix(across * rect.rows).enumerated() {
            let place = Point(column: rect.column + index % across * width, row: rect.row + index / across)
            draw(metric, on: &canvas, at: place, columns: width - 2)
        }
    }

    private func draw(_ metric: Metric, on canvas: inout Canvas, at point: Point, columns: Int) {
        let (name, value) = (15, 12)
        canvas.write([Span(metric.name, .muted)], at: point, columns: name)
        canvas.write(
            metric.spans(canvas.glyphs), endingAt: point.column + name + value, row: point.row, columns: value)
        let room = columns - name - value - 1
        guard room >= 5 else { return }
        let line = Sparkline.text(metric.trend, columns: min(room, 24), glyphs: canvas.glyphs)
        canvas.write(line, .curve, at: Point(column: point.column + name + value + 1, row: point.row), columns: room)
    }

    private func drawCharts(_ metrics: [Metric], on canvas: inout Canvas, in rect: Rect) {
        let curves = metrics.filter { $0.trend != nil }
        let deep = rect.rows >= 2 * MetricsPanel.chartRows && curves.count >= 8 ? 2 : 1
        let across = 4
        let drawn = curves.count >= across ? Array(curves.prefix(across * deep)) : Array(metrics.prefix(across))
        let rest = metrics.filter { metric in !drawn.contains { $0.name == metric.name } }
        let lineRows = (rest.count + across - 1) / across
        let (charts, lines) = rect.split(top: rect.rows - lineRows - 1)
        let width = charts.columns / across
        let height = charts.rows / deep
        for (index, metric) in drawn.enumerated() {
            let cell = Rect(
                column: charts.column + index % across * width, row: charts.row + index / across * height,
                columns: width - 2, rows: height)
            canvas.write(
                [Span(metric.name + "  ", .muted)] + metric.spans(canvas.glyphs),
                at: Point(column: cell.column, row: cell.row), columns: cell.columns)
            let points = metric.trend?.points ?? []
            let step = metric.trend?.step ?? .seconds(1)
            let shown = min(points.count, (cell.columns - Chart.axisColumns) * 2)
            Chart(
                points: points, label: metric.label,
                start: points.isEmpty ? "no history" : "\(Quantity.shortDuration(step * shown)) ago"
            )
            .draw(on: &canvas, in: cell.split(top: 1).rest)
        }
        drawLines(rest, on: &canvas, in: lines.split(top: 1).rest)
    }
}
