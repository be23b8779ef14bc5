import Glibc
import PlatformModel
import Reactor
import Testing

@testable import Operations

/// The second factor against the published examples, and against those who watch over a shoulder.
@Suite struct TimedPasswordTests {
    /// RFC 6238, appendix B, for SHA-1; the last six of its eight digits.
    @Test func thePublishedExamples() throws {
        let password = try #require(TimedPassword(base32: Base32.encode(Array("12345678901234567890".utf8))))
        let examples: [(seconds: Int64, code: String)] = [
            (59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (1_234_567_890, "005924"),
            (2_000_000_000, "279037"), (20_000_000_000, "353130"),
        ]
        for (seconds, code) in examples {
            #expect(password.code(counter: seconds / 30) == code)
            #expect(password.counter(of: code, at: seconds) == seconds / 30)
            #expect(password.counter(of: code, at: seconds + 30) == seconds / 30)
            #expect(password.counter(of: code, at: seconds - 30) == seconds / 30)
            #expect(password.counter(of: code, at: seconds + 90) == nil)
        }
        #expect(password.counter(of: "28708", at: 59) == nil && password.counter(of: "", at: 59) == nil)
    }

    /// RFC 4648, section 10.
    @Test func base32() {
        let examples = [
            ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ]
        for (text, code) in examples {
            #expect(Base32.encode(Array(text.utf8)) == code)
            #expect(Base32.decode(code) == Array(text.utf8))
        }
        #expect(Base32.decode("mzxw 6ytb-oi======") == Array("foobar".utf8))
        #expect(Base32.decode("MZXW1") == nil)
        #expect(TimedPassword(base32: "MZXW6YTBOI") == nil)
    }

    @Test func aCodeServesOnce() async throws {
        try await withFolder { folder in
            let turned = TurnedClock()
            let enrolment = SecondFactorEnrolment()
            let path = folder.path + "/secret"
            try enrolment.write(to: path)
            var status = stat()
            #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
            func account(_ clock: GateClock) -> LocalAccount {
                LocalAccount(
                    subject: "anna@x", role: .lead, kitchens: .all, secretFile: path, state: folder, clock: clock)
            }
            let clock = turned.clock()
            let password = try #require(TimedPassword(base32: enrolment.secret))
            func code(_ steps: Int64 = 0) -> String {
                password.code(counter: clock.wall().microseconds / 30_000_000 + steps)
            }
            func failure(_ code: String) async -> String? {
                do throws(IdentityError) {
                    _ = try await account(clock).secondFactor(code, until: .generous)
                    return nil
                } catch {
                    return error.code
                }
            }
            #expect(enrolment.accepts(code(), clock: clock))
            #expect(await failure(String(code().reversed()) == code() ? "000000" : "12x456") == "wrong-code")
            #expect(await failure(code()) == nil)
            #expect(await failure(code()) == "code-used")
            // The code before it, which a moment ago was good, is not good after a later one.
            #expect(await failure(code(-1)) == "code-used")
            turned.turnWall(by: 30)
            // Two consoles at once with the same code: one of them.
            let (one, other) = (account(clock), account(clock))
            let fresh = code()
            async let left = try? one.secondFactor(fresh, until: .generous)
            async let right = try? other.secondFactor(fresh, until: .generous)
            #expect(await [left, right].compactMap { $0 }.count == 1)
            // A clock that was turned back makes no old code good again.
            turned.turnWall(by: -300)
            #expect(await failure(code()) == "code-used")
            chmod(path, 0o644)
            turned.turnWall(by: 900)
            #expect(await failure(code()) == "secret-readable")
        }
    }
}
