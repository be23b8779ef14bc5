/// Why and where a text is no JSON. It never quotes the text, which may hold a secret.
public struct JSONError: Error, Hashable, CustomStringConvertible {
    /// Bytes before the place.
    public let offset: Int
    /// Counted from 1.
    public let line: Int
    /// Bytes since the start of the line, counted from 1.
    public let column: Int
    public let message: String

    init(_ message: String, at offset: Int, in bytes: [UInt8]) {
        self.message = message
        self.offset = offset
        var line = 1
        var start = 0
        for place in 0..<min(offset, bytes.count) where bytes[place] == UInt8(ascii: "\n") {
            line += 1
            start = place + 1
        }
        self.line = line
        column = offset - start + 1
    }

    public var description: String { "line \(line), column \(column): \(message)" }
}
