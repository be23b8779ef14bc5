import Reactor
import TerminalCells

/// Decides what is sent and when: keys at once, data when the line has room, what the line cannot carry never.
///
/// A value without clock or descriptor, so that hours of a slow line pass in a second of test.
struct FramePacer: Sendable {
    private(set) var painter: ScreenPainter
    private(set) var flow: FlowControl

    /// What the last frame was painted from.
    private var wanted: ScreenBuffer?
    private var isDirty = true
    /// A person pressed a key that was not painted yet.
    private var isUrgent = true
    /// On a slow line: the rows that the last keys changed, and that are not all painted yet.
    private var awaited: Set<Int> = []
    private var isIncomplete = false
    private var pace = FramePace()
    /// When a frame that had to wait may be painted.
    private(set) var nextFrame: Deadline?

    init(capabilities: TerminalCapabilities, size: Size) {
        painter = ScreenPainter(capabilities: capabilities, size: size)
        flow = FlowControl(canAsk: capabilities.statusReport)
    }

    var size: Size { painter.size }

    // MARK: What happened

    /// The screen was just taken, and is clear.
    mutating func begin(size: Size) {
        flow = FlowControl(canAsk: painter.capabilities.statusReport)
        painter.assumeCleared(size: size)
        awaited = []
        wanted = nil
        isUrgent = true
        isDirty = true
    }

    /// Nothing is known of what the terminal shows.
    mutating func forget(size: Size) {
        painter.forget(size: size)
        awaited = []
        isUrgent = true
        isDirty = true
    }

    mutating func dataChanged() { isDirty = true }

    /// Lets the program handle what a person did.
    ///
    /// On a slow line the rows that it changes are told from those that data changed meanwhile, by a look at the
    /// screen before and after: only the first are waited for.
    mutating func handle<Program>(
        _ program: inout Program, render: (Program, Size) -> ScreenBuffer, _ event: (inout Program) -> Void
    ) {
        isDirty = true
        guard flow.isSlow else {
            isUrgent = true
            return event(&program)
        }
        let before = render(program, size)
        event(&program)
        let after = render(program, size)
        guard before.size == size, after.size == size else {
            isUrgent = true
            return
        }
        awaited.formUnion((0..<size.rows).filter { before.row($0) != after.row($0) })
        if before.cursor != after.cursor, let row = after.cursor?.row { awaited.insert(row) }
        isUrgent = isUrgent || !awaited.isEmpty
    }

    /// An answer to a question came.
    mutating func answered(at now: Deadline) { flow.answered(at: now) }

    mutating func expire(at now: Deadline) { flow.expire(at: now) }

    // MARK: What to send

    /// The bytes of the frame that is due, questions included; none when nothing is, and ``nextFrame`` then says when
    /// to ask again.
    mutating func frame(at now: Deadline, render: (Size) -> ScreenBuffer) -> [UInt8] {
        nextFrame = nil
        guard isDirty || isIncomplete else { return [] }
        let isKey = isUrgent || !awaited.isEmpty
        if !isKey, pace.next > now {
            nextFrame = pace.next
            return []
        }
        let budget: Int
        switch flow.allowance(isUrgent: isKey, at: now) {
        case .later(let deadline):
            nextFrame = deadline
            return []
        case .bytes(let count): budget = count
        }
        let buffer: ScreenBuffer
        if !isDirty, let wanted, wanted.size == size { buffer = wanted } else { buffer = render(size) }
        wanted = buffer
        isDirty = false
        isUrgent = false
        let frame = painter.paint(
            buffer, budget: budget, first: awaited, others: budget == .max || awaited.isEmpty)
        awaited = budget == .max ? [] : awaited.intersection(frame.remaining)
        isIncomplete = !frame.isComplete
        if !isKey { pace.painted(at: now) }
        if isIncomplete { nextFrame = now }
        return send(frame.bytes, isKey: isKey, isComplete: isKey ? awaited.isEmpty : frame.isComplete, at: now)
    }

    /// Bytes that go beside the cells, accounted for.
    mutating func send(_ bytes: [UInt8], at now: Deadline) -> [UInt8] {
        send(bytes, isKey: true, isComplete: true, at: now)
    }

    private mutating func send(_ bytes: [UInt8], isKey: Bool, isComplete: Bool, at now: Deadline) -> [UInt8] {
        guard !bytes.isEmpty else { return [] }
        let asks = flow.wantsQuestions(around: bytes.count, isUrgent: isKey, at: now)
        let all = asks ? FlowControl.question + bytes + FlowControl.question : bytes
        flow.sent(all.count, asking: asks, isUrgent: isKey, isComplete: isComplete, at: now)
        return all
    }
}
