import Glibc

/// One numeric address of a host, ready for `connect`.
public struct ResolvedAddress: Sendable, Hashable, CustomStringConvertible {
    /// `127.0.0.1` or `::1`.
    public let text: String
    public let port: UInt16
    /// AF_INET or AF_INET6.
    public let family: Int32
    /// The bytes of the `sockaddr` that `connect` takes.
    public let socketAddress: [UInt8]

    public var description: String { family == AF_INET6 ? "[\(text)]:\(port)" : "\(text):\(port)" }
}

/// Why a host name has no address.
public struct ResolveError: OperationError, Hashable {
    /// `name-not-resolved`, `resolver-unavailable`, `timed-out` or `cancelled`.
    public let code: String
    public let target: String
    public let cause: String
    public let hint: String
    public var operation: String { "resolve" }
}

/// Looks up the addresses of a host in the order in which they are to be tried (`getaddrinfo`).
///
/// A numeric address costs no thread. A name is looked up on a short-lived thread, because `getaddrinfo` blocks and
/// cannot be stopped: at the deadline, or when the task is cancelled, the wait ends and the answer is dropped.
/// - Throws: ``ResolveError``; never returns an empty array.
public func resolve(
    _ host: String, port: UInt16, on loop: EventLoop = .shared, until deadline: Deadline
) async throws(ResolveError) -> [ResolvedAddress] {
    let numeric = lookUp(host, port: port, flags: AI_NUMERICHOST | AI_NUMERICSERV)
    if !numeric.addresses.isEmpty { return numeric.addresses }
    let answer = await Thread.run("resolve", on: loop, until: deadline) {
        lookUp(host, port: port, flags: AI_NUMERICSERV)
    }
    guard let answer else {
        let cancelled = Task.isCancelled
        throw ResolveError(
            code: cancelled ? "cancelled" : "timed-out", target: host,
            cause: cancelled ? "the task was cancelled" : "no answer from the resolver in time",
            hint: cancelled ? "" : "check the name servers in /etc/resolv.conf")
    }
    guard answer.addresses.isEmpty else { return answer.addresses }
    let temporary = answer.status == EAI_AGAIN
    throw ResolveError(
        code: temporary ? "resolver-unavailable" : "name-not-resolved", target: host, cause: answer.cause,
        hint: temporary ? "check the name servers in /etc/resolv.conf" : "check the spelling of the host name")
}

private struct LookUp: Sendable {
    var addresses: [ResolvedAddress] = []
    var status: Int32 = 0
    var cause = ""
}

private func lookUp(_ host: String, port: UInt16, flags: Int32) -> LookUp {
    var answer = LookUp()
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = flags
    var list: UnsafeMutablePointer<addrinfo>?
    answer.status = getaddrinfo(host, String(port), &hints, &list)
    guard answer.status == 0 else {
        answer.cause = gai_strerror(answer.status).map { String(cString: $0) } ?? "unknown"
        return answer
    }
    defer { freeaddrinfo(list) }
    var next = list
    while let entry = next {
        next = entry.pointee.ai_next
        guard let address = entry.pointee.ai_addr else { continue }
        let length = entry.pointee.ai_addrlen
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let named = getnameinfo(address, length, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
        guard named == 0 else { continue }
        let bytes = UnsafeRawBufferPointer(start: address, count: Int(length))
        answer.addresses.append(
            ResolvedAddress(
                text: text.withUnsafeBufferPointer {
                    String(decoding: $0.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
                },
                port: port, family: entry.pointee.ai_family, socketAddress: Array(bytes)))
    }
    if answer.addresses.isEmpty { answer.cause = "the name has no address" }
    return answer
}
