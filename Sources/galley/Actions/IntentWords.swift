import Glibc
import Operations
import PlatformModel

/// From the words of a command line to an intent.
enum IntentWords {
    static func intent(
        _ arguments: Arguments, _ command: Command, environment: String
    ) throws(CommandFailure) -> Intent {
        var targets: [Intent.Target] = []
        var members: JSONObject = [:]
        switch command.id {
        case "console.arm":
            guard let minutes = Int(arguments.positionals[0]), (1...240).contains(minutes) else {
                throw usage("“\(arguments.positionals[0])”: a console is armed for 1 to 240 minutes")
            }
            members["seconds"] = .init(minutes * 60)
        case "freeze.set":
            members["seconds"] = .init(try seconds(arguments.option("for") ?? ""))
        case "approvals.grant", "approvals.refuse":
            targets = [Intent.Target(kind: "approval", id: arguments.positionals[0])]
        case "console.disarm", "freeze.lift": break
        default:
            targets = try orders(arguments.positionals)
            if let note = arguments.option("note") { members["note"] = .string(note) }
        }
        return Intent(
            command: command.id, environment: environment, targets: targets, arguments: members,
            reason: arguments.option("reason") ?? "", origin: .commandLine)
    }

    /// `20431`, `#20431`, `20431@3`; one order once.
    private static func orders(_ words: [String]) throws(CommandFailure) -> [Intent.Target] {
        var targets: [Intent.Target] = []
        for word in words {
            let parts = word.drop { $0 == "#" }.split(separator: "@", omittingEmptySubsequences: false)
            guard (1...2).contains(parts.count), let id = Int64(parts[0]), id > 0,
                parts.count == 1 || Int64(parts[1]).map({ $0 > 0 }) == true
            else { throw usage("“\(word)” is no order: its number, or number@version") }
            if targets.contains(where: { $0.id == "\(id)" }) { throw usage("order \(id) is named twice") }
            targets.append(
                Intent.Target(kind: "order", id: "\(id)", version: parts.count == 2 ? Int64(parts[1]) : nil))
        }
        guard targets.count <= 100 else { throw usage("at most 100 orders at once") }
        return targets
    }

    static func draft(_ arguments: Arguments) throws(CommandFailure) -> OrderDraft {
        var lines: [OrderDraft.Line] = []
        for word in arguments.options["line"] ?? [] {
            let parts = word.split(separator: "=", omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty, let packs = Int(parts[1]), packs > 0 else {
                throw usage("--line \(word): it is ITEM=PACKS, such as BAK-0101=4")
            }
            lines.append(OrderDraft.Line(item: String(parts[0]), quantity: packs))
        }
        if let file = arguments.option("file") {
            let (read, problems) = OrderDraft.lines(csv: try text(of: file))
            guard problems.isEmpty else {
                throw usage("\(file): \(problems.prefix(20).joined(separator: "; ")); nothing was ordered")
            }
            lines += read
        }
        return OrderDraft(
            kitchen: arguments.option("kitchen") ?? "", supplier: arguments.option("supplier") ?? "", lines: lines,
            note: arguments.option("note") ?? "")
    }

    /// A file of at most 1 MiB; `-` is standard input.
    private static func text(of file: String) throws(CommandFailure) -> String {
        let descriptor = file == "-" ? 0 : open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw usage("\(file): \(String(cString: strerror(errno)))") }
        defer { if descriptor > 0 { close(descriptor) } }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while bytes.count <= 1 << 20 {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw usage("\(file): \(String(cString: strerror(errno)))") }
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer[..<count]
        }
        throw usage("\(file) is larger than 1 MiB")
    }

    /// `90s`, `30m`, `4h`, `2d`.
    static func seconds(_ word: String) throws(CommandFailure) -> Int {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        guard let unit = word.last.flatMap({ units[$0] }), let count = Int(word.dropLast()),
            (1...100_000).contains(count)
        else { throw usage("--for \(word): it is a number with s, m, h or d, such as 30m") }
        return count * unit
    }

    static func usage(_ message: String) -> CommandFailure {
        CommandFailure(status: ExitStatus.usage, message: message, code: "usage")
    }
}
