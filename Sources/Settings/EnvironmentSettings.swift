/// What an environment is: it decides colours, warnings and defaults.
public enum EnvironmentKind: String, Sendable, Hashable, CaseIterable {
    case local
    case dev
    case staging
    case drill
    case prod
}

/// `[ui]`
public struct InterfaceSettings: Sendable, Hashable {
    public let theme: String
    public let keymap: String
    public let refresh: Duration
    public let mouse: Bool
    /// Sentences instead of a screen.
    public let plain: Bool

    init(_ values: SettingsValues) {
        theme = values.text("ui.theme") ?? "dark"
        keymap = values.text("ui.keymap") ?? "default"
        refresh = values.duration("ui.refresh")
        mouse = values.boolean("ui.mouse")
        plain = values.boolean("ui.plain")
    }
}

/// `[environments.NAME]`: one platform with its endpoints and policy.
public struct EnvironmentSettings: Sendable, Hashable {
    public let name: String
    /// `prod` when it is not (rightly) set: the most careful one.
    public let kind: EnvironmentKind
    /// The name when no title is set.
    public let title: String
    /// Nil without the table, as for all systems: then nothing of that kind is watched.
    public let postgres: PostgresSettings?
    public let redis: RedisSettings?
    public let services: [ServiceSettings]
    public let api: APISettings?
    public let agents: AgentSettings?
    public let thresholds: ThresholdSettings
    public let policy: PolicySettings

    init(_ name: String, _ values: SettingsValues) {
        let path = "environments.\(name)"
        self.name = name
        kind = values.text("\(path).kind").flatMap { EnvironmentKind(rawValue: $0) } ?? .prod
        title = values.text("\(path).title") ?? name
        postgres = values.has("\(path).postgres") ? PostgresSettings("\(path).postgres", values) : nil
        redis = RedisSettings("\(path).redis", values)
        services = values.names("\(path).services").compactMap {
            ServiceSettings("\(path).services[\($0)]", $0, values)
        }
        api = APISettings("\(path).api", values)
        agents = values.has("\(path).agents") ? AgentSettings("\(path).agents", values) : nil
        thresholds = ThresholdSettings("\(path).thresholds", values)
        policy = PolicySettings(readOnly: values.boolean("\(path).policy.read_only"))
    }
}

/// `[[environments.NAME.services]]`
public struct ServiceSettings: Sendable, Hashable {
    public let name: String
    public let url: String
    public let healthPath: String

    init?(_ path: String, _ name: String, _ values: SettingsValues) {
        guard let url = values.text("\(path).url") else { return nil }
        self.name = name
        self.url = url
        healthPath = values.text("\(path).health_path") ?? "/health"
    }
}

/// `[environments.NAME.api]`
public struct APISettings: Sendable, Hashable {
    public let graphqlURL: String
    /// An absolute path.
    public let tokenFile: String?

    init?(_ path: String, _ values: SettingsValues) {
        guard let url = values.text("\(path).graphql_url") else { return nil }
        graphqlURL = url
        tokenFile = values.text("\(path).token_file")
    }
}

/// `[environments.NAME.agents]`
public struct AgentSettings: Sendable, Hashable {
    /// Empty: the checkpoint tables are looked for.
    public let schema: String
    public let queue: String

    init(_ path: String, _ values: SettingsValues) {
        schema = values.text("\(path).schema") ?? ""
        queue = values.text("\(path).queue") ?? "agents"
    }
}

/// `[environments.NAME.policy]`
public struct PolicySettings: Sendable, Hashable {
    public let readOnly: Bool
}

/// `[environments.NAME.thresholds]`: what needs attention, and what is critical.
public struct ThresholdSettings: Sendable, Hashable {
    public let queueLag: Duration
    public let queueLagCritical: Duration
    public let replicaLagBytes: Int64
    public let replicaLagCriticalBytes: Int64
    public let orderLate: Duration
    public let orderLateCritical: Duration
    public let serviceSlow: Duration
    public let agentWaiting: Duration
    public let agentAbandoned: Duration
    public let staleAfter: Duration
    public let certificateExpiry: Duration

    init(_ path: String, _ values: SettingsValues) {
        queueLag = values.duration("\(path).queue_lag")
        queueLagCritical = values.duration("\(path).queue_lag_critical")
        replicaLagBytes = values.bytes("\(path).replica_lag_bytes")
        replicaLagCriticalBytes = values.bytes("\(path).replica_lag_critical_bytes")
        orderLate = values.duration("\(path).order_late")
        orderLateCritical = values.duration("\(path).order_late_critical")
        serviceSlow = values.duration("\(path).service_slow")
        agentWaiting = values.duration("\(path).agent_waiting")
        agentAbandoned = values.duration("\(path).agent_abandoned")
        staleAfter = values.duration("\(path).stale_after")
        certificateExpiry = values.duration("\(path).certificate_expiry")
    }
}
