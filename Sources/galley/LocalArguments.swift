import LocalPlatform

/// The arguments behind `galley local`, checked.
struct LocalArguments: Sendable {
    private(set) var verb = "help"
    private(set) var words: [String] = []
    private(set) var options = LocalOptions()
    private(set) var folder: String?
    private(set) var json = false
    private(set) var yes = false
    private(set) var foreground = false
    private(set) var timeout: Duration?
    private(set) var by: Double?

    init(_ arguments: [String]) throws(LocalPlatformError) {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            var name = argument
            var inline: String?
            if argument.hasPrefix("--"), let equals = argument.firstIndex(of: "=") {
                name = String(argument[..<equals])
                inline = String(argument[argument.index(after: equals)...])
            }
            func value() throws(LocalPlatformError) -> String {
                guard let value = inline ?? rest.popFirst() else { throw .badUsage("\(name) needs a value") }
                return value
            }
            func number(_ range: ClosedRange<Int>) throws(LocalPlatformError) -> Int {
                let text = try value()
                guard let number = Int(text), range.contains(number) else {
                    throw .badUsage(
                        "\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound), not \(text)")
                }
                return number
            }
            switch name {
            case "-h", "--help": verb = "help"
            case "--rate": options.rate = try number(0...6000)
            case "--orders": options.orders = try number(0...20_000_000)
            case "--jobs": options.jobs = try number(0...5_000_000)
            case "--async": options.asynchronous = true
            case "--sync": options.asynchronous = false
            case "--servers-only": options.serversOnly = true
            case "--port-base": options.portBase = UInt16(try number(1024...65000))
            case "--folder":
                let path = try value()
                guard !path.isEmpty else { throw .badUsage("--folder needs a path") }
                folder = path
            case "--timeout": timeout = .seconds(try Self.seconds(name, try value()))
            case "--by": by = try Self.seconds(name, try value())
            case "--json": json = true
            case "--yes", "-y": yes = true
            case "--foreground": foreground = true
            default:
                guard !argument.hasPrefix("-") else { throw .badUsage("unknown option \(argument)") }
                words.append(argument)
            }
        }
        if arguments.contains("--help") || arguments.contains("-h") { return }
        verb = words.isEmpty ? "help" : words.removeFirst()
        let allowed = verb == "fault" ? 2 : 0
        guard words.count <= allowed else { throw .badUsage("unexpected argument: \(words[allowed])") }
    }

    /// `3`, `3s`, `250ms` or `2m`, in seconds.
    static func seconds(_ name: String, _ text: String) throws(LocalPlatformError) -> Double {
        let units: [(String, Double)] = [("ms", 0.001), ("s", 1), ("m", 60), ("", 1)]
        for (unit, factor) in units where text.hasSuffix(unit) {
            if let number = Double(text.dropLast(unit.count)), number > 0, number * factor <= 86_400 {
                return number * factor
            }
        }
        throw .badUsage("\(name) must be a time such as 3s or 250ms, not \(text)")
    }
}

extension LocalPlatformError {
    static func badUsage(_ cause: String) -> LocalPlatformError {
        LocalPlatformError(
            code: "usage", operation: "read the arguments", target: "galley local", cause: cause,
            hint: "galley local --help shows them", exitCode: 2)
    }
}
