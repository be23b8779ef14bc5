import PlatformModel
import Testing

@Suite struct JSONTests {
    private static let validTexts: [(String, JSON)] = [
        ("null", JSON.null), ("true", true), (" [ ] ", []), ("{}", [:]), ("-0", 0), ("-0.0", .number(-0.0)),
        ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
        ("9223372036854775808", .number(9_223_372_036_854_775_808)), ("1e2", 100.0), ("1.5", 1.5), ("1E-2", 0.01),
        ("0.1", 0.1), ("123456789012345678901234567890", .number(1.2345678901234568e29)), ("1e999", .number(.infinity)),
        ("5e-324", .number(.leastNonzeroMagnitude)), ("1e-999", 0.0), ("0e99999999999999999999", 0.0),
        ("0.000000000000000000000000000001", .number(1e-30)),
        ("17976931348623157e292", .number(1.7976931348623157e308)),
        (#""a\"\\\/\b\f\n\r\t""#, "a\"\\/\u{8}\u{c}\n\r\t"), (#""\u00e9é""#, "éé"), (#""\ud83d\ude00""#, "😀"),
        (#""\ud83d""#, "\u{FFFD}"), (#""\ude00x""#, "\u{FFFD}x"), (#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"),
        (#""\ud83dx""#, "\u{FFFD}x"), (#""\u0000""#, "\0"), ("\u{FEFF}1", 1),
        (#"{"a":1,"b":2,"a":3}"#, ["a": 3, "b": 2]),
    ]

    @Test(arguments: validTexts)
    func valid(_ text: String, _ value: JSON) throws {
        #expect(try JSON.parse(text) == value)
    }

    private static let invalidTexts: [(String, Int)] = [
        ("", 0), (" ", 1), ("nul", 0), ("tru", 0), ("01", 1), ("-", 1), ("-a", 1), ("1.", 2), ("1.e1", 2), ("1e", 2),
        ("1e+", 3), (".5", 0), ("+1", 0), ("NaN", 0), ("[1,]", 3), ("[1 2]", 3), ("[", 1), ("{", 1), (#"{"a"}"#, 4),
        (#"{"a":}"#, 5), (#"{"a":1,}"#, 7), ("{a:1}", 1), ("\"", 1), ("\"\n\"", 1), (#""\x""#, 2), (#""\u12g4""#, 5),
        ("\"\\", 2), ("1 2", 2), ("'a'", 0), ("[1]]", 3), ("\0", 0),
    ]

    @Test(arguments: invalidTexts)
    func invalid(_ text: String, _ offset: Int) {
        #expect(throws: JSONError.self) { try JSON.parse(text) }
        do {
            _ = try JSON.parse(text)
        } catch {
            #expect(error.offset == offset)
        }
    }

    @Test func errorsHaveAPlace() {
        do {
            _ = try JSON.parse("{\n  \"a\": 1,\n  \"b\": x\n}")
            Issue.record("parsed")
        } catch {
            #expect((error.line, error.column) == (3, 8))
            #expect(error.description == "line 3, column 8: expected a value")
        }
    }

    @Test func depthIsLimited() throws {
        let deep = { (count: Int) in String(repeating: "[", count: count) + String(repeating: "]", count: count) }
        #expect(try JSON.parse(deep(128)).array != nil)
        #expect(throws: JSONError.self) { try JSON.parse(deep(129)) }
        #expect(throws: JSONError.self) { try JSON.parse(String(repeating: "{\"a\":", count: 1_000_000)) }
        #expect(throws: JSONError.self) { try JSON.parse("[[1]]", maximumDepth: 1) }
    }

    @Test func invalidUTF8IsReplaced() throws {
        #expect(try JSON.parse([0x22, 0x61, 0xFF, 0x62, 0x22]) == "a\u{FFFD}b")
        #expect(try JSON.parse([0x22, 0xED, 0xA0, 0x80, 0x5C, 0x6E, 0x22]).text?.hasSuffix("\n") == true)
    }

    @Test func whatHidesOrCommandsIsEscaped() throws {
        let hidden = (0...0x10FFFF).compactMap { Unicode.Scalar(UInt32($0)) }.filter { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: true
            default: false
            }
        }
        for scalar in hidden
        where scalar.value < 0x600 || (0x2000...0x206F).contains(scalar.value) || scalar.value > 0xE0000 {
            let text = String(Character(scalar))
            let written = JSON.string(text).write()
            #expect(written.utf8.allSatisfy { (0x20...0x7E).contains($0) }, "\(scalar.value)")
            #expect(try JSON.parse(written) == .string(text))
        }
        #expect(JSON.string("\u{1b}[2J\u{202e}\u{200b}\u{85}é😀").write() == #""\u001b[2J\u202e\u200b\u0085é😀""#)
        #expect(JSON.object(["\u{7}": 1]).write() == #"{"\u0007":1}"#)
    }

    @Test func writingIsTheInverseOfParsing() throws {
        let value: JSON = [
            "z": 1, "a": [1.5, nil, true, "x\ny", [:], []], "big": .integer(.max),
            "tiny": .number(.leastNonzeroMagnitude),
            "neg": -7, "e": .number(1e300),
        ]
        #expect(try JSON.parse(value.write()) == value)
        #expect(try JSON.parse(value.write(pretty: true)) == value)
        #expect(value.object?.keys == ["z", "a", "big", "tiny", "neg", "e"])
        #expect(JSON.number(.nan).write() == "null")
        let pretty: JSON = ["a": [1, ["b": 2]], "c": []]
        #expect(
            pretty.write(pretty: true) == "{\n  \"a\": [\n    1,\n    {\n      \"b\": 2\n    }\n  ],\n  \"c\": []\n}")
    }

    @Test func accessorsFindAndConvert() throws {
        let value = try JSON.parse(#"{"data":{"orders":[{"id":7,"total":2.0,"late":true,"note":null}]}}"#)
        let order = value[path: "data", "orders"]?[0]
        #expect(order?["id"]?.int == 7)
        #expect(order?["id"]?.double == 7)
        #expect(order?["total"]?.int == 2)
        #expect(order?["late"]?.bool == true)
        #expect(order?["note"]?.isNull == true)
        #expect(order?["none"] == nil)
        #expect(value[path: "data", "none", "x"] == nil)
        #expect(value["data"]?["orders"]?[1] == nil)
        #expect(JSON.number(1e300).int == nil)
    }

    @Test func largeObjectsKeepOrderAndLastValues() throws {
        var object = JSONObject()
        for number in 0..<1000 { object["k\(number)"] = .init(number) }
        object["k500"] = "new"
        object["k0"] = nil
        #expect(object.count == 999)
        #expect(object["k999"] == 999)
        #expect(object["k0"] == nil)
        let again = try JSON.parse(JSON.object(object).write())
        #expect(again == .object(object))
        #expect(again.object?.keys.first == "k1")
        #expect(JSONObject([("a", 1), ("b", 2)]).hashValue == JSONObject([("b", 2), ("a", 1)]).hashValue)
    }
}
