import TerminalCells

/// Lines of a schematic: drawn as runs, joined where they meet.
struct Wires: Sendable {
    private struct Joint: OptionSet {
        let rawValue: UInt8
        static let up = Joint(rawValue: 1)
        static let down = Joint(rawValue: 2)
        static let left = Joint(rawValue: 4)
        static let right = Joint(rawValue: 8)
    }

    private var joints: [Point: Joint] = [:]

    mutating func horizontal(row: Int, from: Int, to: Int) {
        guard from < to else { return }
        for column in from...to {
            if column > from { joints[Point(column: column, row: row), default: []].insert(.left) }
            if column < to { joints[Point(column: column, row: row), default: []].insert(.right) }
        }
    }

    mutating func vertical(column: Int, from: Int, to: Int) {
        guard from < to else { return }
        for row in from...to {
            if row > from { joints[Point(column: column, row: row), default: []].insert(.up) }
            if row < to { joints[Point(column: column, row: row), default: []].insert(.down) }
        }
        // The first row hangs on what stands above it.
        joints[Point(column: column, row: from), default: []].insert(.up)
    }

    /// A short end below or above a line.
    mutating func down(column: Int, row: Int) { joints[Point(column: column, row: row), default: []].insert(.down) }
    mutating func up(column: Int, row: Int) { joints[Point(column: column, row: row), default: []].insert(.up) }

    func draw(on canvas: inout Canvas) {
        for (point, joint) in joints {
            canvas.write(Wires.glyph(joint, isASCII: canvas.glyphs.isASCII), .border, at: point)
        }
    }

    private static let shapes: [String] = [
        " ", "│", "│", "│", "─", "┘", "┐", "┤", "─", "└", "┌", "├", "─", "┴", "┬", "┼",
    ]

    private static func glyph(_ joint: Joint, isASCII: Bool) -> String {
        if isASCII {
            let vertical = !joint.isDisjoint(with: [.up, .down])
            let horizontal = !joint.isDisjoint(with: [.left, .right])
            return vertical && horizontal ? "+" : vertical ? "|" : "-"
        }
        return shapes[Int(joint.rawValue)]
    }
}
