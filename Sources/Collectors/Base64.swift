/// RFC 4648 base64: workers name their connections with it.
enum Base64 {
    static func encode(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var text = ""
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            var digits: [Character] = []
            for _ in 0..<4 {
                digits.append(alphabet[bits & 63])
                bits >>= 6
            }
            text += String(digits.reversed().prefix(group.count + 1)) + String(repeating: "=", count: 3 - group.count)
        }
        return text
    }
}
