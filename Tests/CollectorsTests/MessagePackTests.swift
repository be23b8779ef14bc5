import PlatformModel
import Testing

@testable import Collectors

/// Bytes from outside: what is right is read, what is wrong ends quietly.
@Suite struct MessagePackTests {
    @Test func readsPlainValues() {
        // {"a": [1, -2, 3.5, true, nil, "é"], "b": 300}
        let bytes: [UInt8] = [
            0x82, 0xa1, 0x61, 0x96, 0x01, 0xfe, 0xcb, 0x40, 0x0c, 0, 0, 0, 0, 0, 0, 0xc3, 0xc0, 0xa2, 0xc3, 0xa9,
            0xa1, 0x62, 0xcd, 0x01, 0x2c,
        ]
        #expect(MessagePack.read(bytes) == ["a": [1, -2, 3.5, true, nil, "é"], "b": 300])
        #expect(MessagePack.read([0xd3, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe]) == -2)
        #expect(MessagePack.read([0xcf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]) == .number(0x1p64))
        #expect(MessagePack.read([]) == nil)
    }

    @Test func namesWhatIsConstructedAndConstructsNothing() {
        // Extension 2, ["os", "system", {"command": "x"}]: a Python object by its fields.
        let inner: [UInt8] =
            [0x93, 0xa2, 0x6f, 0x73, 0xa6] + Array("system".utf8) + [0x81, 0xa7] + Array("command".utf8) + [0xa1, 0x78]
        let bytes: [UInt8] = [0xc7, UInt8(inner.count), 0x02] + inner
        #expect(MessagePack.read(bytes) == ["__type__": "system", "command": "x"])
        #expect(MessagePack.read([0xd4, 0x63, 0x00]) == "extension 99, 1 bytes")
    }

    @Test func endsWhereCutBytesEnd() {
        let whole: [UInt8] = [0x93, 0x01, 0xa3, 0x61, 0x62, 0x63, 0x02]
        #expect(MessagePack.read(Array(whole.prefix(2))) == [1])
        #expect(MessagePack.read(Array(whole.prefix(5))) == [1, "ab…"])
        // Lengths that promise gigabytes.
        #expect(MessagePack.read([0xdd, 0xff, 0xff, 0xff, 0xff, 0x01]) == [1])
        #expect(MessagePack.read([0xdf, 0xff, 0xff, 0xff, 0xff]) == [:])
        #expect(MessagePack.read([0xdb, 0xff, 0xff, 0xff, 0xff, 0x61]) == "a…")
        #expect(MessagePack.read([0xc9, 0xff, 0xff, 0xff, 0xff, 0x02]) == .null)
    }

    @Test func boundsDepthAndNumberOfValues() {
        let deep = [UInt8](repeating: 0x91, count: 100_000)
        #expect(MessagePack.read(deep) != nil)
        let many: [UInt8] = [0xdd, 0, 1, 0, 0] + [UInt8](repeating: 0x01, count: 65_536)
        #expect((MessagePack.read(many)?.array?.count ?? 0) < MessagePack.valueLimit)
        let nested = (0..<2000).reduce([UInt8]()) { bytes, _ in [0xc9, 0, 0, 0x40, 0, 0x01] + bytes }
        #expect(MessagePack.read(nested) != nil)
    }

    @Test func survivesAnyBytes() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<3000 {
            let bytes = (0..<Int.random(in: 0...200, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            let value = MessagePack.read(bytes)
            if let value { _ = AgentMessage.all(in: value) }
        }
    }

    @Test func idsTellTheirTime() throws {
        let at = Timestamp(microseconds: 1_795_489_200_123_456)
        let id = TimeOrderedID.lowest(at: at)
        #expect(id.utf8.count == 36)
        #expect(TimeOrderedID.time(id) == at)
        #expect(TimeOrderedID.lowest(at: at + .microseconds(1)) > id)
        // Written by LangGraph; its row says 03:20:05.227166 UTC.
        let recorded = try #require(TimeOrderedID.time("1f1e7b5f-1844-6a8f-bfff-0c3cbdc71bd6"))
        #expect(recorded.description == "2026-11-24T03:20:05.227Z")
        #expect(TimeOrderedID.time("1f1e7b5f-1844-4a8f-bfff-0c3cbdc71bd6") == nil)
        #expect(TimeOrderedID.time("") == nil)
    }
}
