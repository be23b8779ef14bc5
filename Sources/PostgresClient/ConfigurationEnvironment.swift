extension PostgresConfiguration {
    /// The configuration that libpq's `PG*` variables describe.
    ///
    /// `PGHOST`, `PGHOSTADDR` and `PGPORT` may be lists. A variable with a value that means nothing is ignored, as the
    /// default is safer than a guess; `PGSERVICE` is handed to libpq, which then finds hosts, user and password itself.
    /// - Parameter environment: variables by name, usually the process's own.
    public static func fromEnvironment(_ environment: [String: String]) -> PostgresConfiguration {
        func value(_ name: String) -> String? {
            environment[name].flatMap { $0.isEmpty ? nil : $0 }
        }
        var result = PostgresConfiguration(hosts: hosts(value))
        result.database = value("PGDATABASE") ?? ""
        result.user = value("PGUSER") ?? ""
        result.password = value("PGPASSWORD").map { Secret($0) }
        result.passfile = value("PGPASSFILE")
        result.tls = PostgresTLS(
            value("PGSSLMODE").flatMap(PostgresTLS.Mode.init(rawValue:)) ?? .prefer,
            rootCertificate: value("PGSSLROOTCERT"), clientCertificate: value("PGSSLCERT"),
            clientKey: value("PGSSLKEY"))
        result.targetSessionAttributes =
            value("PGTARGETSESSIONATTRS").flatMap(TargetSessionAttributes.init(rawValue:)) ?? .any
        result.applicationName = value("PGAPPNAME") ?? "galley"
        result.options = value("PGOPTIONS") ?? ""
        if let seconds = value("PGCONNECT_TIMEOUT").flatMap(Int.init), seconds > 0 {
            result.connectTimeout = .seconds(seconds)
        }
        for (variable, keyword) in passedOn {
            if let text = value(variable) { result.parameters[keyword] = text }
        }
        // A service names its own hosts; one given beside it wins, as in libpq.
        if result.parameters["service"] != nil, value("PGHOST") == nil, value("PGHOSTADDR") == nil { result.hosts = [] }
        return result
    }

    private static let passedOn = [
        "PGSERVICE": "service", "PGSSLCRL": "sslcrl", "PGSSLCRLDIR": "sslcrldir", "PGSSLSNI": "sslsni",
        "PGCHANNELBINDING": "channel_binding", "PGREQUIREPEER": "requirepeer", "PGGSSENCMODE": "gssencmode",
        "PGKRBSRVNAME": "krbsrvname", "PGSSLMINPROTOCOLVERSION": "ssl_min_protocol_version",
        "PGSSLMAXPROTOCOLVERSION": "ssl_max_protocol_version",
    ]

    private static func hosts(_ value: (String) -> String?) -> [Host] {
        func list(_ name: String) -> [String] {
            value(name)?.split(separator: ",", omittingEmptySubsequences: false).map(String.init) ?? []
        }
        let (names, addresses, ports) = (list("PGHOST"), list("PGHOSTADDR"), list("PGPORT"))
        return (0..<max(names.count, addresses.count, 1)).map { index in
            // One port serves all hosts; an empty place in a list means the default.
            let port = ports.count == 1 ? ports[0] : index < ports.count ? ports[index] : ""
            let address = index < addresses.count && !addresses[index].isEmpty ? addresses[index] : nil
            let name = index < names.count ? names[index] : ""
            return Host(host: name.isEmpty ? address ?? "" : name, port: UInt16(port) ?? 5432, address: address)
        }
    }
}
