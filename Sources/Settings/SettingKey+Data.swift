/// The settings of the data systems, and what counts as late, old or allowed.
extension SettingKey {
    static let postgres = [
        SettingKey("environments.*.postgres.database", .text, "The database; libpq's PGDATABASE when absent."),
        SettingKey("environments.*.postgres.user", .text, "The user; libpq's PGUSER when absent."),
        SettingKey(
            "environments.*.postgres.passfile", .secretFile, "The password file; libpq's ~/.pgpass when absent."),
        SettingKey(
            "environments.*.postgres.sslmode",
            .choice(["disable", "allow", "prefer", "require", "verify-ca", "verify-full"]),
            "How TLS is used and checked; libpq's PGSSLMODE when absent."),
        SettingKey("environments.*.postgres.sslrootcert", .file, "The certificates to trust."),
        SettingKey(
            "environments.*.postgres.application_name", .text, default: .text("galley"), "What the server shows of us."),
        SettingKey(
            "environments.*.postgres.schema", .text, default: .text("galley"), "The schema that holds Galley's views."),
        SettingKey("environments.*.postgres.nodes[].name", .text, required: true, "The node's name."),
        SettingKey(
            "environments.*.postgres.nodes[].host", .text, required: true, "Its host name, address or socket folder."),
        SettingKey("environments.*.postgres.nodes[].port", .integer(1...65535), default: .integer(5432), "Its port."),
        SettingKey("environments.*.postgres.nodes[].region", .text, default: .text(""), "Where it stands."),
        SettingKey(
            "environments.*.postgres.nodes[].role_hint", .choice(["primary", "replica"]),
            "What it is normally; what it is now is asked of it."),
    ]

    static let redis = [
        SettingKey(
            "environments.*.redis.url", .url(["redis", "rediss"]), required: true,
            "Where it listens, and the number of the database: redis://host:6379/0."),
        SettingKey("environments.*.redis.username", .text, "The user of its access list."),
        SettingKey("environments.*.redis.password_file", .secretFile, "The file that holds the password."),
        SettingKey("environments.*.redis.ca_file", .file, "The certificates to trust."),
        SettingKey(
            "environments.*.redis.bull_prefix", .text, default: .text("bull"), "The prefix of the queues' keys."),
        SettingKey(
            "environments.*.redis.queues", .texts, default: .texts([]), "The queues to watch; none: all that are found."
        ),
        SettingKey("environments.*.redis.cluster", .boolean, default: .boolean(false), "Whether it is a cluster."),
    ]

    static let agents = [
        SettingKey(
            "environments.*.agents.schema", .text, default: .text(""),
            "The schema of LangGraph's checkpoint tables; empty: they are looked for."),
        SettingKey(
            "environments.*.agents.queue", .text, default: .text("agents"), "The queue that feeds the agents."),
    ]

    private static let span = SettingType.duration(.milliseconds(1)...(.seconds(365 * 86_400)))
    private static let size = SettingType.bytes(1...(1 << 50))

    private static func threshold(_ name: String, _ seconds: Int, _ summary: String) -> SettingKey {
        SettingKey("environments.*.thresholds.\(name)", span, default: .duration(.seconds(seconds)), summary)
    }

    static let thresholds = [
        threshold("queue_lag", 60, "A queue whose oldest waiting job is older needs attention."),
        threshold("queue_lag_critical", 300, "A queue whose oldest waiting job is older is critical."),
        SettingKey(
            "environments.*.thresholds.replica_lag_bytes", size, default: .bytes(16_000_000),
            "A replica that is further behind needs attention."),
        SettingKey(
            "environments.*.thresholds.replica_lag_critical_bytes", size, default: .bytes(256_000_000),
            "A replica that is further behind is critical."),
        threshold("order_late", 900, "An order that is later than this needs attention."),
        threshold("order_late_critical", 3600, "An order that is later than this is critical."),
        threshold("service_slow", 1, "A service whose health answer takes longer needs attention."),
        threshold("agent_waiting", 900, "A run that waits longer for a person needs attention."),
        threshold("agent_abandoned", 120, "A run in which nothing happens for longer counts as abandoned."),
        threshold("stale_after", 5, "Data that is older is shown as old, and no action is offered on it."),
        threshold("certificate_expiry", 14 * 86_400, "A certificate that ends sooner needs attention."),
    ]

    static let policy = [
        SettingKey(
            "environments.*.policy.read_only", .boolean, default: .boolean(true),
            byKind: ["local": .boolean(false), "drill": .boolean(false), "dev": .boolean(false)],
            "Whether every action is refused; true for staging and prod unless set.")
    ]
}
