extension JSONParser {
    private static let powersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]

    @inline(__always)
    private var digit: UInt64? {
        let byte = peek &- UInt8(ascii: "0")
        return byte < 10 ? UInt64(byte) : nil
    }

    mutating func number() throws(JSONError) -> JSON {
        let start = at
        let negative = peek == UInt8(ascii: "-")
        if negative { at += 1 }
        var mantissa: UInt64 = 0
        var digits = 0
        var exponent = 0

        guard digit != nil else { throw failure("expected a digit") }
        let leadingZero = peek == UInt8(ascii: "0")
        let whole = at
        takeDigits(&mantissa, &digits)
        if leadingZero, at - whole > 1 {
            at = whole + 1
            throw failure("a number has no leading zero")
        }
        var isInteger = true
        if peek == UInt8(ascii: ".") {
            isInteger = false
            at += 1
            guard digit != nil else { throw failure("expected a digit after the point") }
            let first = at
            takeDigits(&mantissa, &digits)
            exponent -= at - first
        }
        if peek | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            exponent += try exponentPart()
        }
        if isInteger, digits <= 19, let integer = signed(mantissa, negative: negative) { return .integer(integer) }
        // Exact: both factors are representable, so one rounding at most (Clinger's fast path).
        if mantissa <= 1 << 53, digits <= 19, abs(exponent) <= 22 {
            let value = Double(mantissa)
            let power = Self.powersOfTen[abs(exponent)]
            let scaled = exponent < 0 ? value / power : value * power
            return .number(negative ? -scaled : scaled)
        }
        return .number(Double(String(decoding: bytes[start..<at], as: UTF8.self)) ?? .nan)
    }

    /// Adds digits to the mantissa; it is meaningful while there are at most 19 of them.
    @inline(__always)
    private mutating func takeDigits(_ mantissa: inout UInt64, _ digits: inout Int) {
        while let next = digit {
            mantissa = mantissa &* 10 &+ next
            if mantissa != 0 || digits > 0 { digits += 1 }
            at += 1
        }
    }

    private mutating func exponentPart() throws(JSONError) -> Int {
        at += 1
        let negative = peek == UInt8(ascii: "-")
        if negative || peek == UInt8(ascii: "+") { at += 1 }
        guard digit != nil else { throw failure("expected a digit in the exponent") }
        var exponent = 0
        while let next = digit {
            // Beyond this the number is zero or infinite whatever the mantissa of the text; it must not overflow.
            if exponent < 100_000_000 { exponent = exponent * 10 + Int(next) }
            at += 1
        }
        return negative ? -exponent : exponent
    }

    private func signed(_ magnitude: UInt64, negative: Bool) -> Int64? {
        guard negative else { return Int64(exactly: magnitude) }
        return magnitude == 1 << 63 ? .min : Int64(exactly: magnitude).map { -$0 }
    }
}
