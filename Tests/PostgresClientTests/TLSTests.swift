import Glibc
import PostgresClient
import Reactor
import TestSupport
import Testing

/// Certificates, good and bad, made with openssl and served by a real server.
@Suite(.serialized) struct TLSTests {
    private static let server = Task { try await TLSServer() }

    private func answer(
        certificate: String, _ change: (inout PostgresConfiguration) -> Void
    ) async throws -> Result<Bool, PostgresError> {
        let server = try await Self.server.value
        try await server.serve(certificate)
        var configuration = server.scratch.configuration()
        configuration.hosts[0].host = "localhost"
        configuration.hosts[0].address = "127.0.0.1"
        change(&configuration)
        let client = PostgresClient(configuration, name: "tls")
        do throws(PostgresError) {
            let rows = try await client.query(
                "select ssl from pg_stat_ssl where pid = pg_backend_pid()", until: .generous)
            let encrypted = try rows[0].decode(0, as: Bool.self)
            let told = await client.state.isEncrypted
            await client.close()
            return .success(encrypted && told)
        } catch {
            await client.close()
            return .failure(error)
        }
    }

    private func refusal(
        certificate: String, _ change: (inout PostgresConfiguration) -> Void
    ) async throws -> PostgresError {
        guard case .failure(let error) = try await answer(certificate: certificate, change) else {
            throw ScratchPostgres.Failure(description: "the certificate was accepted")
        }
        return error
    }

    @Test func `a good certificate passes every mode`() async throws {
        let root = try await Self.server.value.root
        for mode in [PostgresTLS.Mode.prefer, .require, .verifyCA, .verifyFull] {
            let result = try await answer(certificate: "good") { $0.tls = PostgresTLS(mode, rootCertificate: root) }
            #expect(try result.get(), "\(mode)")
        }
        let clear = try await answer(certificate: "good") { $0.tls = .disable }
        #expect(try !clear.get())
    }

    @Test func `a certificate for another host is refused with that reason`() async throws {
        let root = try await Self.server.value.root
        let error = try await refusal(certificate: "other") { $0.tls = .verifyFull(rootCertificate: root) }
        #expect(error.code == "tls-failed")
        #expect(error.cause.contains("does not match host name"))
        #expect(error.hint.contains("name that the certificate carries"))
        // Its issuer is right all the same.
        let lesser = try await answer(certificate: "other") { $0.tls = .verifyCA(rootCertificate: root) }
        #expect(try lesser.get())
    }

    @Test func `an expired certificate is refused with its date`() async throws {
        let root = try await Self.server.value.root
        let error = try await refusal(certificate: "expired") { $0.tls = .verifyFull(rootCertificate: root) }
        #expect(error.code == "tls-failed")
        #expect(error.hint.hasPrefix("the server's certificate expired at 2020-01-02 00:00:00"))
    }

    @Test func `an unknown authority is refused with its name`() async throws {
        let root = try await Self.server.value.root
        let error = try await refusal(certificate: "stranger") { $0.tls = .verifyFull(rootCertificate: root) }
        #expect(error.code == "tls-failed")
        #expect(error.hint.contains("does not hold the authority"))
        #expect(error.hint.contains("Stranger"))
    }

    @Test func `a missing file of authorities is told with its path`() async throws {
        let error = try await refusal(certificate: "good") { $0.tls = .verifyFull(rootCertificate: "/nonexistent.crt") }
        #expect(error.code == "tls-failed")
        #expect(error.hint.contains("/nonexistent.crt"))
    }

    @Test func `a server without TLS is told as such`() async throws {
        let configuration = try await ScratchPostgres.shared().configuration()
        var wanting = configuration
        wanting.tls = .require
        let client = PostgresClient(wanting, name: "clear")
        let error = await failure { try await client.query("select 1", until: .generous) }
        #expect(error?.code == "tls-failed")
        #expect(error?.hint.contains("ssl on") == true)
        await client.close()
    }

    @Test func `large answers pass through TLS whole`() async throws {
        let server = try await Self.server.value
        try await server.serve("good")
        var configuration = server.scratch.configuration()
        configuration.tls = .require
        let client = PostgresClient(configuration, name: "tls")
        let rows = try await client.query(
            "select repeat('x', 1000 + n % 997) from generate_series(1, 20000) n", until: .generous)
        #expect(rows.count == 20000)
        let one = try await client.query("select repeat('y', 30000000)", until: .generous)
        #expect(try one.value(as: String.self).utf8.count == 30_000_000)
        await client.close()
    }
}

/// A server with TLS on, whose certificate can be changed while it runs.
private struct TLSServer {
    let scratch: ScratchPostgres
    let root: String

    init() async throws {
        scratch = try await ScratchPostgres.start()
        let folder = scratch.folder + "/tls"
        root = folder + "/root.crt"
        guard system(Self.script(folder)) == 0 else { throw ScratchPostgres.Failure(description: "openssl failed") }
    }

    func serve(_ certificate: String) async throws {
        let client = scratch.client("admin")
        let folder = scratch.folder + "/tls"
        for (name, value) in [
            ("ssl_cert_file", "\(folder)/\(certificate).crt"), ("ssl_key_file", "\(folder)/\(certificate).key"),
            ("ssl", "on"),
        ] {
            _ = try await client.query("alter system set \(name) = '\(value)'", until: .generous)
        }
        _ = try await client.query("select pg_reload_conf()", until: .generous)
        // A new session sees what the postmaster has loaded.
        let loaded = try await eventually {
            let fresh = scratch.client("check")
            let rows = try await fresh.query(
                "select current_setting('ssl') || current_setting('ssl_cert_file')", until: .generous)
            await fresh.close()
            return try rows.value() == "on\(folder)/\(certificate).crt"
        }
        await client.close()
        guard loaded else { throw ScratchPostgres.Failure(description: "TLS does not start: \(scratch.log)") }
    }

    private static func script(_ folder: String) -> String {
        """
        set -e; exec >\(folder).log 2>&1; mkdir -p \(folder); cd \(folder)
        authority() { openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj "/CN=$2" -keyout $1.key -out $1.crt; }
        authority root "Galley Test Root"; authority strange "Stranger Root"
        mkdir -p db; : > index.txt
        printf '[ca]\\ndefault_ca=x\\n[x]\\ndatabase=index.txt\\nrand_serial=yes\\nnew_certs_dir=db\\ndefault_md=sha256\\npolicy=p\\nunique_subject=no\\ncopy_extensions=copy\\n[p]\\ncommonName=supplied\\n' > ca.conf
        issue() { openssl req -newkey rsa:2048 -nodes -subj "/CN=$3" -addext "subjectAltName=DNS:$3" -keyout $1.key -out $1.csr
          openssl ca -batch -config ca.conf -cert $2.crt -keyfile $2.key -startdate $4 -enddate $5 -in $1.csr -out $1.crt -notext; }
        issue good root localhost 20200101000000Z 20491231000000Z
        issue other root elsewhere.example 20200101000000Z 20491231000000Z
        issue expired root localhost 20200101000000Z 20200102000000Z
        issue stranger strange localhost 20200101000000Z 20491231000000Z
        if [ "$(id -u)" = 0 ]; then chown -R postgres *.key *.crt; fi
        chmod 600 *.key; chmod 644 *.crt; chmod 755 . ..
        """
    }
}
