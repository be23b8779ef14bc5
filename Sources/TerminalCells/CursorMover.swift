/// Moves the cursor in the fewest bytes.
struct CursorMover: Sendable {
    /// Where the cursor stands, as far as that is known.
    struct Position: Sendable, Equatable {
        var row: Int?
        var column: Int?
    }

    private let capabilities: TerminalCapabilities

    init(_ capabilities: TerminalCapabilities) { self.capabilities = capabilities }

    /// Appends the cheapest way from `position` to the place.
    func append(from position: Position, to place: Point, into output: inout [UInt8]) {
        if position.row == place.row, position.column == place.column { return }
        let absolute = capabilities.moveCursor.count(place.row, place.column)
        guard let row = position.row else {
            capabilities.moveCursor.append(to: &output, place.row, place.column)
            return
        }
        var best: [UInt8]?
        for vertical in verticals(from: row, to: place.row) {
            for horizontal in horizontals(from: position.column, to: place.column) {
                let count = vertical.count + horizontal.count
                if count < min(absolute, best?.count ?? .max) { best = vertical + horizontal }
            }
        }
        if let best {
            output += best
        } else {
            capabilities.moveCursor.append(to: &output, place.row, place.column)
        }
    }

    private func verticals(from row: Int, to wanted: Int) -> [[UInt8]] {
        if row == wanted { return [[]] }
        var ways: [[UInt8]] = []
        if wanted > row {
            // A line feed on a screen without translation of output only goes down.
            if wanted - row <= 5 { ways.append([UInt8](repeating: 0x0A, count: wanted - row)) }
            ways.append(from: capabilities.moveDown, wanted - row)
        } else {
            ways.append(from: capabilities.moveUp, row - wanted)
        }
        ways.append(from: capabilities.moveToRow, wanted)
        return ways
    }

    private func horizontals(from column: Int?, to wanted: Int) -> [[UInt8]] {
        if column == wanted { return [[]] }
        var ways: [[UInt8]] = []
        var home: [UInt8] = [0x0D]
        if wanted > 0, let right = capabilities.moveRight { right.append(to: &home, wanted) }
        if wanted == 0 || home.count > 1 { ways.append(home) }
        ways.append(from: capabilities.moveToColumn, wanted)
        guard let column else { return ways }
        if wanted > column {
            ways.append(from: capabilities.moveRight, wanted - column)
        } else {
            if column - wanted <= 5 { ways.append([UInt8](repeating: 0x08, count: column - wanted)) }
            ways.append(from: capabilities.moveLeft, column - wanted)
        }
        return ways
    }
}

extension [[UInt8]] {
    fileprivate mutating func append(from capability: CapabilityString?, _ number: Int) {
        guard let capability else { return }
        var bytes: [UInt8] = []
        capability.append(to: &bytes, number)
        append(bytes)
    }
}
