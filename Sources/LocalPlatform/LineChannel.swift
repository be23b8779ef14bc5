import Glibc
import PlatformModel
import Reactor

/// One JSON object a line over a local socket; used by one task at a time.
final class LineChannel {
    private let descriptor: Int32
    private let loop: EventLoop
    private var received: [UInt8] = []

    private static let limit = 4 << 20

    /// Takes the descriptor over and closes it at the end.
    init(descriptor: Int32, loop: EventLoop) {
        self.descriptor = descriptor
        self.loop = loop
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }

    deinit {
        let (descriptor, loop) = (descriptor, loop)
        loop.execute {
            loop.forget(descriptor)
            close(descriptor)
        }
    }

    /// Connects to the supervisor; nil when nobody listens.
    static func connect(to path: String, loop: EventLoop) -> LineChannel? {
        guard var address = sockaddr_un.at(path) else { return nil }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        guard connected else {
            close(descriptor)
            return nil
        }
        return LineChannel(descriptor: descriptor, loop: loop)
    }

    /// The next object; nil at the end, at the deadline, or when the other side talks nonsense.
    func receive(until deadline: Deadline) async -> JSON? {
        while true {
            if let end = received.firstIndex(of: UInt8(ascii: "\n")) {
                let line = Array(received[..<end])
                received.removeSubrange(...end)
                return try? JSON.parse(line)
            }
            guard received.count < Self.limit else { return nil }
            var buffer = [UInt8](repeating: 0, count: 65536)
            let count = read(descriptor, &buffer, buffer.count)
            if count > 0 {
                received += buffer[..<count]
            } else if count == 0 {
                return nil
            } else if errno == EAGAIN {
                guard case .ready = await loop.wait(descriptor, for: .read, until: deadline) else { return nil }
            } else if errno != EINTR {
                return nil
            }
        }
    }

    /// Sends one object; false when the other side is gone or does not read.
    @discardableResult
    func send(_ json: JSON, until deadline: Deadline) async -> Bool {
        var rest = Array((json.write() + "\n").utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                guard case .ready = await loop.wait(descriptor, for: .write, until: deadline) else { return false }
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }

    /// Whether the other side has closed; reads nothing.
    var isClosed: Bool {
        var byte: UInt8 = 0
        return recv(descriptor, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT)) == 0
    }
}

extension sockaddr_un {
    /// nil when the path does not fit.
    static func at(_ path: String) -> sockaddr_un? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        return address
    }
}
