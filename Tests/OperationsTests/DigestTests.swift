import PlatformModel
import Testing

@testable import Operations

@Suite struct DigestTests {
    /// FIPS 180-4's examples, and a million letters.
    @Test func sha256OfThePublishedExamples() {
        #expect(
            Digest.sha256(text: "abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(Digest.sha256(text: "") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(
            Digest.sha256(text: String(repeating: "a", count: 1_000_000))
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    /// RFC 2202, cases 1 and 6.
    @Test func hmacOfThePublishedExamples() {
        let first = Digest.hmacSHA1(key: Array(repeating: 0x0b, count: 20), message: Array("Hi There".utf8))
        #expect(Digest.hexadecimal(first) == "b617318655057264e28bc0b6fb378c8ef146be00")
        let long = Digest.hmacSHA1(
            key: Array(repeating: 0xaa, count: 80),
            message: Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8))
        #expect(Digest.hexadecimal(long) == "aa4ae5e15272d00e95705637ce8a3b55ed402112")
    }

    @Test func canonicalTextDoesNotDependOnTheOrderOfMembers() {
        let one: JSON = ["b": [1, ["y": 2, "x": "ü"]], "a": nil]
        let other: JSON = ["a": nil, "b": [1, ["x": "ü", "y": 2]]]
        #expect(one.canonicalText == other.canonicalText)
        #expect(one.canonicalText == #"{"a":null,"b":[1,{"x":"ü","y":2}]}"#)
    }

    @Test func aPlanSurvivesBeingWritten() throws {
        let plan = Plan.lines(arguments: [["n": 1, "text": "a\u{202E}b"], [:], ["deep": ["x": [1, 2]]]])
        let read = try #require(Plan(json: try JSON.parse(plan.json.write())))
        #expect(read == plan && read.digest == plan.digest)
        // Whatever differs, also what was on the screen, is another plan.
        let other = Plan.lines(id: plan.intent.id, arguments: [["n": 2, "text": "a\u{202E}b"], [:], [:]])
        #expect(other.digest != plan.digest)
    }

    @Test func identitiesDiffer() {
        #expect(Set((0..<1000).map { _ in Digest.identity() }).count == 1000)
    }
}
