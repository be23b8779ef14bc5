import Glibc
import Reactor

/// Turns a host into its addresses; getaddrinfo blocks, so a name is looked up on a thread of its own.
enum Resolve {
    enum Failure: Error {
        case notFound(String)
        case timedOut
    }

    static func addresses(
        of host: String, port: UInt16, on loop: EventLoop, until deadline: Deadline
    ) async throws(Failure) -> [SocketAddress] {
        if case .success(let addresses) = lookUp(host, port, flags: AI_NUMERICHOST) { return addresses }
        let answer = await Thread.run("redis-resolve", on: loop, until: deadline) { lookUp(host, port, flags: 0) }
        guard let answer else { throw .timedOut }
        return try answer.get()
    }

    private static func lookUp(_ host: String, _ port: UInt16, flags: Int32) -> Result<[SocketAddress], Failure> {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = flags | AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, String(port), &hints, &list)
        guard status == 0 else { return .failure(.notFound(String(cString: gai_strerror(status)))) }
        defer { freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var next = list
        while let entry = next {
            let raw = UnsafeRawBufferPointer(start: entry.pointee.ai_addr, count: Int(entry.pointee.ai_addrlen))
            addresses.append(SocketAddress(family: entry.pointee.ai_family, bytes: Array(raw)))
            next = entry.pointee.ai_next
        }
        return .success(addresses)
    }
}
