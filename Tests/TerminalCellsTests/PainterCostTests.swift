import Glibc
import Testing

@testable import TerminalCells

/// What drawing and painting a frame costs, printed for the eye and never judged: `COST=1 swift test --filter CostTests`.
@Suite struct PainterCostTests {
    @Test(.enabled(if: getenv("COST") != nil)) func frames() {
        for size in [Size(columns: 80, rows: 24), Size(columns: 200, rows: 60)] {
            for (name, text) in [
                ("ASCII", "order 1234  confirmed  Ancoats Works  EUR 12.50   "),
                ("Latin and boxes", "│ ● Küche am Rosenheimer Platz ▇▆▅ … · ─ "), ("Japanese", "注文オーダー 料理"),
            ] {
                measure("\(name) \(size.columns)x\(size.rows)", size, text)
            }
        }
    }

    private func measure(_ name: String, _ size: Size, _ text: String) {
        var painter = ScreenPainter(capabilities: .xterm, size: size)
        let row = String(repeating: text, count: 1 + size.columns / text.columns)
        var draws: [Double] = []
        var paints: [Double] = []
        for step in 0..<200 {
            let start = now()
            var buffer = ScreenBuffer(size: size)
            for line in 0..<size.rows {
                let style = line == step % size.rows ? Style(background: .indexed(4)) : .plain
                buffer.write(row, at: Point(column: 0, row: line), style: style)
            }
            let drawn = now()
            _ = painter.paint(buffer)
            draws.append(drawn - start)
            paints.append(now() - drawn)
        }
        print("\(name): draw p50 \(middle(draws)) us, paint p50 \(middle(paints)) us")
    }

    private func middle(_ times: [Double]) -> Int { Int(times.sorted()[times.count / 2] * 1e6) }

    private func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
