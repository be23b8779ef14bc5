import Glibc
import PlatformModel
import TerminalCells
import Testing

@testable import Console

/// What one action costs a terminal in bytes: frame A is shown, the action happens, frame B is painted over it.
///
/// No action may cost more than what is recorded in `Golden/bytes.txt`. After a change that makes frames cheaper, or a
/// screen richer on purpose: `GALLEY_RECORD=1 swift test --filter ByteTests`, then read the difference.
@Suite(.serialized) struct ByteTests {
    struct Action: Sendable {
        let name: String
        /// What is pressed before, painted as frame A.
        let from: String
        /// What is pressed for frame B.
        var keys = ""
        /// The selection comes to rest.
        var rests = false
        /// How far the clock goes on, and data with it.
        var seconds = 0.0
        var bringsData = false
        /// The budget at 80x24 and at 200x60.
        var limits: (Int, Int)?
    }

    static let actions: [Action] = [
        Action(name: "orders: arrow", from: "2 down down", keys: "down", limits: (150, 300)),
        Action(name: "orders: arrow up", from: "2 down down", keys: "up", limits: (150, 300)),
        Action(name: "orders: arrow that scrolls", from: "2 ctrl-d ctrl-d ctrl-d ctrl-d ctrl-d", keys: "down"),
        Action(name: "orders: rest after an arrow", from: "2 down", rests: true),
        Action(name: "orders: page", from: "2 down", keys: "pagedown"),
        Action(name: "orders: mark", from: "2 down", keys: "space"),
        Action(name: "orders: open", from: "2 down", keys: "enter"),
        Action(name: "queues: arrow", from: "3 down", keys: "down", limits: (150, 300)),
        Action(name: "queues: rest after an arrow", from: "3 down", rests: true),
        Action(name: "queues: sort", from: "3", keys: "s"),
        Action(name: "queues: filter opened", from: "3", keys: "/"),
        Action(name: "queues: filter letter", from: "3 / 'or", keys: "'d"),
        Action(name: "jobs: arrow", from: "3 enter down", keys: "down", limits: (150, 300)),
        Action(name: "databases: arrow", from: "4 down", keys: "down", limits: (150, 300)),
        Action(name: "databases: rest after an arrow", from: "4 down", rests: true),
        Action(name: "database: arrow", from: "4 enter down", keys: "down", limits: (150, 300)),
        Action(name: "services: arrow", from: "5 down", keys: "down", limits: (150, 300)),
        Action(name: "overview: arrow", from: "", keys: "down", limits: (150, 300)),
        Action(name: "overview: rest after an arrow", from: "down", rests: true),
        Action(name: "overview: next screen", from: "", keys: "2"),
        Action(name: "palette: opened", from: "3", keys: ":"),
        Action(name: "palette: letter", from: "3 : 'or", keys: "'d"),
        Action(name: "palette: arrow", from: "3 : down", keys: "down"),
        Action(name: "help: opened", from: "3", keys: "?"),
        Action(name: "help: arrow", from: "3 ?", keys: "down"),
        Action(name: "overview: nothing happens", from: ""),
        Action(name: "overview: a second without data", from: "", seconds: 1),
        Action(name: "overview: a second with the same data", from: "", seconds: 1, bringsData: true),
        Action(name: "orders: a second without data", from: "2", seconds: 1),
        Action(name: "queues: a second without data", from: "3", seconds: 1),
    ]

    @Test(arguments: [Size(columns: 80, rows: 24), Size(columns: 200, rows: 60)])
    func noActionCostsMoreThanRecorded(size: Size) throws {
        var recorded = ByteTests.read()
        let isRecording = getenv("GALLEY_RECORD") != nil
        for action in ByteTests.actions {
            let name = "\(size.columns)x\(size.rows) \(action.name)"
            let count = ByteTests.bytes(of: action, size)
            if let limits = action.limits {
                #expect(count <= (size.columns == 80 ? limits.0 : limits.1), "\(name): the budget of a key press")
            }
            if isRecording {
                recorded[name] = count
            } else {
                let limit = try #require(recorded[name], "nothing was recorded for \(name)")
                #expect(count <= limit, "\(name) costs \(count) bytes, \(limit) were recorded")
            }
        }
        if isRecording { try ByteTests.write(recorded) }
    }

    static func bytes(of action: Action, _ size: Size) -> Int {
        let scene = Scene(name: action.name, later: 0.4)
        var state = scene.state(size)
        scene.press(action.from, &state)
        if !action.rests { scene.send(.rested(Samples.moment(0.4)), to: &state) }
        var painter = ScreenPainter(capabilities: .xterm, size: size)
        painter.assumeCleared(size: size)
        _ = painter.paint(state.render(size: size))
        scene.press(action.keys, &state)
        if action.rests { scene.send(.rested(Samples.moment(0.4)), to: &state) }
        if action.bringsData { scene.send(.snapshot(Samples.snapshot(at: action.seconds)), to: &state) }
        if action.seconds > 0 { scene.send(.tick(Samples.moment(0.4 + action.seconds)), to: &state) }
        return painter.paint(state.render(size: size)).bytes.count
    }

    private static func path(file: String = #filePath) -> String {
        String(file[..<(file.lastIndex(of: "/") ?? file.endIndex)]) + "/Golden/bytes.txt"
    }

    private static func read() -> [String: Int] {
        guard let text = Golden.read(path()) else { return [:] }
        return text.split(separator: "\n").reduce(into: [:]) { found, line in
            let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
            if parts.count == 2, let count = Int(parts[0]) { found[parts[1]] = count }
        }
    }

    private static func write(_ counts: [String: Int]) throws {
        let known = Set(
            actions.flatMap { action in ["80x24", "200x60"].map { "\($0) \(action.name)" } })
        let stream = try #require(fopen(path(), "w"))
        defer { fclose(stream) }
        for name in counts.keys.filter(known.contains).sorted() { fputs("\(counts[name] ?? 0) \(name)\n", stream) }
    }
}
