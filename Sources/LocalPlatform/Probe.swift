import Glibc
import Reactor

/// One short exchange with a server on loopback: is it there, and what does it say?
enum Probe {
    /// Sends the text and returns what came back until `enough` or the end; nil when nobody answers in time.
    static func exchange(
        _ text: String, port: UInt16, loop: EventLoop, until deadline: Deadline, enough: (String) -> Bool
    ) async -> String? {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(AF_INET, kind, 0)
        guard descriptor >= 0 else { return nil }
        defer {
            loop.forget(descriptor)
            close(descriptor)
        }
        var address = sockaddr_in.loopback(port)
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard connected || errno == EINPROGRESS else { return nil }
        guard case .ready = await loop.wait(descriptor, for: .write, until: deadline) else { return nil }
        let sent = Array(text.utf8).withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        guard sent == text.utf8.count else { return nil }
        var received: [UInt8] = []
        while received.count < 1 << 20 {
            let answer = String(decoding: received, as: UTF8.self)
            if enough(answer) { return answer }
            var buffer = [UInt8](repeating: 0, count: 16384)
            let count = read(descriptor, &buffer, buffer.count)
            if count > 0 {
                received += buffer[..<count]
            } else if count == 0 {
                return received.isEmpty ? nil : String(decoding: received, as: UTF8.self)
            } else if errno == EAGAIN {
                guard case .ready = await loop.wait(descriptor, for: .read, until: deadline) else { return nil }
            } else {
                return nil
            }
        }
        return nil
    }

    /// The status of GET /health and the body; nil when nobody answers.
    static func health(port: UInt16, loop: EventLoop, until deadline: Deadline) async -> (status: Int, body: String)? {
        let request = "GET /health HTTP/1.0\r\nHost: 127.0.0.1:\(port)\r\nAccept: application/json\r\n\r\n"
        guard
            let answer = await exchange(request, port: port, loop: loop, until: deadline, enough: { _ in false }),
            let status = answer.split(separator: " ", maxSplits: 2).dropFirst().first.flatMap({ Int($0) })
        else { return nil }
        let body = answer.split(separator: "\r\n\r\n", maxSplits: 1).dropFirst().first.map(String.init) ?? ""
        return (status, body)
    }

    /// Whether Redis answers this user.
    static func redis(
        port: UInt16, user: String, password: String, loop: EventLoop, until deadline: Deadline
    ) async -> Bool {
        let request = "AUTH \(user) \(password)\r\nPING\r\n"
        let answer = await exchange(request, port: port, loop: loop, until: deadline) {
            $0.contains("PONG") || $0.contains("\r\n-") || $0.hasPrefix("-")
        }
        return answer?.contains("+PONG") ?? false
    }
}
