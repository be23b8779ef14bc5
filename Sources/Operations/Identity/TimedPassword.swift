/// One-time passwords that follow the clock (RFC 6238): HMAC-SHA-1, 30 seconds, six digits, as authenticators make them.
public struct TimedPassword: Sendable {
    private let secret: [UInt8]

    /// Seconds for which one password holds.
    static let step: Int64 = 30

    /// - Parameter base32: the secret as RFC 4648 writes it; spaces and case do not matter. Nil when it is none, or
    ///   shorter than 80 bits.
    public init?(base32: String) {
        guard let bytes = Base32.decode(base32), bytes.count >= 10 else { return nil }
        secret = bytes
    }

    /// The password of a counter.
    func code(counter: Int64) -> String {
        var message = [UInt8](repeating: 0, count: 8)
        for place in 0..<8 { message[7 - place] = UInt8(truncatingIfNeeded: counter >> Int64(8 * place)) }
        let digest = Digest.hmacSHA1(key: secret, message: message)
        let offset = Int(digest[digest.count - 1] & 15)
        var number = UInt32(digest[offset] & 0x7f)
        for byte in digest[(offset + 1)...(offset + 3)] { number = number << 8 | UInt32(byte) }
        let digits = String(number % 1_000_000)
        return String(repeating: "0", count: 6 - digits.count) + digits
    }

    /// The counter that a code belongs to, now or one step before or after; nil for a wrong code.
    ///
    /// All three are compared, each in constant time.
    func counter(of code: String, at seconds: Int64) -> Int64? {
        let now = seconds / Self.step
        var found: Int64?
        for counter in [now - 1, now, now + 1] where Digest.equalInConstantTime(self.code(counter: counter), code) {
            found = counter
        }
        return found
    }

    /// A new secret of 160 bits in base 32.
    public static func newSecret() -> String { Base32.encode(Digest.random(20)) }
}

/// RFC 4648, section 6, without padding.
enum Base32 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        var (buffer, bits) = (UInt32(0), 0)
        for byte in bytes {
            buffer = buffer << 8 | UInt32(byte)
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(alphabet[Int(buffer >> UInt32(bits) & 31)])
            }
        }
        if bits > 0 { text.append(alphabet[Int(buffer << UInt32(5 - bits) & 31)]) }
        return String(decoding: text, as: UTF8.self)
    }

    /// Nil for characters of another alphabet.
    static func decode(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var (buffer, bits) = (UInt32(0), 0)
        for character in text.uppercased().utf8 where character != UInt8(ascii: " ") && character != UInt8(ascii: "-") {
            if character == UInt8(ascii: "=") { break }
            guard let value = alphabet.firstIndex(of: character) else { return nil }
            buffer = buffer << 5 | UInt32(value)
            bits += 5
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
            }
        }
        return bytes
    }
}
