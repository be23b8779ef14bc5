import CTomlPlusPlus

/// A parsed TOML text that knows the place of every key and value.
public struct TOMLDocument: Sendable, Hashable {
    /// As it was named to ``parse(_:file:)``, for messages.
    public let file: String
    /// Always a table.
    public let root: TOMLNode

    /// Larger texts are refused.
    public static let maximumBytes = 1 << 20

    /// Parses a text.
    ///
    /// - Parameters:
    ///   - bytes: UTF-8, at most ``maximumBytes``.
    ///   - file: the name that messages show.
    /// - Throws: the first thing that is no TOML; the parser cannot go on behind it.
    public static func parse(_ bytes: [UInt8], file: String) throws(SettingsProblem) -> TOMLDocument {
        try check(bytes, file)
        let builder = TOMLBuilder()
        var message = [CChar](repeating: 0, count: 512)
        var line: UInt32 = 0
        var column: UInt32 = 0
        var visitor = TOMLBuilder.visitor
        visitor.context = Unmanaged.passUnretained(builder).toOpaque()
        let isParsed = bytes.withUnsafeBytes { buffer in
            // The builder outlives the call, the only time at which the parser uses it.
            withExtendedLifetime(builder) {
                galley_toml_parse(
                    buffer.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count, &visitor, &message,
                    message.count, &line, &column)
            }
        }
        guard isParsed, let root = builder.root else {
            let text = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            throw SettingsProblem(
                SettingsPlace(file, line: Int(line), column: Int(column)), "no TOML: \(SettingsText.plain(text))",
                hint: "column \(column)")
        }
        return TOMLDocument(file: file, root: root)
    }

    /// Parses a text; see ``parse(_:file:)-([UInt8],_)``.
    public static func parse(_ text: String, file: String) throws(SettingsProblem) -> TOMLDocument {
        try parse(Array(text.utf8), file: file)
    }

    /// Reads and parses a file. Blocks for as long as the disk does.
    ///
    /// - Throws: why the file cannot be read, or is no TOML.
    public static func read(_ path: String) throws(SettingsProblem) -> TOMLDocument {
        try parse(try SettingsFile.read(path, maximumBytes: maximumBytes), file: path)
    }

    /// The text of a file that is to be parsed later. Blocks for as long as the disk does.
    ///
    /// - Throws: why the file cannot be read, or is no text.
    public static func text(ofFile path: String) throws(SettingsProblem) -> String {
        let bytes = try SettingsFile.read(path, maximumBytes: maximumBytes)
        try check(bytes, path)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What the parser would crash on, or say badly.
    private static func check(_ bytes: [UInt8], _ file: String) throws(SettingsProblem) {
        guard bytes.count <= maximumBytes else {
            throw SettingsProblem(
                SettingsPlace(file), "the file has \(bytes.count) bytes, and may have \(maximumBytes)")
        }
        if let place = bytes.firstIndex(of: 0) {
            throw SettingsProblem(
                SettingsPlace(file, line: line(of: place, in: bytes)), "the file holds a NUL byte, so it is no text")
        }
        if let place = SettingsFile.firstInvalidUTF8(bytes) {
            throw SettingsProblem(
                SettingsPlace(file, line: line(of: place, in: bytes)), "the file is not UTF-8",
                hint: "save it as UTF-8")
        }
        // The parser recurses into `a.a.a…`: a file of nothing else would exhaust the stack.
        var dots = 0
        for (place, byte) in bytes.enumerated() {
            switch byte {
            case UInt8(ascii: "."): dots += 1
            case UInt8(ascii: ","), UInt8(ascii: "="), UInt8(ascii: "\n"), UInt8(ascii: "["), UInt8(ascii: "{"):
                dots = 0
            default: break
            }
            guard dots <= 64 else {
                throw SettingsProblem(
                    SettingsPlace(file, line: line(of: place, in: bytes)), "a key has more than 64 parts")
            }
        }
    }

    private static func line(of place: Int, in bytes: [UInt8]) -> Int {
        1 + bytes[..<place].count { $0 == UInt8(ascii: "\n") }
    }
}
