/// The addresses that cells lead to, numbered in the order in which a painter meets them.
struct LinkTable: Sendable {
    private var addresses: [String] = []
    private var numbers: [String: UInt16] = [:]

    /// True when the next screen may hold more than can be numbered; the painter then begins anew.
    var isFull: Bool { addresses.count > 20_000 }

    mutating func number(_ address: String) -> UInt16 {
        if let known = numbers[address] { return known }
        guard addresses.count < Int(UInt16.max) else { return 0 }
        addresses.append(address)
        numbers[address] = UInt16(addresses.count)
        return UInt16(addresses.count)
    }

    /// The address of a number; empty for 0, which ends a link.
    func address(_ number: UInt16) -> String { number == 0 ? "" : addresses[Int(number) - 1] }
}
