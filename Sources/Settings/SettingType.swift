/// What a setting may be. It checks values of TOML files, variables and flags alike.
public enum SettingType: Sendable, Hashable {
    case text
    case choice([String])
    case integer(ClosedRange<Int>)
    case boolean
    case duration(ClosedRange<Duration>)
    case bytes(ClosedRange<Int64>)
    /// An address of one of these schemes, without user and password.
    case url([String])
    /// A path; `~/` is the home folder, and a relative one is relative to the file that names it.
    case file
    /// A path to a file that holds a secret, which only its owner may read.
    case secretFile
    case texts

    /// For messages and documentation: `an integer 1…65535`.
    public var allowed: String {
        switch self {
        case .text: "a text"
        case .choice(let words): SettingsText.choices(words)
        case .integer(let range): "an integer \(range.lowerBound)…\(range.upperBound)"
        case .boolean: "true or false"
        case .duration(let range):
            "a duration \(SettingUnits.write(range.lowerBound))…\(SettingUnits.write(range.upperBound))"
                + " such as \"500ms\", \"30s\", \"5m\" or \"2h\""
        case .bytes(let range):
            "a size \(SettingUnits.write(bytes: range.lowerBound))…\(SettingUnits.write(bytes: range.upperBound))"
                + " such as \"4kB\", \"16MB\" or \"1GiB\""
        case .url(let schemes): "an address that begins with " + SettingsText.choices(schemes.map { "\($0)://" })
        case .file: "a path to a file"
        case .secretFile: "a path to a file that only its owner can read"
        case .texts: "a list of texts"
        }
    }

    /// Why a value is refused.
    struct Refusal: Error {
        var found: String
        var hint = ""
    }

    /// The value of a TOML node.
    func value(of node: TOMLNode) throws(Refusal) -> SettingValue {
        switch (self, node.value) {
        case (.integer(let range), .integer(let integer)) where range.contains(integer): return .integer(integer)
        case (.boolean, .boolean(let boolean)): return .boolean(boolean)
        case (.texts, .array(let elements)):
            let texts = elements.compactMap(\.text)
            if let other = elements.first(where: { $0.text == nil }) {
                throw Refusal(found: "a list with \(other.shown)")
            }
            return .texts(texts)
        case (.integer, _), (.boolean, _), (.texts, _): throw Refusal(found: node.shown)
        case (_, .string(let text)): return try value(ofText: text)
        default: throw Refusal(found: node.shown, hint: hint(for: node))
        }
    }

    /// The value of a variable or a flag, which are texts without quotes; lists are separated by commas.
    func value(ofText text: String) throws(Refusal) -> SettingValue {
        let refusal = Refusal(found: SettingsText.quoted(text))
        switch self {
        case .text:
            return .text(text)
        case .file, .secretFile:
            guard !text.isEmpty, !text.utf8.contains(0) else { throw refusal }
            return .text(text)
        case .choice(let words):
            guard words.contains(text) else {
                throw Refusal(found: refusal.found, hint: SettingsText.suggestion(for: text, in: words))
            }
            return .text(text)
        case .integer(let range):
            guard let integer = Int(text), range.contains(integer) else { throw refusal }
            return .integer(integer)
        case .boolean:
            guard text == "true" || text == "false" else { throw refusal }
            return .boolean(text == "true")
        case .duration(let range):
            guard let duration = SettingUnits.duration(text), range.contains(duration) else { throw refusal }
            return .duration(duration)
        case .bytes(let range):
            guard let bytes = SettingUnits.bytes(text), range.contains(bytes) else { throw refusal }
            return .bytes(bytes)
        case .url(let schemes):
            return .text(try SettingURL.check(text, schemes: schemes))
        case .texts:
            return .texts(text.split(separator: ",").map(String.init))
        }
    }

    private func hint(for node: TOMLNode) -> String {
        guard case .integer(let number) = node.value else { return "" }
        switch self {
        case .duration: return "write the unit: \"\(number)ms\" for milliseconds, \"\(number)s\" for seconds"
        case .bytes: return "write the unit: \"\(number)MB\""
        default: return ""
        }
    }
}

/// The few rules for addresses that matter before a client takes them apart.
enum SettingURL {
    /// - Throws: what is wrong, without quoting a user, a password or a query.
    /// - Returns: the text.
    static func check(_ text: String, schemes: [String]) throws(SettingType.Refusal) -> String {
        guard let separator = text.firstRange(of: "://") else {
            throw SettingType.Refusal(found: text.contains("@") ? "a text with an @" : SettingsText.quoted(text))
        }
        let scheme = text[..<separator.lowerBound].lowercased()
        let rest = text[separator.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        // An @ anywhere: a password may itself hold a slash.
        guard !authority.contains("@"), !(rest.prefix { $0 != "?" }).contains("@") else {
            throw SettingType.Refusal(
                found: "an address with a user or password in it",
                hint: "write the password to a file, and name it in password_file or token_file; the user has a key too"
            )
        }
        // It could hold a token, which would then be shown with the address.
        guard !rest.contains(where: { $0 == "?" || $0 == "#" }) else {
            throw SettingType.Refusal(found: "an address with a query or fragment in it")
        }
        let shown = SettingsText.quoted(text)
        guard schemes.contains(scheme) else { throw SettingType.Refusal(found: shown) }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            throw SettingType.Refusal(found: "an address with a space or a control character")
        }
        let afterBracket = authority.lastIndex(of: "]").map { authority[authority.index(after: $0)...] } ?? authority
        let host = authority.dropLast(afterBracket.lastIndex(of: ":").map { afterBracket[$0...].count } ?? 0)
        guard !host.isEmpty else { throw SettingType.Refusal(found: "\(shown), which names no host") }
        if let colon = afterBracket.lastIndex(of: ":") {
            let port = afterBracket[afterBracket.index(after: colon)...]
            guard let number = Int(port), (1...65535).contains(number) else {
                throw SettingType.Refusal(found: "\(shown), whose port is no integer 1…65535")
            }
        }
        return text
    }
}
