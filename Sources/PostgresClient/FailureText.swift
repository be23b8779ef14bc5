import CPostgres
import Glibc

extension Link {
    /// Makes a text of libpq's or the server's safe to show: no password, one line, bounded.
    func clean(_ text: String, configuration: PostgresConfiguration) -> String {
        var result = text
        let secrets = [configuration.password?.reveal(), configuration.tls.clientKeyPassword?.reveal(), password]
        for secret in secrets.compactMap(\.self) where secret.utf8.count >= 3 {
            result = result.replacing(secret, by: "<secret>")
        }
        return tidy(result)
    }

    /// The error that a result carries.
    func error(
        of result: OpaquePointer, operation: String, configuration: PostgresConfiguration
    ) -> PostgresError {
        func field(_ code: Character) -> String? {
            guard let value = code.asciiValue, let text = PQresultErrorField(result, Int32(value)) else { return nil }
            return String(cString: text)
        }
        guard let state = field("C"), state.utf8.count == 5, state.utf8.allSatisfy(isStateCharacter) else {
            let text = PQresultErrorMessage(result).map { String(cString: $0) } ?? ""
            return PostgresError(
                PostgresError.Code.protocolViolation, operation: operation, target: target,
                cause: clean(text.isEmpty ? "an error without a text" : text, configuration: configuration),
                hint: "what answers is not a PostgreSQL server that this client understands")
        }
        // The server's own hint helps more with a statement than ours, ours more with the server's state.
        let ours = Hints.hint(
            state, user: configuration.user, endpoint: host?.endpoint ?? target, database: configuration.database,
            message: field("M") ?? "")
        let theirs = field("H").map { clean($0, configuration: configuration) } ?? ""
        return PostgresError(
            Hints.code(state), sqlState: state, operation: operation, target: target,
            cause: clean(field("M") ?? "", configuration: configuration), hint: ours.isEmpty ? theirs : ours,
            detail: field("D").map { clean($0, configuration: configuration) }, position: field("P").flatMap(Int.init),
            mayHaveExecuted: state.hasPrefix("57P0") || state == "40003" || state == "25P03")
    }
}

func isStateCharacter(_ byte: UInt8) -> Bool { (48...57).contains(byte) || (65...90).contains(byte) }

extension String {
    /// Every occurrence replaced, byte by byte: a combining mark after a secret must not hide it.
    func replacing(_ wanted: String, by replacement: String) -> String {
        let (text, pattern) = (Array(utf8), Array(wanted.utf8))
        guard !pattern.isEmpty, text.count >= pattern.count else { return self }
        var result: [UInt8] = []
        var index = 0
        while index < text.count {
            if text[index] == pattern[0], text[index...].starts(with: pattern) {
                result += replacement.utf8
                index += pattern.count
            } else {
                result.append(text[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

/// The parts of a connection error in libpq's verbose form: `…FATAL:  28P01: password … \nLOCATION: …`.
struct ConnectionComplaint {
    let sqlState: String?
    let text: String

    init(_ message: String) {
        // The last line that carries a state; lines of context and location follow it.
        let lines = message.split(separator: "\n").map(String.init)
        for line in lines {
            if let (state, text) = Self.split(line) {
                sqlState = state
                self.text = text
                return
            }
        }
        sqlState = nil
        // What stands behind a tab is libpq's advice: the error's own hint says it better.
        let causes = lines.filter { !$0.hasPrefix("\t") }
        text = (causes.isEmpty ? lines : causes).joined(separator: "; ")
    }

    private static func split(_ line: String) -> (String, String)? {
        let bytes = Array(line.utf8)
        var index = 0
        while index + 9 <= bytes.count {
            // ":  28P01: "
            if bytes[index] == UInt8(ascii: ":"), bytes[index + 1] == 32, bytes[index + 2] == 32,
                bytes[(index + 3)..<(index + 8)].allSatisfy(isStateCharacter), bytes[index + 8] == UInt8(ascii: ":")
            {
                let state = String(decoding: bytes[(index + 3)..<(index + 8)], as: UTF8.self)
                return (state, String(decoding: bytes[(index + 9)...].drop { $0 == 32 }, as: UTF8.self))
            }
            index += 1
        }
        return nil
    }
}
