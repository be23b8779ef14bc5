import Glibc
import PlatformModel

/// The loopback ports of a platform: the well-known ones, or the next free ones when they are taken.
struct Ports: Sendable, Hashable {
    /// By the name of who listens; `link-<node>` for a node's way to its primary.
    private(set) var numbers: [String: UInt16]

    subscript(name: String) -> UInt16 { numbers[name] ?? 0 }

    /// Everyone that listens, with the port that it has when nobody else wants it.
    static func wanted(base: UInt16?) -> [(name: String, port: UInt16)] {
        let nodes = Node.all.map(\.name)
        let services = ["api", "admin", "webhook", "worker"]
        // Came later; last, so that a range that was chosen before means what it meant.
        let agents = "agents"
        let links = Node.all.map { "link-" + $0.name }
        guard let base else {
            return services.enumerated().map { ($1, 3000 + UInt16($0)) }
                + nodes.enumerated().map { ($1, 5432 + UInt16($0)) } + [("redis", 6379)]
                + links.enumerated().map { ($1, 15432 + UInt16($0)) } + [(agents, 3004)]
        }
        return (services + nodes + ["redis"] + links + [agents]).enumerated().map { ($1, base + UInt16($0)) }
    }

    /// The ports for a start: those of the last time while they are free, else the wanted, else any free one.
    static func choose(base: UInt16?, earlier: Ports?) throws(LocalPlatformError) -> (ports: Ports, moved: [String]) {
        var chosen: [String: UInt16] = [:]
        var moved: [String] = []
        var used: Set<UInt16> = []
        for (name, wanted) in wanted(base: base) {
            let first = base == nil ? earlier?.numbers[name] ?? wanted : wanted
            // Somebody else's server on the next number is as likely as on this one: look a little further.
            let candidates = [first, wanted] + (1...40).map { wanted &+ 100 &+ $0 }
            guard let port = candidates.first(where: { $0 >= 1024 && !used.contains($0) && isFree($0) }) ?? anyFree()
            else {
                throw LocalPlatformError(
                    code: "no-port", operation: "find a port", target: name, cause: "no free port on 127.0.0.1",
                    hint: "end other servers, or choose a range with --port-base")
            }
            if port != first { moved.append("\(name) uses port \(port), because \(first) is taken") }
            used.insert(port)
            chosen[name] = port
        }
        return (Ports(numbers: chosen), moved)
    }

    static func isFree(_ port: UInt16) -> Bool { tryBind(port) != nil }

    private static func anyFree() -> UInt16? { tryBind(0) }

    /// Binds and lets go; SO_REUSEADDR as the servers set it, so that connections of a moment ago do not count.
    private static func tryBind(_ port: UInt16) -> UInt16? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in.loopback(port)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && listen(descriptor, 1) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        return bound ? UInt16(bigEndian: address.sin_port) : nil
    }

    init(numbers: [String: UInt16]) { self.numbers = numbers }

    init?(_ json: JSON?) {
        guard let object = json?.object else { return nil }
        numbers = [:]
        for (name, value) in object { numbers[name] = value.int.flatMap { UInt16(exactly: $0) } }
    }

    var json: JSON {
        .object(JSONObject(numbers.sorted { $0.key < $1.key }.map { ($0.key, .integer(Int64($0.value))) }))
    }
}

extension sockaddr_in {
    static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        return address
    }
}
