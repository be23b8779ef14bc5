/// Which of the 16,384 slots of a cluster a key is in (https://redis.io/docs/reference/cluster-spec).
public enum RedisSlot {
    public static let count = 16384

    /// CRC16 of the key, or of what stands between its first `{` and the next `}` when that is not empty.
    public static func of(_ key: [UInt8]) -> Int {
        var hashed = key[...]
        if let open = key.firstIndex(of: UInt8(ascii: "{")) {
            let after = key[(open + 1)...]
            if let end = after.firstIndex(of: UInt8(ascii: "}")), end > open + 1 { hashed = key[(open + 1)..<end] }
        }
        return Int(crc16(hashed)) % count
    }

    public static func of(_ key: String) -> Int { of(Array(key.utf8)) }

    /// CRC16-CCITT (XMODEM).
    private static func crc16(_ bytes: ArraySlice<UInt8>) -> UInt16 {
        bytes.reduce(0) { crc, byte in
            var crc = crc ^ UInt16(byte) << 8
            for _ in 0..<8 { crc = crc & 0x8000 != 0 ? crc << 1 ^ 0x1021 : crc << 1 }
            return crc
        }
    }
}

extension RedisCommand {
    /// The first key, by which a cluster chooses the node; nil when the command has none.
    var firstKey: [UInt8]? {
        func argument(_ index: Int) -> [UInt8]? { index < arguments.count ? arguments[index] : nil }
        switch name {
        case "EVAL", "EVALSHA", "EVAL_RO", "EVALSHA_RO", "FCALL", "FCALL_RO":
            let count = argument(2).flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? 0
            return count > 0 ? argument(3) : nil
        case "XREAD", "XREADGROUP":
            let word = arguments.firstIndex { String(decoding: $0, as: UTF8.self).uppercased() == "STREAMS" }
            return word.flatMap { argument($0 + 1) }
        case "XINFO", "XGROUP", "OBJECT", "MEMORY", "BITOP": return argument(2)
        case "LMPOP", "ZMPOP", "SINTERCARD", "ZINTERCARD", "ZUNION", "ZINTER", "ZDIFF": return argument(2)
        case "BLMPOP", "BZMPOP": return argument(3)
        case let name where Self.keyless.contains(name): return nil
        default: return argument(1)
        }
    }

    private static let keyless: Set<String> = [
        "ACL", "ASKING", "BGREWRITEAOF", "BGSAVE", "CLIENT", "CLUSTER", "COMMAND", "CONFIG", "DBSIZE", "DEBUG", "ECHO",
        "FLUSHALL", "FLUSHDB", "FUNCTION", "INFO", "KEYS", "LASTSAVE", "LATENCY", "LOLWUT", "MODULE", "PING", "PUBLISH",
        "PUBSUB", "RANDOMKEY", "READONLY", "READWRITE", "ROLE", "SAVE", "SCAN", "SCRIPT", "SHUTDOWN", "SLOWLOG", "TIME",
        "WAIT",
    ]
}
