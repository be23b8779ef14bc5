import CPostgres
import Glibc

typealias Keywords = [(String, String)]

extension PostgresConfiguration {
    /// What libpq is told; an empty value is left to its own sources (environment, service file, defaults).
    func keywords(host: Host?, address: String?, wanting: String) -> Keywords {
        var all: Keywords = []
        func add(_ keyword: String, _ value: String?) {
            if let value, !value.isEmpty { all.append((keyword, value)) }
        }
        if let host {
            add("host", host.host)
            add("hostaddr", address)
            add("port", String(host.port))
        }
        add("dbname", database)
        add("user", user)
        add("password", password?.reveal())
        add("passfile", passfile)
        add("sslmode", tls.mode.rawValue)
        add("sslrootcert", tls.rootCertificate)
        add("sslcert", tls.clientCertificate)
        add("sslkey", tls.clientKey)
        add("sslpassword", tls.clientKeyPassword?.reveal())
        add("target_session_attrs", wanting)
        add("application_name", applicationName)
        add("options", options)
        add("client_encoding", "UTF8")
        // A peer that is gone without a word is noticed within half a minute.
        add("keepalives_idle", "10")
        add("keepalives_interval", "5")
        add("keepalives_count", "3")
        add("tcp_user_timeout", "30000")
        // Asking the Kerberos libraries may block; whoever wants it sets PGGSSENCMODE.
        if parameters["gssencmode"] == nil { add("gssencmode", "disable") }
        for (keyword, value) in parameters { add(keyword, value) }
        return all
    }
}

/// Begins to connect; with a numeric address nothing in it blocks (`PQconnectStartParams`).
func startConnection(_ keywords: Keywords) -> OpaquePointer? {
    withKeywords(keywords) { PQconnectStartParams($0, $1, 0) }
}

/// Connects and blocks until it is done or `connect_timeout` has passed (`PQconnectdbParams`).
func connectBlocking(_ keywords: Keywords) -> OpaquePointer? {
    withKeywords(keywords) { PQconnectdbParams($0, $1, 0) }
}

/// Done once, before libpq begins to use OpenSSL.
private let openSSLStays: Void = galley_pg_keep_openssl()

private func withKeywords(
    _ keywords: Keywords,
    _ body: (UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<UnsafePointer<CChar>?>) -> OpaquePointer?
) -> OpaquePointer? {
    _ = openSSLStays
    let names = keywords.map { strdup($0.0) }
    let values = keywords.map { strdup($0.1) }
    defer {
        for text in values where text != nil {
            // The password is among them.
            if let text { explicit_bzero(text, strlen(text)) }
        }
        for text in names + values { free(text) }
    }
    return body(names.map { UnsafePointer($0) } + [nil], values.map { UnsafePointer($0) } + [nil])
}
