import CSystem
import Glibc
import Reactor

/// Connects a socket to one of a host's addresses.
struct SocketConnector: Sendable {
    let configuration: RedisConfiguration
    let target: String
    let loop: EventLoop

    /// Tries each address in turn, each with its share of the time that is left.
    func connect(until deadline: Deadline) async throws(RedisError) -> SocketTransport {
        let addresses = try await addresses(until: deadline)
        var last: RedisError?
        for (index, address) in addresses.enumerated() {
            let share = deadline.remaining / (addresses.count - index)
            do throws(RedisError) {
                return try await connect(to: address, until: min(deadline, .after(share)))
            } catch  where error.kind == .cancelled {
                throw error
            } catch {
                last = error
            }
        }
        throw last ?? failure(.nameNotResolved, "the name has no address")
    }

    private func addresses(until deadline: Deadline) async throws(RedisError) -> [SocketAddress] {
        if let path = configuration.socketPath {
            guard let address = SocketAddress(path: path) else {
                throw failure(.configuration, "the socket's path is longer than 107 bytes")
            }
            return [address]
        }
        do throws(ResolveError) {
            return try await resolve(configuration.host, port: configuration.port, on: loop, until: deadline)
                .map { SocketAddress(family: $0.family, bytes: $0.socketAddress) }
        } catch {
            let kind: RedisError.Kind =
                switch error.code {
                case "timed-out": .timedOut
                case "cancelled": .cancelled
                default: .nameNotResolved
                }
            throw failure(kind, error.cause, error.hint)
        }
    }

    private func connect(to address: SocketAddress, until deadline: Deadline) async throws(RedisError)
        -> SocketTransport
    {
        let flags = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = socket(address.family, flags, 0)
        guard descriptor >= 0 else { throw failure(.unreachable, message(of: galley_errno())) }
        let transport = SocketTransport(descriptor: descriptor, loop: loop)
        if address.family != AF_UNIX { Self.tune(descriptor) }
        if address.withPointer({ Glibc.connect(descriptor, $0, $1) }) != 0 {
            let number = galley_errno()
            guard number == EINPROGRESS else { throw failure(ofErrorNumber: number) }
            switch await loop.wait(descriptor, for: .write, until: deadline) {
            case .ready: break
            case .timedOut: throw failure(.timedOut, "no answer to the connect")
            case .cancelled: throw failure(.cancelled, "cancelled")
            }
            var number32: Int32 = 0
            var size = socklen_t(MemoryLayout<Int32>.size)
            getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &number32, &size)
            if number32 != 0 { throw failure(ofErrorNumber: number32) }
        }
        return transport
    }

    /// Small requests leave at once, and a peer that vanished is noticed within half a minute or so.
    static func tune(_ descriptor: Int32) {
        let options: [(Int32, Int32, Int32)] = [
            (Int32(IPPROTO_TCP), TCP_NODELAY, 1),
            (SOL_SOCKET, SO_KEEPALIVE, 1),
            (Int32(IPPROTO_TCP), TCP_KEEPIDLE, 15),
            (Int32(IPPROTO_TCP), TCP_KEEPINTVL, 5),
            (Int32(IPPROTO_TCP), TCP_KEEPCNT, 3),
            (Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, 30_000),
        ]
        for (level, name, value) in options {
            var value = value
            setsockopt(descriptor, level, name, &value, socklen_t(MemoryLayout<Int32>.size))
        }
    }

    private func failure(ofErrorNumber number: Int32) -> RedisError {
        let cause = message(of: number)
        return switch number {
        case ECONNREFUSED, ENOENT:
            failure(.connectionRefused, cause, "nothing listens there: is the server running, and the port right?")
        case EACCES, EPERM:
            failure(.connectionRefused, cause, "this user may not open it: a firewall, or the socket's permissions")
        case ETIMEDOUT: failure(.timedOut, cause)
        default: failure(.unreachable, cause)
        }
    }

    private func failure(_ kind: RedisError.Kind, _ cause: String, _ hint: String = "") -> RedisError {
        RedisError(kind, operation: "connect", target: target, cause: cause, hint: hint)
    }
}
