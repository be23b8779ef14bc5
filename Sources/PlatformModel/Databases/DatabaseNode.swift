/// One PostgreSQL server by its own word.
public struct DatabaseNode: Sendable, Hashable {
    public enum Role: String, Sendable, Hashable {
        case primary, replica
    }

    public let name: String
    public let region: String
    public var role: Role
    public var version: String
    public var systemIdentifier: String
    public var timeline: Int
    public var startedAt: Timestamp?
    /// The server's own clock when it was asked.
    public var clock: Timestamp?
    /// On a primary: the end of its log. On a replica: the end of what it received.
    public var position: LogPosition?
    /// Replica only: how far the log was applied.
    public var replayed: LogPosition?
    /// Replica only: commit time of the last transaction applied.
    public var lastReplayedAt: Timestamp?
    public var replayPaused: Bool
    /// Replica only.
    public var receiver: Receiver?
    /// Primary only: its view of each replica.
    public var replicas: [ReplicaLink]
    public var slots: [ReplicationSlot]
    public var archiver: Archiver?
    /// Sessions and statistics; nil until they were read, some milliseconds after the rest.
    public var activity: Activity?
    /// `synchronous_standby_names`; empty when commits wait for nobody.
    public var synchronousStandbyNames: String
    /// Sessions that wait for a replica's word before they may return.
    public var waitingForReplicas: Int

    public init(name: String, region: String, role: Role) {
        self.name = name
        self.region = region
        self.role = role
        version = ""
        systemIdentifier = ""
        timeline = 0
        startedAt = nil
        clock = nil
        position = nil
        replayed = nil
        lastReplayedAt = nil
        replayPaused = false
        receiver = nil
        replicas = []
        slots = []
        archiver = nil
        synchronousStandbyNames = ""
        waitingForReplicas = 0
    }

    /// Bytes received but not applied yet, by the replica's own word.
    public var replayLagBytes: Int64? {
        guard role == .replica, let position, let replayed else { return nil }
        return position.ahead(of: replayed)
    }

    /// How old the last transaction applied is; zero when everything received is applied, for then an idle
    /// primary would look like a growing lag.
    public var replayLagTime: Duration? {
        guard role == .replica, let bytes = replayLagBytes else { return nil }
        if bytes == 0 { return .zero }
        guard let clock, let lastReplayedAt else { return nil }
        return max(.zero, clock - lastReplayedAt)
    }

    /// `pg_stat_wal_receiver`: where a replica streams from.
    public struct Receiver: Sendable, Hashable {
        public var status: String
        public var senderHost: String
        public var senderPort: Int
        public var slot: String
        public var timeline: Int
        /// Time since the last message; up to 30 s on a healthy idle primary.
        public var silence: Duration?

        public init(
            status: String, senderHost: String, senderPort: Int, slot: String, timeline: Int, silence: Duration?
        ) {
            self.status = status
            self.senderHost = senderHost
            self.senderPort = senderPort
            self.slot = slot
            self.timeline = timeline
            self.silence = silence
        }
    }

    /// `pg_stat_archiver`.
    public struct Archiver: Sendable, Hashable {
        public var archivedCount: Int64
        public var failedCount: Int64
        public var lastArchivedAt: Timestamp?
        public var lastFailedAt: Timestamp?
        public var lastArchived: String
        public var lastFailed: String

        public init(
            archivedCount: Int64, failedCount: Int64, lastArchivedAt: Timestamp?, lastFailedAt: Timestamp?,
            lastArchived: String, lastFailed: String
        ) {
            self.archivedCount = archivedCount
            self.failedCount = failedCount
            self.lastArchivedAt = lastArchivedAt
            self.lastFailedAt = lastFailedAt
            self.lastArchived = lastArchived
            self.lastFailed = lastFailed
        }

        /// Whether the newest attempt failed.
        public var isFailing: Bool {
            guard let lastFailedAt else { return false }
            return lastArchivedAt.map { lastFailedAt > $0 } ?? true
        }
    }

    /// `pg_stat_activity` and `pg_stat_database` in numbers.
    public struct Activity: Sendable, Hashable {
        public var connections = 0
        public var maximumConnections = 0
        public var active = 0
        public var idleInTransaction = 0
        public var blocked = 0
        public var longestQuery: Duration?
        public var longestTransaction: Duration?
        /// Commits and rollbacks since the statistics began; a rate needs two samples.
        public var transactions: Int64 = 0
        public var transactionsPerSecond: Double?
        /// Share of reads served from memory, 0 to 1.
        public var cacheHitShare: Double?
        public var databaseBytes: Int64?
        public var deadlocks: Int64 = 0
        public var sessions: [Session] = []

        public init() {}
    }
}

/// One row of `pg_stat_replication`: a replica as its primary sees it.
public struct ReplicaLink: Sendable, Hashable {
    public let name: String
    public let state: String
    /// `async`, `sync`, `quorum`, `potential`.
    public let syncState: String
    public let sent: LogPosition?
    public let written: LogPosition?
    public let flushed: LogPosition?
    public let replayed: LogPosition?
    public let replayLag: Duration?
    /// Bytes between the primary's position and what the replica applied.
    public let lagBytes: Int64?

    public init(
        name: String, state: String, syncState: String, sent: LogPosition?, written: LogPosition?,
        flushed: LogPosition?, replayed: LogPosition?, replayLag: Duration?, lagBytes: Int64?
    ) {
        self.name = name
        self.state = state
        self.syncState = syncState
        self.sent = sent
        self.written = written
        self.flushed = flushed
        self.replayed = replayed
        self.replayLag = replayLag
        self.lagBytes = lagBytes
    }
}

/// One row of `pg_replication_slots`.
public struct ReplicationSlot: Sendable, Hashable {
    public let name: String
    public let isActive: Bool
    /// `reserved`, `extended`, `unreserved`, `lost`.
    public let walStatus: String
    /// Log kept for it, in bytes.
    public let retainedBytes: Int64?

    public init(name: String, isActive: Bool, walStatus: String, retainedBytes: Int64?) {
        self.name = name
        self.isActive = isActive
        self.walStatus = walStatus
        self.retainedBytes = retainedBytes
    }
}

/// One session worth looking at: long, blocked, or idle in a transaction.
public struct Session: Sendable, Hashable, Identifiable {
    public let pid: Int
    public let user: String
    public let application: String
    public let state: String
    public let wait: String
    public let age: Duration?
    public let blockedBy: [Int]
    /// The statement's beginning.
    public let query: String

    public var id: Int { pid }

    public init(
        pid: Int, user: String, application: String, state: String, wait: String, age: Duration?, blockedBy: [Int],
        query: String
    ) {
        self.pid = pid
        self.user = user
        self.application = application
        self.state = state
        self.wait = wait
        self.age = age
        self.blockedBy = blockedBy
        self.query = query
    }
}
