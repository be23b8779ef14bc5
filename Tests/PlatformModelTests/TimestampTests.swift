import PlatformModel
import Testing

@Suite struct TimestampTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (951_782_400, "2000-02-29T00:00:00.000Z"),
        (1_709_164_799, "2024-02-28T23:59:59.000Z"), (4_107_542_400, "2100-03-01T00:00:00.000Z"),
        (-1, "1969-12-31T23:59:59.000Z"), (-62_135_596_800, "0001-01-01T00:00:00.000Z"),
    ])
    func writesUTC(seconds: Int64, text: String) {
        #expect(Timestamp(seconds: seconds).description == text)
    }

    @Test func everyDayOfFourCenturiesFollowsTheOneBefore() {
        var (year, month, day) = (1900, 1, 1)
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        for offset in 0..<146_097 {
            let fields = Timestamp(seconds: Int64(offset - 25567) * 86400).fields
            #expect((fields.year, fields.month, fields.day) == (year, month, day))
            #expect(fields.weekday == offset % 7)  // 1 January 1900 was a Monday.
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            day += 1
            if day > lengths[month - 1] + (month == 2 && isLeap ? 1 : 0) { (month, day) = (month + 1, 1) }
            if month > 12 { (year, month) = (year + 1, 1) }
        }
    }

    @Test func differencesAreExact() {
        let later = Timestamp(microseconds: 1_500_001)
        #expect(later - Timestamp(seconds: 1) == .microseconds(500_001))
        #expect(Timestamp(seconds: 1) + .microseconds(500_001) == later)
    }

    @Test(arguments: [Int64.min, .min + 1, .min + 999_999, -1, 0, 1, .max - 1, .max])
    func everyInstantHasFieldsInTheirRanges(microseconds: Int64) {
        let instant = Timestamp(microseconds: microseconds)
        let fields = instant.fields
        #expect((1...12).contains(fields.month) && (1...31).contains(fields.day))
        #expect((0...23).contains(fields.hour) && (0...59).contains(fields.minute) && (0...59).contains(fields.second))
        #expect((0..<1_000_000).contains(fields.microsecond) && (0...6).contains(fields.weekday))
        #expect(instant.description.hasSuffix("Z"))
    }

    @Test func theEndsOfTimeAreWhereTheyBelong() {
        // The server's infinity is the last instant of all.
        #expect(Timestamp(microseconds: .max).description == "294247-01-10T04:00:54.775Z")
        #expect(Timestamp(microseconds: .min).fields.year == -290308)
        #expect(Timestamp(microseconds: .min).fields.microsecond == 224_192)
    }

    @Test func whatLiesBeyondBecomesTheEnd() {
        let (first, last) = (Timestamp(microseconds: .min), Timestamp(microseconds: .max))
        #expect(Timestamp(milliseconds: .max) == last && Timestamp(milliseconds: .min) == first)
        #expect(Timestamp(seconds: .max) == last && Timestamp(seconds: .min) == first)
        #expect(last + .seconds(1) == last && first + .seconds(-1) == first)
        #expect(Timestamp(seconds: 0) + .seconds(Int64.max) == last)
        #expect(last + .seconds(Int64.min) == Timestamp(microseconds: -1))
        // Two ends are farther apart than an instant can say, but not than a duration can.
        #expect(last - first == .microseconds(Int64.max) + .microseconds(Int64.max) + .microseconds(1))
        #expect(first - last < .zero)
    }
}
