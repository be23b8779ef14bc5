import CCrypto

/// Digests, message authentication and random numbers, all by libcrypto.
enum Digest {
    static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        SHA256(bytes, bytes.count, &digest)
        return digest
    }

    /// SHA-256 of the text's UTF-8 as 64 hexadecimal digits.
    static func sha256(text: String) -> String { hexadecimal(sha256(Array(text.utf8))) }

    /// HMAC-SHA-1 (RFC 2104), what one-time passwords are made of.
    static func hmacSHA1(key: [UInt8], message: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        HMAC(EVP_sha1(), key, Int32(key.count), message, message.count, &digest, &length)
        return Array(digest.prefix(Int(length)))
    }

    /// Whether two texts are equal, in a time that depends on their length alone.
    static func equalInConstantTime(_ left: String, _ right: String) -> Bool {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        return left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
    }

    /// Bytes that nobody can guess.
    static func random(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        // It fails only on a machine without a source of randomness, where nothing may be signed or named.
        precondition(RAND_bytes(&bytes, Int32(count)) == 1, "no random numbers")
        return bytes
    }

    /// 128 random bits as 32 hexadecimal digits: the identity of an intent, an entry or a request.
    static func identity() -> String { hexadecimal(random(16)) }

    static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in bytes { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }
}
