import Testing

@testable import RedisClient

@Suite struct ValuesTests {
    @Test func addressesAsURLs() throws {
        let full = try RedisConfiguration.parse(url: "redis://app:p%40ss%3aword@cache.example:6380/4")
        #expect(full.host == "cache.example" && full.port == 6380 && full.database == 4)
        #expect(full.username == "app" && full.password == "p@ss:word" && full.tls == .off)
        let tls = try RedisConfiguration.parse(url: "REDISS://:secret@[::1]")
        #expect(tls.host == "::1" && tls.port == 6379 && tls.username == nil && tls.password == "secret")
        #expect(tls.tls == .on() && tls.endpoint == "[::1]:6379")
        let unix = try RedisConfiguration.parse(url: "redis+unix:///run/redis.sock?db=3")
        #expect(unix.socketPath == "/run/redis.sock" && unix.database == 3)
        #expect(try RedisConfiguration.parse(url: "redis://host/").database == 0)
    }

    @Test(arguments: [
        "", "host:6379", "http://host", "redis://", "redis://:6379", "redis://host:0", "redis://host:65536",
        "redis://host:port", "redis://host/x", "redis://host/-1", "redis://host/0?tls=1", "redis://[::1",
        "redis://[::1]x",
        "redis://hunter2%zz@host", "redis://u:hunter2%f@host", "redis://u:hunter2%ff@host", "redis+unix://relative",
        "redis+unix:///a?x=1", "redis://a b", "redis://u:hunter2/@host",
    ])
    func badURLs(url: String) throws {
        let error = #expect(throws: RedisError.self) { try RedisConfiguration.parse(url: url) }
        #expect(error?.kind == .configuration)
        #expect(!"\(error.map { "\($0)" } ?? "")".contains("hunter2"))
    }

    @Test func slotsAsInTheSpecification() {
        #expect(RedisSlot.of("123456789") == 0x31c3)
        #expect(RedisSlot.of("foo") == 12182)
        #expect(RedisSlot.of("{user1000}.following") == RedisSlot.of("user1000"))
        #expect(RedisSlot.of("foo{}{bar}") != RedisSlot.of("bar"))
        #expect(RedisSlot.of("foo{{bar}}zap") == RedisSlot.of("{bar"))
        #expect(RedisSlot.of("foo{bar}{zap}") == RedisSlot.of("bar"))
        #expect(RedisSlot.of("") == 0)
    }

    @Test func keysOfCommands() {
        func key(_ words: String...) -> String? {
            RedisCommand(words).firstKey.map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(key("get", "k") == "k")
        #expect(key("PING") == nil)
        #expect(key("EVAL", "return 1", "0") == nil)
        #expect(key("EVALSHA", "x", "2", "k", "l") == "k")
        #expect(key("XREAD", "BLOCK", "0", "streams", "k", "0") == "k")
        #expect(key("XINFO", "STREAM", "k") == "k")
        #expect(key("GET") == nil)
    }

    @Test(arguments: [
        ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"), ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "84983e441c3bd26ebaae4aa1f95129e5e54670f1"
        ), (String(repeating: "a", count: 1000), "291e9a6c66994949b57ba5e650361e98fc36b1ba"),
    ])
    func hashes(text: String, hash: String) {
        #expect(RedisScript(text).hash == hash)
    }

    @Test func commandsAreEncodedByLength() {
        var bytes: [UInt8] = []
        RedisCommand("SET", "ké", "").encode(into: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == "*3\r\n$3\r\nSET\r\n$3\r\nké\r\n$0\r\n\r\n")
        bytes = []
        RedisCommand(arguments: [[UInt8](repeating: 0x61, count: 12)]).encode(into: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == "*1\r\n$12\r\naaaaaaaaaaaa\r\n")
    }

    @Test func nothingShowsASecret() {
        let configuration = RedisConfiguration(username: "app", password: "hunter2")
        var text = "\(configuration) \(String(reflecting: configuration))"
        dump(configuration, to: &text)
        let command = RedisCommand("AUTH", "app", "hunter2")
        text += "\(command) \(String(reflecting: command))"
        dump(command, to: &text)
        #expect(!text.contains("hunter2"))
        #expect(text.contains("app"))
        #expect(RedisSecret("a").redact("banana") == "b•••n•••n•••")
        #expect(RedisSecret("").redact("banana") == "banana")
    }

    @Test(arguments: [
        ("NOAUTH Authentication required.", RedisError.Kind.noAuth),
        ("WRONGPASS invalid username-password pair", .wrongPassword),
        ("ERR invalid password", .wrongPassword), ("LOADING Redis is loading the dataset in memory", .loading),
        ("READONLY You can't write against a read only replica.", .readOnly),
        ("OOM command not allowed when used memory > 'maxmemory'.", .outOfMemory),
        ("MISCONF Redis is configured to save RDB snapshots", .cannotPersist),
        ("CROSSSLOT Keys in request don't hash to the same slot", .crossSlot),
        ("CLUSTERDOWN The cluster is down", .clusterDown), ("TRYAGAIN Multiple keys request", .tryAgain),
        ("NOPERM this user has no permissions", .noPermission), ("ERR unknown command 'x'", .unknownCommand),
        ("DENIED Redis is running in protected mode", .noAuth), ("NOREPLICAS Not enough good replicas", .noReplicas),
        ("BUSY Redis is busy running a script", .busy), ("MASTERDOWN Link with MASTER is down", .masterDown),
    ])
    func errorRepliesThatOperatorsMeet(text: String, kind: RedisError.Kind) {
        let error = RedisError.reply(text, operation: "GET", target: "t", secret: nil)
        #expect(error.kind == kind)
        #expect(!error.hint.isEmpty)
        #expect(error.cause == text)
    }

    @Test func redirections() {
        func read(_ text: String) -> RedisError.Redirection? {
            RedisError.reply(text, operation: "GET", target: "t", secret: nil).redirection
        }
        #expect(read("MOVED 3999 127.0.0.1:6381") == .init(slot: 3999, host: "127.0.0.1", port: 6381))
        #expect(read("ASK 1 ::1:7000") == .init(slot: 1, host: "::1", port: 7000))
        #expect(read("MOVED 1 :7000")?.host == "")
        #expect(read("MOVED") == nil)
        #expect(read("MOVED 99999 a:1") == nil)
        #expect(read("MOVED 1 a:99999") == nil)
        #expect(read("MOVED 1 a") == nil)
        #expect(read("ERR MOVED 1 a:1") == nil)
    }
}
