import PlatformModel

/// One of the systems that are read, by the name that a sentence gives it.
struct PlainSource: Sendable, Equatable {
    /// `database eu-west-1a`, `Redis`, `service worker`.
    let name: String
    /// What findings about it name as their subject.
    let subject: String
    let failure: ReadFailure?
    let failingSince: Moment?
    let isRead: Bool

    /// Everything that does not answer, without what is only another view of the same loss: who has lost Redis knows
    /// that its queues cannot be read.
    static func failing(_ snapshot: Snapshot) -> [PlainSource] {
        var sources = snapshot.databases.map { PlainSource("database \($0.name)", $0.name, $0.reading) }
        sources.append(PlainSource("Redis", "redis", snapshot.redis))
        if !snapshot.redis.isFailing { sources.append(PlainSource("the queues", "queues", snapshot.queues)) }
        if snapshot.databases.contains(where: { !$0.reading.isFailing }) {
            sources.append(PlainSource("the orders", "orders", snapshot.orders))
        }
        sources += snapshot.services.map { PlainSource("service \($0.name)", $0.name, $0.reading) }
        return sources.filter { $0.failure != nil }
    }

    private init<Value>(_ name: String, _ subject: String, _ reading: Reading<Value>) {
        self.name = name
        self.subject = subject
        failure = reading.failure
        failingSince = reading.failingSince
        isRead = reading.value != nil
    }

    /// The findings that say no more than that something does not answer.
    static let codes: Set<Finding.Code> = [
        .databaseUnreachable, .redisUnreachable, .queuesUnreadable, .ordersUnreadable, .serviceDown,
    ]

    func isMeant(by finding: Finding) -> Bool { Self.codes.contains(finding.code) && finding.subject == subject }
}
