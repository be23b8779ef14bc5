import PostgresClient
import Reactor
import Testing

@Suite struct ConfigurationTests {
    @Test func `the variables of libpq are honoured`() {
        let configuration = PostgresConfiguration.fromEnvironment([
            "PGHOST": "a,b", "PGPORT": "6000,6001", "PGUSER": "u", "PGDATABASE": "d", "PGPASSWORD": "p",
            "PGPASSFILE": "/f", "PGSSLMODE": "verify-full", "PGSSLROOTCERT": "/root.crt", "PGAPPNAME": "app",
            "PGOPTIONS": "-c statement_timeout=5", "PGCONNECT_TIMEOUT": "7", "PGTARGETSESSIONATTRS": "read-write",
        ])
        #expect(configuration.hosts == [.init(host: "a", port: 6000), .init(host: "b", port: 6001)])
        #expect(configuration.user == "u")
        #expect(configuration.database == "d")
        #expect(configuration.password?.reveal() == "p")
        #expect(configuration.passfile == "/f")
        #expect(configuration.tls == .verifyFull(rootCertificate: "/root.crt"))
        #expect(configuration.applicationName == "app")
        #expect(configuration.options == "-c statement_timeout=5")
        #expect(configuration.connectTimeout == .seconds(7))
        #expect(configuration.targetSessionAttributes == .readWrite)
    }

    @Test func `one port serves all hosts, and an address needs no name`() {
        let shared = PostgresConfiguration.fromEnvironment(["PGHOST": "a,b", "PGPORT": "6000"])
        #expect(shared.hosts.map(\.port) == [6000, 6000])
        let numeric = PostgresConfiguration.fromEnvironment(["PGHOSTADDR": "10.0.0.1"])
        #expect(numeric.hosts == [.init(host: "10.0.0.1", port: 5432, address: "10.0.0.1")])
    }

    @Test func `nothing set means the local socket`() {
        let configuration = PostgresConfiguration.fromEnvironment([:])
        #expect(configuration.hosts == [.init(host: "", port: 5432)])
        #expect(configuration.tls.mode == .prefer)
        #expect(configuration.password == nil)
    }

    @Test func `a service is left to libpq`() {
        let configuration = PostgresConfiguration.fromEnvironment(["PGSERVICE": "orders"])
        #expect(configuration.hosts.isEmpty)
        #expect(configuration.parameters["service"] == "orders")
    }

    @Test(arguments: ["", "nonsense", "99999999999999999999"])
    func `a value that means nothing leaves the default`(_ value: String) {
        let configuration = PostgresConfiguration.fromEnvironment([
            "PGPORT": value, "PGSSLMODE": value, "PGCONNECT_TIMEOUT": value, "PGTARGETSESSIONATTRS": value,
        ])
        #expect(configuration.hosts[0].port == 5432)
        #expect(configuration.tls.mode == .prefer)
        #expect(configuration.connectTimeout == .seconds(5))
        #expect(configuration.targetSessionAttributes == .any)
    }

    @Test func `no way of printing shows a secret`() {
        var configuration = PostgresConfiguration.fromEnvironment(["PGPASSWORD": "tellnoone"])
        configuration.tls.clientKeyPassword = "tellnoone"
        let client = PostgresClient(configuration, name: "x")
        let value = PostgresValue.secret("tellnoone")
        var dumped = ""
        dump(configuration, to: &dumped)
        dump(client, to: &dumped)
        dump(PostgresStatement("alter role x password $1", [value]), to: &dumped)
        let printed = "\(configuration) \(String(reflecting: configuration)) \(value) \(client.configuration)"
        #expect(dumped.contains("<secret>"))
        #expect(printed.contains("<secret>"))
        #expect(!(dumped + printed).contains("tellnoone"))
    }

    @Test func `secrets compare by their text`() {
        #expect(PostgresSecret("a") == "a")
        #expect(PostgresSecret("a") != "b")
        #expect(PostgresSecret("").isEmpty)
    }
}
