import Glibc
import Reactor

/// What kind of process it is decides how it is ended and who starts it again.
enum ChildKind: String, Sendable {
    case postgres, redis, service, helper

    /// Ends it in an orderly way, without waiting for its clients.
    var stopSignal: Int32 { self == .postgres ? SIGINT : SIGTERM }

    /// Servers of data stay down until someone looks at why, the rest is started again.
    var restarts: Bool { self == .service || self == .helper }
}

/// One long-running process of the platform; used on the supervisor's loop only.
final class Child {
    let name: String
    let kind: ChildKind
    let port: UInt16?
    var launch: Launch

    var pid: pid_t?
    var started: UInt64 = 0
    /// Why it is not running, or not well; empty when all is well.
    var reason = ""
    /// The fault that was injected and not healed.
    var fault: Fault?
    /// False while it is meant to be down.
    var wanted = false
    var backoff = Backoff(first: .milliseconds(500), limit: .seconds(20))
    var since = Deadline.now
    var restarts = 0

    init(name: String, kind: ChildKind, port: UInt16?, launch: Launch) {
        self.name = name
        self.kind = kind
        self.port = port
        self.launch = launch
    }

    /// One word for the state.
    var state: String {
        guard pid != nil else { return wanted && kind.restarts && fault == nil ? "restarting" : "down" }
        return fault?.kind == .hang ? "hanging" : "running"
    }
}
