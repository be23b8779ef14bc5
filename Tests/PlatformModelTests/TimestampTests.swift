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
}
