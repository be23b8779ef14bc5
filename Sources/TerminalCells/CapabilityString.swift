/// One of terminfo's strings with up to two numbers to fill in, parsed once.
///
/// Standard forms (`ESC [ row ; column H`) are written in their short spelling: a one is left out.
public struct CapabilityString: Sendable, Hashable {
    private enum Piece: Sendable, Hashable {
        case bytes([UInt8])
        case number(Int)
    }

    private let pieces: [Piece]
    private let countsFromOne: Bool
    /// `ESC [`, numbers divided by `;`, one final byte: a number that is 1 may be omitted.
    private let isStandard: Bool

    /// Parses what terminfo has; nil for a form that this does not know (conditions, arithmetic).
    public init?(terminfo text: String) {
        var pieces: [Piece] = []
        var literal: [UInt8] = []
        var countsFromOne = false
        var parameter: Int?
        var rest = Array(CapabilityString.withoutPadding(text))[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                literal.append(byte)
                continue
            }
            switch rest.popFirst() {
            case UInt8(ascii: "%"): literal.append(byte)
            case UInt8(ascii: "i"): countsFromOne = true
            case UInt8(ascii: "p"):
                guard let digit = rest.popFirst(), digit == 0x31 || digit == 0x32 else { return nil }
                parameter = Int(digit) - 0x31
            case UInt8(ascii: "d"):
                guard let known = parameter else { return nil }
                if !literal.isEmpty { pieces.append(.bytes(literal)) }
                literal = []
                pieces.append(.number(known))
                parameter = nil
            default: return nil
            }
        }
        if !literal.isEmpty { pieces.append(.bytes(literal)) }
        guard !pieces.isEmpty else { return nil }
        self.pieces = pieces
        self.countsFromOne = countsFromOne
        isStandard = CapabilityString.isStandard(pieces)
    }

    /// Terminfo's `$<5>` marks a delay that only a paper terminal needs.
    public static func withoutPadding(_ text: String) -> [UInt8] {
        var result: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == 0x24, rest.first == 0x3C, let end = rest.firstIndex(of: 0x3E) {
                rest = rest[(end + 1)...]
            } else {
                result.append(byte)
            }
        }
        return result
    }

    private static func isStandard(_ pieces: [Piece]) -> Bool {
        guard pieces.first == .bytes([0x1B, UInt8(ascii: "[")]), case .bytes(let last)? = pieces.last, last.count == 1
        else { return false }
        return pieces.count == 3 || (pieces.count == 5 && pieces[2] == .bytes([UInt8(ascii: ";")]))
    }

    /// Writes the string with its numbers; counted from 0 where the terminal counts from 1.
    public func append(to output: inout [UInt8], _ first: Int = 0, _ second: Int = 0) {
        let offset = countsFromOne ? 1 : 0
        if isStandard, pieces.count == 5, second + offset == 1, case .bytes(let last) = pieces[4] {
            output.append(0x1B)
            output.append(UInt8(ascii: "["))
            if first + offset != 1 { output.append(decimal: first + offset) }
            output.append(contentsOf: last)
            return
        }
        for piece in pieces {
            switch piece {
            case .bytes(let bytes): output.append(contentsOf: bytes)
            case .number(let index):
                let number = (index == 0 ? first : second) + offset
                if !(isStandard && number == 1) { output.append(decimal: number) }
            }
        }
    }

    /// How many bytes ``append(to:_:_:)`` would write.
    public func count(_ first: Int = 0, _ second: Int = 0) -> Int {
        let offset = countsFromOne ? 1 : 0
        if isStandard {
            let one = first + offset == 1 ? 0 : (first + offset).digits
            if pieces.count == 3 { return 3 + one }
            return 3 + one + (second + offset == 1 ? 0 : 1 + (second + offset).digits)
        }
        var bytes: [UInt8] = []
        append(to: &bytes, first, second)
        return bytes.count
    }
}

extension Int {
    /// The decimal digits of a number that is not negative.
    var digits: Int { self < 10 ? 1 : self < 100 ? 2 : self < 1000 ? 3 : String(self).utf8.count }
}

extension [UInt8] {
    mutating func append(decimal number: Int) {
        if number < 10 {
            append(48 + UInt8(Swift.max(0, number)))
        } else {
            append(decimal: number / 10)
            append(48 + UInt8(number % 10))
        }
    }
}
