/// A named, stable diagnosis over a snapshot.
public struct Finding: Sendable, Hashable, Identifiable {
    /// The words operators speak; scripts may rely on them.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        case databaseUnreachable = "DatabaseUnreachable"
        /// It answers, but not what Galley asks: a wrong password, a missing right, no TLS.
        case databaseUnreadable = "DatabaseUnreadable"
        case noPrimary = "NoPrimary"
        case twoPrimaries = "TwoPrimaries"
        case replicaNotStreaming = "ReplicaNotStreaming"
        case replicaLagging = "ReplicaLagging"
        case replayPaused = "ReplayPaused"
        case commitsWaiting = "CommitsWaiting"
        case slotRetainsLog = "SlotRetainsLog"
        case archiverFailing = "ArchiverFailing"
        case connectionsNearLimit = "ConnectionsNearLimit"
        case sessionsBlocked = "SessionsBlocked"
        case queryTooLong = "QueryTooLong"
        case redisUnreachable = "RedisUnreachable"
        case redisUnreadable = "RedisUnreadable"
        case redisMemoryHigh = "RedisMemoryHigh"
        case queuesUnreadable = "QueuesUnreadable"
        case queueLagHigh = "QueueLagHigh"
        case queuePaused = "QueuePaused"
        case workersGone = "WorkersGone"
        case jobsStalled = "JobsStalled"
        case jobsFailing = "JobsFailing"
        case ordersLate = "OrdersLate"
        case ordersUnreadable = "OrdersUnreadable"
        case serviceDown = "ServiceDown"
        case serviceDegraded = "ServiceDegraded"
        case serviceSlow = "ServiceSlow"
        case agentWaitsForPerson = "AgentWaitsForPerson"
        case agentRunsFailing = "AgentRunsFailing"
        case agentRunAbandoned = "AgentRunAbandoned"
        case agentQueueLag = "AgentQueueLag"
    }

    public enum Severity: Int, Sendable, Hashable, Comparable {
        case notice, warning, critical

        public static func < (left: Severity, right: Severity) -> Bool { left.rawValue < right.rawValue }
        public var word: String { ["NOTE", "WARN", "CRIT"][rawValue] }
    }

    public let code: Code
    public let severity: Severity
    /// What it is about: a node, a queue, a service; empty for the platform.
    public let subject: String
    /// What was seen, with figures: one sentence.
    public let evidence: String
    /// What a person does about it: one sentence.
    public let advice: String
    /// Since when it has held.
    public var since: Moment
    /// The finding that explains this one, where one does.
    public var cause: ID?

    public struct ID: Sendable, Hashable {
        public let code: Code
        public let subject: String

        public init(code: Code, subject: String) {
            self.code = code
            self.subject = subject
        }
    }

    public var id: ID { ID(code: code, subject: subject) }

    public init(
        _ code: Code, _ severity: Severity, subject: String = "", evidence: String, advice: String, since: Moment,
        cause: ID? = nil
    ) {
        self.code = code
        self.severity = severity
        self.subject = subject
        self.evidence = evidence
        self.advice = advice
        self.since = since
        self.cause = cause
    }
}
