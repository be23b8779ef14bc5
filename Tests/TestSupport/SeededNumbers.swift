import Glibc

/// Random numbers that a failure can be repeated with: `GALLEY_SEED=N` in the environment sets the seed, which is else
/// another in every run.
public struct SeededNumbers: RandomNumberGenerator, Sendable {
    public let seed: UInt64
    private var state: UInt64

    /// - Parameter seed: nil takes the environment's, or draws one.
    public init(seed: UInt64? = nil) {
        let told = getenv("GALLEY_SEED").flatMap { UInt64(String(cString: $0)) }
        self.seed = seed ?? told ?? UInt64.random(in: 1...999_999_999)
        state = self.seed
    }

    /// splitmix64.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
