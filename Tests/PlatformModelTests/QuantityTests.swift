import PlatformModel
import Testing

@Suite struct QuantityTests {
    @Test(arguments: [
        (0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567"), (Int64.min, "-9,223,372,036,854,775,808"),
    ])
    func groupsThousands(number: Int64, text: String) { #expect(Quantity.grouped(number) == text) }

    @Test(arguments: [
        (0, "0 B"), (999, "999 B"), (1000, "1.00 kB"), (41_234_567, "41.2 MB"), (999_600, "1.00 MB"),
        (1_500_000_000, "1.50 GB"),
    ])
    func countsBytes(count: Int64, text: String) { #expect(Quantity.bytes(count) == text) }

    @Test(arguments: [
        (Duration.zero, "0 s"), (.microseconds(400), "0.4 ms"), (.milliseconds(84), "84 ms"),
        (.milliseconds(9200), "9.2 s"), (.seconds(59), "59.0 s"), (.milliseconds(59_960), "1 m 0 s"),
        (.seconds(252), "4 m 12 s"), (.seconds(3 * 86400 + 4 * 3600), "3 d 4 h"), (.seconds(-90), "-1 m 30 s"),
    ])
    func tellsDurations(duration: Duration, text: String) { #expect(Quantity.duration(duration) == text) }

    @Test(arguments: [
        (Duration.milliseconds(84), "84ms"), (.seconds(9), "9s"), (.seconds(90), "90s"), (.seconds(240), "4m"),
        (.seconds(7200), "2h"), (.seconds(86400 * 12), "12d"),
    ])
    func tellsDurationsShortly(duration: Duration, text: String) { #expect(Quantity.shortDuration(duration) == text) }

    @Test(arguments: [(0.5, "30.0/min"), (0, "0.0/s"), (12.34, "12.3/s"), (2104, "2104/s")])
    func tellsRates(rate: Double, text: String) { #expect(Quantity.rate(rate) == text) }

    @Test func writesMoneyInItsOwnDecimals() {
        #expect(Money(minorUnits: 128_450, currency: "EUR").description == "EUR 1,284.50")
        #expect(Money(minorUnits: -5, currency: "CHF").description == "CHF -0.05")
        #expect(Money(minorUnits: 1500, currency: "JPY").description == "JPY 1,500")
    }

    @Test func numbersThatAreNoneDoNotTrap() {
        #expect(Quantity.fixed(.nan, 2) == "-")
        #expect(Quantity.fixed(.infinity, 2) == "inf")
        #expect(Quantity.duration(.seconds(Int64.max)).hasSuffix("h"))
    }
}
