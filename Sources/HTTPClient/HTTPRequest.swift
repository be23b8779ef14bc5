/// One HTTP request. A value: reuse and change it as you like.
///
/// Its description shows the method and the address without user, password and query; never a header or a body.
public struct HTTPRequest: Sendable {
    /// `GET`, `POST`, …: sent as it is written.
    public var method: String
    /// `http` or `https`, nothing else. A user and password in it are sent as basic authentication.
    public var url: String
    public var headers: HTTPHeaders
    public var body: HTTPUpload
    /// More than this is refused with `too-large`. ``HTTPClient/stream(_:until:)`` ignores it.
    public var maximumResponseBytes: Int = 1 << 20
    /// Of all header lines together, those of interim responses included.
    public var maximumHeaderBytes: Int = 64 << 10
    /// Presented to servers that ask for one.
    public var clientCertificate: HTTPClientCertificate?
    /// Certificates to trust instead of the system's.
    public var caCertificate: HTTPCertificateData?
    /// Off only where a person said so: neither the certificate's chain nor its host is checked then.
    public var verifiesCertificate = true
    /// At most five, only to http and https, and never from https to http.
    public var followRedirects = false
    /// True when the server may safely get the request twice. Such a request is repeated by libcurl when a kept
    /// connection turns out to be dead; any other one gets a fresh connection, and is never sent twice.
    public var isIdempotent: Bool

    /// - Parameters:
    ///   - method: `GET`, `POST`, …
    ///   - url: an absolute `http` or `https` address.
    ///   - isIdempotent: nil decides by the method: all but `POST` and `PATCH` are.
    public init(
        _ method: String = "GET", _ url: String, headers: HTTPHeaders = [:], body: HTTPUpload = .none,
        isIdempotent: Bool? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.isIdempotent = isIdempotent ?? (method != "POST" && method != "PATCH")
    }
}

/// A certificate, several of them, or a private key, in PEM.
public enum HTTPCertificateData: Sendable, Hashable {
    case file(path: String)
    case pem([UInt8])
}

/// What a client shows to prove who it is.
public struct HTTPClientCertificate: Sendable, Hashable {
    public var certificate: HTTPCertificateData
    public var key: HTTPCertificateData

    /// - Parameter key: nil when the certificate's PEM holds the key too.
    public init(certificate: HTTPCertificateData, key: HTTPCertificateData? = nil) {
        self.certificate = certificate
        self.key = key ?? certificate
    }
}

extension HTTPRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String {
        "\(method) \((try? HTTPTarget(url))?.display ?? "(an invalid address)")"
    }
    public var debugDescription: String { description }
    /// Hides headers and body from `dump`.
    public var customMirror: Mirror { Mirror(self, children: ["request": description]) }
}

extension HTTPCertificateData: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String {
        switch self {
        case .file(let path): path
        case .pem(let bytes): "PEM of \(bytes.count) bytes"
        }
    }
    public var debugDescription: String { description }
    /// Hides the key from `dump`.
    public var customMirror: Mirror { Mirror(self, children: ["data": description]) }
}
