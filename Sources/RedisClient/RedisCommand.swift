/// A command and its arguments: any bytes.
public struct RedisCommand: Sendable, Hashable {
    public var arguments: [[UInt8]]

    /// - Parameter arguments: the command's name first; must not be empty when sent.
    public init(arguments: [[UInt8]]) {
        self.arguments = arguments
    }

    /// `RedisCommand("SET", "key", "value")`.
    public init(_ words: String...) {
        self.init(words)
    }

    public init(_ words: [String]) {
        arguments = words.map { Array($0.utf8) }
    }

    public mutating func append(_ word: String) { arguments.append(Array(word.utf8)) }
    public mutating func append(_ bytes: [UInt8]) { arguments.append(bytes) }

    /// The command's name in upper case; only this much of a command is ever shown.
    public var name: String {
        guard let first = arguments.first else { return "" }
        return String(decoding: first.prefix(64), as: UTF8.self).uppercased()
    }

    /// The words that name it: `CLIENT LIST`, `XINFO STREAM`, else the first one.
    var title: String {
        let name = name
        guard Self.containers.contains(name), arguments.count > 1 else { return name }
        return name + " " + String(decoding: arguments[1].prefix(64), as: UTF8.self).uppercased()
    }

    private static let containers: Set<String> = [
        "ACL", "CLIENT", "CLUSTER", "COMMAND", "CONFIG", "DEBUG", "FUNCTION", "LATENCY", "MEMORY", "MODULE", "OBJECT",
        "PUBSUB", "SCRIPT", "SLOWLOG", "XGROUP", "XINFO",
    ]

    /// Appends the command as an array of bulk strings, the only form that is safe for any bytes.
    func encode(into buffer: inout [UInt8]) {
        buffer.appendHeader(UInt8(ascii: "*"), arguments.count)
        for argument in arguments {
            buffer.appendHeader(UInt8(ascii: "$"), argument.count)
            buffer.append(contentsOf: argument)
            buffer.append(0x0d)
            buffer.append(0x0a)
        }
    }
}

extension [UInt8] {
    fileprivate mutating func appendHeader(_ type: UInt8, _ count: Int) {
        append(type)
        if count < 10 {
            append(UInt8(ascii: "0") + UInt8(count))
        } else {
            append(contentsOf: String(count).utf8)
        }
        append(0x0d)
        append(0x0a)
    }
}

extension RedisCommand: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The name and the number of arguments: the arguments may be secrets.
    public var description: String { "\(title) (\(max(arguments.count - 1, 0)) arguments)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: ["command": description]) }
}
