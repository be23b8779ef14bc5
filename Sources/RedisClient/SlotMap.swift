/// A node's address.
struct Endpoint: Sendable, Hashable {
    let host: String
    let port: UInt16

    init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    init(_ client: RedisClient) {
        self.init(host: client.configuration.host, port: client.configuration.port)
    }

    /// A redirection without a host means the host that was asked.
    init(_ redirection: RedisError.Redirection, askedAt asked: Endpoint) {
        self.init(host: redirection.host.isEmpty ? asked.host : redirection.host, port: redirection.port)
    }
}

/// Which primary has which slot.
struct SlotMap: Sendable {
    private(set) var endpoints: [Endpoint] = []
    /// An index of `endpoints`, or -1.
    private var owners = [Int16](repeating: -1, count: RedisSlot.count)

    init() {}

    /// Reads the reply of CLUSTER SLOTS: `[first, last, [host, port, …], replica…]` a range; nil for other shapes.
    init?(_ reply: RedisValue, askedAt asked: Endpoint) {
        guard let ranges = reply.array else { return nil }
        for range in ranges {
            guard let parts = range.array, parts.count >= 3, let first = parts[0].int, let last = parts[1].int,
                0 <= first, first <= last, last < RedisSlot.count, let node = parts[2].array, node.count >= 2,
                let port = node[1].int.flatMap({ UInt16(exactly: $0) })
            else { return nil }
            // Null or "?" when the node does not know its own name: then it is where it was asked.
            let host = node[0].text.flatMap { $0.isEmpty || $0 == "?" ? nil : $0 } ?? asked.host
            let owner = index(of: Endpoint(host: host, port: port))
            for slot in Int(first)...Int(last) { owners[slot] = owner }
        }
    }

    var isEmpty: Bool { endpoints.isEmpty }

    subscript(slot: Int) -> Endpoint? { owners[slot] < 0 ? nil : endpoints[Int(owners[slot])] }

    mutating func set(_ slot: Int, _ endpoint: Endpoint) { owners[slot] = index(of: endpoint) }

    private mutating func index(of endpoint: Endpoint) -> Int16 {
        if let index = endpoints.firstIndex(of: endpoint) { return Int16(index) }
        // Redirections of a liar must not fill the table.
        if endpoints.count == 1024 { return 0 }
        endpoints.append(endpoint)
        return Int16(endpoints.count - 1)
    }
}
