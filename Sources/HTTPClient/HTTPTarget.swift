import CCurl

/// An address taken apart, so that messages show where without showing a secret.
struct HTTPTarget: Sendable, Hashable {
    let scheme: String
    /// `http://127.0.0.1:3000`
    let origin: String
    let path: String
    /// User, password and query: what no message may contain.
    let secrets: [String]
    var method = ""

    var display: String { origin + path }
    var operation: String { redact("\(method) \(path)") }

    /// Stands for an address that could not be taken apart.
    static let invalid = HTTPTarget()

    private init() {
        scheme = ""
        origin = "(an invalid address)"
        path = ""
        secrets = []
        method = "request"
    }

    /// Why an address is refused.
    struct Refusal: Error {
        let cause: String
    }

    /// - Throws: why the address is unusable, without quoting it.
    init(_ url: String) throws(Refusal) {
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            throw Refusal(cause: "the address holds a space or a control character")
        }
        guard let handle = curl_url() else { throw Refusal(cause: "out of memory") }
        defer { curl_url_cleanup(handle) }
        let flags = UInt32(CURLU_NON_SUPPORT_SCHEME)
        guard curl_url_set(handle, CURLUPART_URL, url, flags) == CURLUE_OK else {
            throw Refusal(cause: "the address is no valid URL")
        }
        scheme = Self.part(handle, CURLUPART_SCHEME)?.lowercased() ?? ""
        guard scheme == "http" || scheme == "https" else {
            throw Refusal(cause: "the address begins with neither http:// nor https://")
        }
        let host = Self.part(handle, CURLUPART_HOST)?.lowercased() ?? ""
        let port = Self.part(handle, CURLUPART_PORT, UInt32(CURLU_DEFAULT_PORT)) ?? ""
        origin = "\(scheme)://\(host):\(port)"
        path = Self.part(handle, CURLUPART_PATH) ?? "/"
        secrets = [CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_QUERY, CURLUPART_FRAGMENT]
            .compactMap { Self.part(handle, $0) }.filter { !$0.isEmpty }
    }

    private static func part(_ handle: OpaquePointer, _ part: CURLUPart, _ flags: UInt32 = 0) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, part, &text, flags) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }

    /// The text of a message without secrets and without control characters.
    func redact(_ message: String) -> String {
        var text = message
        for secret in secrets where secret.utf8.count > 2 { text = text.replacing(secret, with: "…") }
        return String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }))
    }
}
