import Reactor

/// A Lua script, known to the server by the SHA-1 of its text.
public struct RedisScript: Sendable, Hashable {
    public let text: String
    /// 40 hexadecimal digits.
    public let hash: String

    public init(_ text: String) {
        self.text = text
        hash = SHA1.hexadecimal(Array(text.utf8))
    }

    /// EVAL with these keys and arguments, for a pipeline or a transaction.
    public func command(keys: [String], arguments: [[UInt8]] = []) -> RedisCommand {
        make("EVAL", text, keys, arguments)
    }

    func byHash(_ keys: [String], _ arguments: [[UInt8]]) -> RedisCommand { make("EVALSHA", hash, keys, arguments) }

    private func make(_ name: String, _ script: String, _ keys: [String], _ arguments: [[UInt8]]) -> RedisCommand {
        var command = RedisCommand([name, script, String(keys.count)] + keys)
        command.arguments += arguments
        return command
    }
}

extension RedisClient {
    /// Runs a script by its hash, and with its text when the server does not know it (`NOSCRIPT`: nothing ran).
    public func evaluate(
        _ script: RedisScript, keys: [String], arguments: [String] = [], until deadline: Deadline
    ) async throws(RedisError) -> RedisValue {
        try await evaluate(script, keys: keys, arguments: arguments.map { Array($0.utf8) }, until: deadline)
    }

    /// The same with arguments of any bytes.
    @_disfavoredOverload
    public func evaluate(
        _ script: RedisScript, keys: [String], arguments: [[UInt8]], until deadline: Deadline
    ) async throws(RedisError) -> RedisValue {
        do throws(RedisError) {
            return try await send(script.byHash(keys, arguments), until: deadline)
        } catch  where error.kind == .noScript {
            return try await send(script.command(keys: keys, arguments: arguments), until: deadline)
        }
    }
}

/// SHA-1 as Redis names scripts by it; not for security.
enum SHA1 {
    static func hexadecimal(_ message: [UInt8]) -> String {
        var state: (UInt32, UInt32, UInt32, UInt32, UInt32) = (
            0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0
        )
        var padded = message + [0x80]
        padded += [UInt8](repeating: 0, count: (120 - padded.count % 64) % 64)
        for shift in stride(from: 56, through: 0, by: -8) {
            padded.append(UInt8(truncatingIfNeeded: UInt64(message.count * 8) >> UInt64(shift)))
        }
        var words = [UInt32](repeating: 0, count: 80)
        for block in stride(from: 0, to: padded.count, by: 64) {
            for index in 0..<16 {
                words[index] = (0..<4).reduce(0) { $0 << 8 | UInt32(padded[block + index * 4 + $1]) }
            }
            for index in 16..<80 {
                words[index] = rotated(words[index - 3] ^ words[index - 8] ^ words[index - 14] ^ words[index - 16], 1)
            }
            var (a, b, c, d, e) = state
            for index in 0..<80 {
                let (mixed, constant): (UInt32, UInt32) =
                    switch index {
                    case ..<20: ((b & c) | (~b & d), 0x5a82_7999)
                    case ..<40: (b ^ c ^ d, 0x6ed9_eba1)
                    case ..<60: ((b & c) | (b & d) | (c & d), 0x8f1b_bcdc)
                    default: (b ^ c ^ d, 0xca62_c1d6)
                    }
                let next = rotated(a, 5) &+ mixed &+ e &+ constant &+ words[index]
                (a, b, c, d, e) = (next, a, rotated(b, 30), c, d)
            }
            state = (state.0 &+ a, state.1 &+ b, state.2 &+ c, state.3 &+ d, state.4 &+ e)
        }
        return [state.0, state.1, state.2, state.3, state.4].map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }.joined()
    }

    private static func rotated(_ word: UInt32, _ by: UInt32) -> UInt32 { word << by | word >> (32 - by) }
}
