import CSystem
import Glibc
import Reactor

/// A TCP or Unix socket in clear.
final class SocketTransport: Transport {
    let descriptor: Int32
    let holdsBack = false
    private let loop: EventLoop

    init(descriptor: Int32, loop: EventLoop) {
        self.descriptor = descriptor
        self.loop = loop
    }

    deinit {
        let (descriptor, loop) = (descriptor, loop)
        loop.execute {
            loop.forget(descriptor)
            close(descriptor)
        }
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Progress {
        outcome { recv(descriptor, buffer.baseAddress, buffer.count, 0) }
    }

    func write(_ bytes: UnsafeRawBufferPointer) -> Progress {
        outcome { send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL)) }
    }

    func shutDown() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    private func outcome(_ call: () -> Int) -> Progress {
        while true {
            let count = call()
            if count > 0 { return .moved(count) }
            if count == 0 { return .ended }
            switch galley_errno() {
            case EINTR: continue
            case EAGAIN: return .blocked
            case EPIPE, ECONNRESET: return .ended
            case let number: return .failed(message(of: number))
            }
        }
    }
}

/// The system's words for an error number.
func message(of number: Int32) -> String {
    String(cString: strerror(number))
}

/// A socket address of any family.
struct SocketAddress: Sendable {
    let family: Int32
    private let bytes: [UInt8]

    init(family: Int32, bytes: [UInt8]) {
        self.family = family
        self.bytes = bytes
    }

    /// - Parameter path: shorter than 108 bytes, which the URL's reader has checked; nil when it is not.
    init?(path: String) {
        var address = sockaddr_un()
        guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        self.init(family: AF_UNIX, bytes: withUnsafeBytes(of: &address) { Array($0) })
    }

    func withPointer<Result>(_ body: (UnsafePointer<sockaddr>?, socklen_t) -> Result) -> Result {
        bytes.withUnsafeBytes { raw in
            body(raw.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(raw.count))
        }
    }
}
