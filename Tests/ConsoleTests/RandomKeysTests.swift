import Glibc
import PlatformModel
import TerminalCells
import Testing

@testable import Console

/// Hundreds of thousands of keys in any order, at any size: nothing traps, and every screen is whole.
@Suite struct RandomKeysTests {
    /// xorshift: the same keys on every machine.
    struct Random: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }
    }

    static let keys: [Key] =
        Array("jkgGnNszwyurlhapqZ?:/-[]1234567 !x~>\"ä漢cvFt0<+*.=").map { Key($0) } + [
            .enter, .enter, .escape, .tab, .backtab, .up, .down, .left, .right, .home, .end, .pageUp, .pageDown,
            .backspace,
            .delete, .ctrl("d"), .ctrl("u"), .ctrl("w"), .ctrl("k"), .ctrl("c"), .ctrl("x"), .alt("x"),
            Key(.left, .alt), Key(.right, .alt), .end, .home, .function(3),
            .function(10),
        ]

    @Test(arguments: ["default", "vim", "emacs", "function"]) func nothingTraps(keymap: String) {
        var random = Random(state: 0x9E37_79B9_7F4A_7C15 ^ UInt64(keymap.utf8.count))
        var state = Samples.console(.local, keymap: Keymap.load(keymap).value)
        var seconds = 0.0
        // `KEYS=1000000` for a long run.
        let keys = getenv("KEYS").flatMap { Int(String(cString: $0)) } ?? 100_000
        for step in 0..<keys / 4 {
            let key = RandomKeysTests.keys.randomElement(using: &random) ?? .enter
            feed(state.update(.terminal(.key(key))), &state, &random)
            if step % 50 == 0 {
                let size = Size(
                    columns: .random(in: 0...300, using: &random), rows: .random(in: 0...100, using: &random))
                feed(state.update(.terminal(.resize(size))), &state, &random)
            }
            if step % 20 == 0 {
                seconds += 1
                feed(state.update(.snapshot(snapshot(seconds, &random))), &state, &random)
            }
            if step % 25 == 0 {
                let size =
                    step % 75 == 0
                    ? Size(columns: .random(in: 0...120, using: &random), rows: .random(in: 0...40, using: &random))
                    : state.size
                let screen = state.render(size: size)
                #expect(screen.cells.count == max(0, size.columns) * max(0, size.rows))
            }
        }
        #expect(!state.places.isEmpty)
    }

    @Test func everySizeIsDrawn() {
        for columns in stride(from: 0, through: 300, by: 23) {
            for rows in stride(from: 0, through: 100, by: 9) {
                for scene in ["overview", "orders", "database", "palette"] {
                    guard let scene = Scene.all.first(where: { $0.name == scene }) else { continue }
                    let size = Size(columns: columns, rows: rows)
                    #expect(scene.state(size).render(size: size).size == size)
                }
            }
        }
    }

    private func snapshot(_ seconds: Double, _ random: inout Random) -> Snapshot {
        switch UInt64.random(in: 0..<6, using: &random) {
        case 0: Samples.failingSnapshot(at: seconds)
        case 1: Samples.unavailableSnapshot(at: seconds)
        case 2: Snapshot(environment: Samples.environment, at: Samples.moment(seconds))
        case 3: Samples.healthySnapshot(at: seconds)
        default: Samples.snapshot(at: seconds)
        }
    }

    private func feed(_ effects: [ConsoleEffect], _ state: inout ConsoleState, _ random: inout Random) {
        let failure = ReadFailure(code: "timed-out", cause: "no answer", hint: "")
        let at = state.now ?? Samples.moment()
        for effect in effects {
            let fails = Bool.random(using: &random)
            switch effect {
            case .loadOrders(let query, let after):
                let page = Samples.page(query, after: after, count: .random(in: 0...60, using: &random))
                _ = state.update(.orders(fails ? .failure(failure) : .value(page), query: query, after: after, at: at))
            case .loadOrder(let id):
                _ = state.update(.orderDetails(fails ? .failure(failure) : .value(Samples.details(id)), id: id, at: at))
            case .loadJobs(let queue, let jobState):
                let page = Samples.jobs(queue, jobState)
                _ = state.update(.jobs(fails ? .failure(failure) : .value(page), queue: queue, state: jobState, at: at))
            default: break
            }
        }
    }
}
