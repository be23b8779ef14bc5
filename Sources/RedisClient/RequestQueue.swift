import Reactor

/// What was sent and not yet answered, in order: Redis answers in the order it was asked, and nothing else tells
/// which reply is whose.
struct RequestQueue {
    typealias Answer = Result<[RedisValue], RedisError>

    struct Request {
        /// Grows with each request of a connection.
        let id: UInt64
        let operation: String
        let deadline: Deadline
        /// Where its bytes lie in everything ever written to this connection.
        var start: UInt64
        var end: UInt64
        /// Received bytes when it was asked: unchanged at its deadline means a silent server.
        let receivedBefore: UInt64
        /// Replies that are still to come.
        var remaining: Int
        var replies: [RedisValue] = []
        /// Nil when the asker has gone: the replies still come and are dropped.
        var asker: CheckedContinuation<Answer, Never>?
    }

    private var items: [Request?] = []
    private var head = 0
    /// How many requests have lost their asker.
    private(set) var abandoned = 0

    var count: Int { items.count - head }
    var isEmpty: Bool { count == 0 }
    /// How many askers still wait.
    var live: Int { count - abandoned }

    mutating func append(_ request: Request) { items.append(request) }

    enum Effect {
        case nobodyAsked
        case more
        case finished(Request)
    }

    /// Gives a reply to the oldest request.
    mutating func answer(_ reply: RedisValue) -> Effect {
        guard head < items.count else { return .nobodyAsked }
        let isLast = items[head]?.remaining == 1
        items[head]?.remaining -= 1
        if items[head]?.asker != nil { items[head]?.replies.append(reply) }
        guard isLast, let request = items[head] else { return .more }
        if request.asker == nil { abandoned -= 1 }
        items[head] = nil
        head += 1
        if head == items.count {
            items.removeAll(keepingCapacity: true)
            head = 0
        } else if head > 256, head > items.count / 2 {
            items.removeFirst(head)
            head = 0
        }
        return .finished(request)
    }

    private func index(of id: UInt64) -> Int? {
        items.indices.suffix(from: head).first { items[$0]?.id == id }
    }

    subscript(id: UInt64) -> Request? { index(of: id).flatMap { items[$0] } }

    /// Takes the asker away; the request stays, and its replies will be dropped.
    mutating func abandon(_ id: UInt64) {
        guard let index = index(of: id), items[index]?.asker != nil else { return }
        items[index]?.asker = nil
        items[index]?.replies = []
        abandoned += 1
    }

    /// Takes a request out of which no byte was sent; later ones move up by its length.
    mutating func remove(_ id: UInt64) {
        guard let index = index(of: id), let request = items.remove(at: index) else { return }
        let length = request.end - request.start
        for later in index..<items.count {
            items[later]?.start -= length
            items[later]?.end -= length
        }
    }

    /// The ids of requests whose asker waits and whose deadline has passed.
    func expired() -> [UInt64] {
        items[head...].compactMap { request in
            guard let request, request.asker != nil, request.deadline.hasPassed else { return nil }
            return request.id
        }
    }

    /// When the next asker gives up; nil when none waits.
    var earliestDeadline: Deadline? {
        items[head...].lazy.compactMap { $0?.asker == nil ? nil : $0?.deadline }.min()
    }

    /// Empties the queue: the connection is lost.
    mutating func drain() -> [Request] {
        defer {
            items = []
            head = 0
            abandoned = 0
        }
        return items[head...].compactMap { $0 }
    }
}
