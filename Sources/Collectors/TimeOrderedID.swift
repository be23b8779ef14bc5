import PlatformModel

/// LangGraph's checkpoint ids: UUIDs of version 6 as text, which sort by time.
enum TimeOrderedID {
    /// 100 ns between 1582-10-15, where UUID time begins, and 1970.
    private static let offset: Int64 = 0x01b2_1dd2_1381_4000

    /// The instant in an id; nil for text that is no UUID of version 6.
    static func time(_ id: String) -> Timestamp? {
        let digits = Array(id.utf8)
        guard digits.count == 36, digits[8] == dash, digits[13] == dash, digits[14] == UInt8(ascii: "6") else {
            return nil
        }
        var ticks: Int64 = 0
        for index in Array(0..<8) + Array(9..<13) + Array(15..<18) {
            guard let digit = hex(digits[index]) else { return nil }
            ticks = ticks << 4 | digit
        }
        return Timestamp(microseconds: (ticks - offset) / 10)
    }

    /// The smallest id of that instant or later.
    static func lowest(at time: Timestamp) -> String {
        let ticks = UInt64(max(0, time.microseconds &* 10 &+ offset)) & 0x0fff_ffff_ffff_ffff
        var text = ""
        for place in stride(from: 56, through: 0, by: -4) {
            if text.utf8.count == 8 { text += "-" }
            if text.utf8.count == 13 { text += "-6" }
            text += String(ticks >> UInt64(place) & 0xf, radix: 16)
        }
        return text + "-8000-000000000000"
    }

    private static let dash = UInt8(ascii: "-")

    private static func hex(_ digit: UInt8) -> Int64? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int64(digit - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): Int64(digit - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): Int64(digit - UInt8(ascii: "A")) + 10
        default: nil
        }
    }
}
