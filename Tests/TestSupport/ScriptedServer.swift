import Glibc
import Reactor

/// A server on loopback that plays a script to each connection: the liar that every client is tested against.
///
/// The script runs on a thread of its own with blocking reads and writes; the connection closes when it returns.
public final class ScriptedServer: Sendable {
    public let port: UInt16
    private let listener: Int32
    private let open = Locked<Set<Int32>>([])

    /// - Parameter script: what is said to each connection; the number counts connections from 0.
    public init(_ script: @escaping @Sendable (Connection, Int) -> Void) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var yes: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                precondition(bind(listener, $0, length) == 0 && listen(listener, 64) == 0, "no port on loopback")
                getsockname(listener, $0, &length)
            }
        }
        self.listener = listener
        port = UInt16(bigEndian: address.sin_port)
        let open = open
        Thread(name: "liar") {
            var count = 0
            while true {
                let descriptor = accept(listener, nil, nil)
                guard descriptor >= 0 else { return }
                let number = count
                count += 1
                open.withLock { _ = $0.insert(descriptor) }
                Thread(name: "liar-\(number)") {
                    script(Connection(descriptor: descriptor), number)
                    open.withLock { _ = $0.remove(descriptor) }
                    close(descriptor)
                }.start()
            }
        }.start()
    }

    deinit { stop() }

    /// Closes the listener and every connection; scripts that wait for input see its end.
    public func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        open.withLock { for descriptor in $0 { shutdown(descriptor, Int32(SHUT_RDWR)) } }
    }

    /// One accepted connection, used from its script's thread.
    public struct Connection: Sendable {
        let descriptor: Int32

        /// Blocks until some bytes come; empty at the end of the stream.
        public func read(upTo count: Int = 65536) -> [UInt8] {
            var buffer = [UInt8](repeating: 0, count: count)
            let got = Glibc.read(descriptor, &buffer, count)
            return got > 0 ? Array(buffer[..<got]) : []
        }

        /// Blocks until `text` was received, and returns everything up to and with it; empty at the end.
        public func read(until text: String) -> [UInt8] {
            var all: [UInt8] = []
            let wanted = Array(text.utf8)
            while true {
                let more = read(upTo: 1)
                if more.isEmpty { return [] }
                all += more
                if all.suffix(wanted.count).elementsEqual(wanted) { return all }
            }
        }

        public func write(_ bytes: [UInt8]) {
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
                guard count > 0 else { return }
                rest = rest.dropFirst(count)
            }
        }

        public func write(_ text: String) { write(Array(text.utf8)) }

        /// Says nothing until the other side closes: a server that hangs.
        public func hang() {
            while !read().isEmpty {}
        }

        /// Closes with a reset instead of an orderly end.
        public func reset() {
            var linger = linger(l_onoff: 1, l_linger: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
        }
    }
}
