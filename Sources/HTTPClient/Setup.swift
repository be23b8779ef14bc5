import CCurl

/// Sets options of one easy handle (`curl_easy_setopt`) and keeps the first failure.
struct Setup {
    let easy: UnsafeMutableRawPointer
    private(set) var result = CURLE_OK

    init(easy: UnsafeMutableRawPointer) { self.easy = easy }

    private mutating func note(_ code: CURLcode) {
        if result == CURLE_OK { result = code }
    }

    mutating func long(_ option: CURLoption, _ value: Int) { note(galley_curl_set_long(easy, option, value)) }

    mutating func offset(_ option: CURLoption, _ value: Int64) { note(galley_curl_set_offset(easy, option, value)) }

    mutating func text(_ option: CURLoption, _ value: String) { note(galley_curl_set_text(easy, option, value)) }

    mutating func pointer(_ option: CURLoption, _ value: UnsafeMutableRawPointer?) {
        note(galley_curl_set_pointer(easy, option, value))
    }

    mutating func list(_ option: CURLoption, _ value: UnsafeMutablePointer<curl_slist>?) {
        note(galley_curl_set_list(easy, option, value))
    }

    mutating func transfer(_ option: CURLoption, _ function: galley_curl_transfer) {
        note(galley_curl_set_transfer(easy, option, function))
    }

    /// For options that copy as many bytes as another option said before.
    mutating func copy(_ option: CURLoption, _ bytes: [UInt8]) {
        // libcurl reads the buffer during the call only; an empty one still needs an address.
        (bytes.isEmpty ? [0] : bytes).withUnsafeBytes {
            note(galley_curl_set_pointer(easy, option, UnsafeMutableRawPointer(mutating: $0.baseAddress)))
        }
    }

    mutating func certificate(_ file: CURLoption, _ blob: CURLoption, _ data: HTTPCertificateData) {
        switch data {
        case .file(let path): text(file, path)
        case .pem(let bytes):
            // libcurl copies the blob (CURL_BLOB_COPY).
            bytes.withUnsafeBytes { note(galley_curl_set_blob(easy, blob, $0.baseAddress, $0.count)) }
        }
    }
}
