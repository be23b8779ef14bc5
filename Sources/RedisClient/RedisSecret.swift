/// A password that no description, error, mirror or dump shows.
public struct RedisSecret: Sendable, Hashable {
    private let text: String

    public init(_ text: String) { self.text = text }

    /// The password in clear: for AUTH and for taking it out of what a server echoes.
    func reveal() -> String { text }

    /// Replaces the password wherever it occurs: servers echo the arguments of a command they do not know.
    func redact(_ sentence: String) -> String {
        guard !text.isEmpty, sentence.utf8.count >= text.utf8.count else { return sentence }
        var rest = Substring(sentence)
        var result = ""
        while let range = rest.firstRange(of: text) {
            result += rest[..<range.lowerBound] + "•••"
            rest = rest[range.upperBound...]
        }
        return result + rest
    }
}

extension RedisSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "•••" }
    public var debugDescription: String { "•••" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension RedisSecret: ExpressibleByStringLiteral {
    public init(stringLiteral text: String) { self.init(text) }
}
