extension RedisConfiguration {
    /// Reads `redis://[user[:password]@]host[:port][/database]`, the same with `rediss` for TLS, or
    /// `redis+unix://[user[:password]@]/path/of/socket[?db=n]`. User and password are percent-decoded.
    ///
    /// - Throws: `configuration`, with a cause that never repeats the URL, which may hold a password.
    public static func parse(url: String) throws(RedisError) -> RedisConfiguration {
        guard let separator = url.firstRange(of: "://") else {
            throw malformed("no scheme", "write redis://host:port/database, or rediss:// for TLS")
        }
        var configuration = RedisConfiguration()
        let scheme = url[..<separator.lowerBound].lowercased()
        var rest = url[separator.upperBound...]
        // A password may hold an unescaped `@`; a host cannot: the last one before the path counts.
        let authorityEnd = rest.firstIndex(of: "/") ?? rest.endIndex
        if let at = rest[..<authorityEnd].lastIndex(of: "@") {
            try configuration.readUser(rest[..<at])
            rest = rest[rest.index(after: at)...]
        }
        switch scheme {
        case "redis": break
        case "rediss": configuration.tls = .on()
        case "redis+unix", "unix":
            try configuration.readSocket(rest)
            return configuration
        default: throw malformed("the scheme is not redis, rediss or redis+unix", "")
        }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        try configuration.readHost(rest[..<slash])
        let path = slash == rest.endIndex ? "" : rest[rest.index(after: slash)...]
        if path.contains("?") || path.contains("#") {
            throw malformed("there are options after the database", "set them by their own keys")
        }
        if !path.isEmpty { configuration.database = try database(path) }
        return configuration
    }

    private mutating func readUser(_ text: Substring) throws(RedisError) {
        let colon = text.firstIndex(of: ":") ?? text.endIndex
        let user = try Self.decoded(text[..<colon], "user")
        username = user.isEmpty ? nil : user
        if colon != text.endIndex {
            let secret = try Self.decoded(text[text.index(after: colon)...], "password")
            password = secret.isEmpty ? nil : RedisSecret(secret)
        }
    }

    private mutating func readHost(_ text: Substring) throws(RedisError) {
        var name = text
        var number: Substring?
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { throw Self.malformed("the IPv6 address has no ]", "") }
            name = text[text.index(after: text.startIndex)..<end]
            let after = text[text.index(after: end)...]
            guard after.isEmpty || after.hasPrefix(":") else {
                throw Self.malformed("something other than a port follows the IPv6 address", "")
            }
            number = after.isEmpty ? nil : after.dropFirst()
        } else if let colon = text.firstIndex(of: ":") {
            name = text[..<colon]
            number = text[text.index(after: colon)...]
        }
        guard !name.isEmpty else { throw Self.malformed("the host is empty", "") }
        guard name.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }) else {
            throw Self.malformed("the host holds a space or a control character", "")
        }
        host = String(name)
        if let number {
            guard let value = UInt16(number), value > 0 else {
                throw Self.malformed(
                    "the port is not a number from 1 to 65535", "escape : / @ in a password as %3A %2F %40")
            }
            port = value
        }
    }

    private mutating func readSocket(_ text: Substring) throws(RedisError) {
        let question = text.firstIndex(of: "?") ?? text.endIndex
        let path = try Self.decoded(text[..<question], "path")
        guard path.hasPrefix("/"), path.utf8.count < 108 else {
            throw Self.malformed("the socket's path is not absolute or has more than 107 bytes", "")
        }
        socketPath = path
        guard question != text.endIndex else { return }
        let options = text[text.index(after: question)...]
        guard options.hasPrefix("db=") else { throw Self.malformed("the only option is db=number", "") }
        database = try Self.database(options.dropFirst(3))
    }

    private static func database(_ text: Substring) throws(RedisError) -> Int {
        guard let number = Int(text), number >= 0 else {
            throw malformed("the database is not a number", "it follows the host: redis://host:port/0")
        }
        return number
    }

    private static func decoded(_ text: Substring, _ part: String) throws(RedisError) -> String {
        var bytes: [UInt8] = []
        var iterator = text.utf8.makeIterator()
        while let byte = iterator.next() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = iterator.next().flatMap(hexadecimal), let low = iterator.next().flatMap(hexadecimal) else {
                throw malformed("a % in the \(part) is not followed by two hexadecimal digits", "escape % as %25")
            }
            bytes.append(high << 4 | low)
        }
        guard let string = String(validating: bytes, as: UTF8.self) else {
            throw malformed("the \(part) is not UTF-8", "")
        }
        return string
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        Character(UnicodeScalar(byte)).hexDigitValue.map { UInt8($0) }
    }

    private static func malformed(_ cause: String, _ hint: String) -> RedisError {
        RedisError(.configuration, operation: "read the address", target: "Redis URL", cause: cause, hint: hint)
    }
}
