import Glibc
import PlatformModel
import TerminalCells
import Testing

@testable import Console

/// What a key press costs, printed for the eye and never judged: `COST=1 swift test -c release --filter CostTests`.
@Suite struct CostTests {
    @Test(.enabled(if: getenv("COST") != nil)) func aKeyPressAmongAHundredThousandRows() {
        for size in [Size(columns: 80, rows: 24), Size(columns: 200, rows: 60)] {
            var state = Samples.console(theme: Samples.theme)
            _ = state.update(.terminal(.resize(size)))
            _ = state.update(.snapshot(Samples.snapshot()))
            _ = state.update(.terminal(.key(Key("2"))))
            let query = state.orders.query
            let page = Samples.page(query, count: 20_000)
            _ = state.update(.orders(.value(page), query: query, after: nil, at: Samples.moment()))
            var next = page.next
            while state.orders.rows.count < 100_000, let after = next {
                _ = state.update(.terminal(.key(.end)))
                let page = Samples.page(query, after: after, count: 20_000)
                _ = state.update(.orders(.value(page), query: query, after: after, at: Samples.moment()))
                next = page.next
            }
            measure("orders \(size.columns)x\(size.rows), \(state.orders.rows.count) rows", &state, size)
            for (name, key) in [("overview", "1"), ("queues", "3"), ("databases", "4")] {
                _ = state.update(.terminal(.key(Key(Character(key)))))
                measure("\(name) \(size.columns)x\(size.rows)", &state, size)
            }
        }
    }

    private func measure(_ name: String, _ state: inout ConsoleState, _ size: Size) {
        var times: [Double] = []
        for index in 0..<400 {
            let start = now()
            _ = state.update(.terminal(.key(index % 40 < 20 ? .down : .up)))
            let screen = state.render(size: size)
            times.append(now() - start)
            precondition(screen.size == size)
        }
        times.sort()
        print("\(name): p50 \(Int(times[200] * 1e6)) us, p99 \(Int(times[395] * 1e6)) us")
    }

    private func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
