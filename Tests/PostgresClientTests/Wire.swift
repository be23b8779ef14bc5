import TestSupport

/// What a PostgreSQL server says, byte by byte, for a server that does not say it right.
enum Wire {
    static func message(_ type: Character, _ body: [UInt8], length: Int32? = nil) -> [UInt8] {
        Array(String(type).utf8) + int32(length ?? Int32(body.count + 4)) + body
    }

    static func int32(_ value: Int32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }
    static func int16(_ value: Int16) -> [UInt8] {
        [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)]
    }
    static func text(_ text: String) -> [UInt8] { Array(text.utf8) + [0] }

    static let authenticated = message("R", int32(0))
    static let ready = message("Z", Array("I".utf8))
    static let session =
        authenticated + message("S", text("server_version") + text("15.0"))
        + message("S", text("client_encoding") + text("UTF8")) + message("K", int32(4711) + int32(42)) + ready
    static let parsedAndBound = message("1", []) + message("2", [])
    /// One text column named `a`.
    static let columns = message(
        "T", int16(1) + text("a") + int32(0) + int16(0) + int32(25) + int16(-1) + int32(-1) + int16(0))
    static func row(_ text: String) -> [UInt8] {
        message("D", int16(1) + int32(Int32(text.utf8.count)) + Array(text.utf8))
    }
    static let complete = message("C", text("SELECT 1"))
    static func error(_ state: String, _ text: String) -> [UInt8] {
        message("E", Self.text("SFATAL") + Self.text("VFATAL") + Self.text("C" + state) + Self.text("M" + text) + [0])
    }
}

extension ScriptedServer.Connection {
    /// Reads one message with its length; empty at the end. The first of a session has no type.
    func message(typed: Bool = true) -> [UInt8] {
        var head: [UInt8] = []
        while head.count < (typed ? 5 : 4) {
            let more = read(upTo: 1)
            if more.isEmpty { return [] }
            head += more
        }
        let length = head.suffix(4).reduce(0) { $0 << 8 | Int($1) }
        var body: [UInt8] = []
        while body.count < length - 4 {
            let more = read(upTo: length - 4 - body.count)
            if more.isEmpty { return [] }
            body += more
        }
        return head + body
    }

    /// Accepts the session without a password.
    func accept() {
        guard !message(typed: false).isEmpty else { return }
        write(Wire.session)
    }

    /// Waits for a statement of the extended protocol, to its Sync.
    func statement() {
        while true {
            let next = message()
            if next.isEmpty || next[0] == UInt8(ascii: "S") || next[0] == UInt8(ascii: "Q") { return }
        }
    }
}
