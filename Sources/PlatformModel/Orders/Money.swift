/// An amount in the minor unit of its currency (cents, rappen, pence).
public struct Money: Sendable, Hashable {
    public let minorUnits: Int64
    /// ISO 4217: `EUR`.
    public let currency: String

    public init(minorUnits: Int64, currency: String) {
        self.minorUnits = minorUnits
        self.currency = currency
    }

    /// Digits after the point: 2 for most currencies, 0 for a few.
    public var exponent: Int { ["JPY", "KRW", "ISK", "CLP"].contains(currency) ? 0 : 2 }

    /// `1,284.50`, without the currency.
    public var amountText: String {
        var scale: UInt64 = 1
        for _ in 0..<exponent { scale *= 10 }
        let magnitude = minorUnits.magnitude
        let whole = (minorUnits < 0 ? "-" : "") + Quantity.grouped(Int64(clamping: magnitude / scale))
        return exponent == 0 ? whole : "\(whole).\((magnitude % scale).padded(exponent))"
    }
}

extension Money: CustomStringConvertible {
    /// `EUR 1,284.50`.
    public var description: String { "\(currency) \(amountText)" }
}
