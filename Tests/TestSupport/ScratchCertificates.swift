/// Certificates for the TLS servers of tests, made by openssl.
public struct ScratchCertificates {
    public enum Kind: Sendable, Hashable {
        /// For 127.0.0.1 and localhost.
        case good
        /// Of a host that it is not.
        case otherHost
        /// For 127.0.0.1, until yesterday.
        case expired
    }

    let authority: String
    let certificate: String
    let key: String

    /// Makes an authority and a certificate that it signed.
    static func make(in folder: String, _ kind: Kind) async throws -> ScratchCertificates {
        let certificates = ScratchCertificates(
            authority: folder + "/ca.pem", certificate: folder + "/server.pem", key: folder + "/server.key")
        let names = kind == .otherHost ? "DNS:elsewhere.example" : "IP:127.0.0.1,DNS:localhost"
        let newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        let openssl = ["/usr/bin/openssl"]
        try await ScratchProcess.run(
            openssl + ["req", "-x509"] + newKey
                + [
                    "-keyout", folder + "/ca.key", "-out", certificates.authority, "-days", "30", "-subj",
                    "/CN=Scratch authority",
                ])
        try await ScratchProcess.run(
            openssl + ["req"] + newKey
                + [
                    "-keyout", certificates.key, "-out", folder + "/server.csr", "-subj", "/CN=scratch", "-addext",
                    "subjectAltName=\(names)",
                ])
        try await ScratchProcess.run(
            openssl + [
                "x509", "-req", "-in", folder + "/server.csr", "-CA", certificates.authority, "-CAkey",
                folder + "/ca.key", "-CAcreateserial", "-out", certificates.certificate, "-days",
                kind == .expired ? "-1" : "30", "-copy_extensions", "copy",
            ])
        return certificates
    }
}
