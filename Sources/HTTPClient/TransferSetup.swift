import CCurl

/// The request as options of an easy handle.
extension Transfer {
    /// Checks what libcurl would send as it is, and an attacker could use to add lines of their own.
    static func refusal(of request: HTTPRequest) -> String? {
        let isToken = { (byte: UInt8) in
            (0x21...0x7E).contains(byte) && !"\"(),/:;<=>?@[\\]{}".utf8.contains(byte)
        }
        guard !request.method.isEmpty, request.method.utf8.allSatisfy(isToken) else {
            return "the method is no HTTP token"
        }
        for field in request.headers.fields {
            guard !field.name.isEmpty, field.name.utf8.allSatisfy(isToken) else {
                return "a header's name is no HTTP token"
            }
            guard field.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
                return "the header \(field.name) holds a control character"
            }
            for own in ["Content-Length", "Transfer-Encoding"] where HTTPHeaders.equal(field.name, own) {
                return "the header \(own) follows from the body and cannot be set"
            }
        }
        return nil
    }

    func configure(_ easy: UnsafeMutableRawPointer, _ configuration: HTTPClient.Configuration) -> CURLcode {
        self.easy = easy
        var setup = Setup(easy: easy)
        setup.text(CURLOPT_URL, request.url)
        setup.long(CURLOPT_NOSIGNAL, 1)
        setup.pointer(CURLOPT_ERRORBUFFER, message)
        // Without it, letting go of a transfer waits until getaddrinfo returns: one dead DNS server delays all.
        setup.long(CURLOPT_QUICK_EXIT, 1)
        setup.long(CURLOPT_TCP_KEEPALIVE, 1)
        // The deadline is ours; libcurl would end a connection attempt after 300 s of its own.
        setup.long(CURLOPT_CONNECTTIMEOUT_MS, Int.max >> 33)
        if !configuration.userAgent.isEmpty { setup.text(CURLOPT_USERAGENT, configuration.userAgent) }
        setup.long(
            CURLOPT_HTTP_VERSION, configuration.usesHTTP2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1)
        // Wait for a connection that can be shared rather than open one a request.
        if configuration.usesHTTP2 { setup.long(CURLOPT_PIPEWAIT, 1) }
        // An empty text, not nil: else http_proxy and its kin decide.
        setup.text(CURLOPT_PROXY, configuration.proxy ?? "")
        setup.text(CURLOPT_NOPROXY, "localhost,127.0.0.0/8,::1")
        redirects(&setup)
        security(&setup)
        method(&setup)
        headerFields(&setup)
        callbacks(&setup)
        return setup.result
    }

    private func redirects(_ setup: inout Setup) {
        setup.text(CURLOPT_PROTOCOLS_STR, "http,https")
        setup.text(CURLOPT_REDIR_PROTOCOLS_STR, target.scheme == "https" ? "https" : "http,https")
        guard request.followRedirects else { return }
        setup.long(CURLOPT_FOLLOWLOCATION, 1)
        setup.long(CURLOPT_MAXREDIRS, 5)
    }

    private func security(_ setup: inout Setup) {
        setup.long(CURLOPT_SSL_VERIFYPEER, request.verifiesCertificate ? 1 : 0)
        setup.long(CURLOPT_SSL_VERIFYHOST, request.verifiesCertificate ? 2 : 0)
        setup.long(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        if let ca = request.caCertificate {
            setup.certificate(CURLOPT_CAINFO, CURLOPT_CAINFO_BLOB, ca)
            // Else the system's folder of certificates would be trusted too.
            setup.pointer(CURLOPT_CAPATH, nil)
        }
        if let client = request.clientCertificate {
            setup.certificate(CURLOPT_SSLCERT, CURLOPT_SSLCERT_BLOB, client.certificate)
            setup.certificate(CURLOPT_SSLKEY, CURLOPT_SSLKEY_BLOB, client.key)
            // Else OpenSSL asks for the passphrase of a locked key on the terminal.
            setup.text(CURLOPT_KEYPASSWD, "")
        }
    }

    private func method(_ setup: inout Setup) {
        if let upload {
            setup.long(CURLOPT_UPLOAD, 1)
            setup.text(CURLOPT_CUSTOMREQUEST, request.method)
            setup.offset(CURLOPT_INFILESIZE_LARGE, upload.body.length ?? -1)
        } else if case .bytes(let bytes) = request.body {
            post(&setup, bytes)
        } else {
            switch request.method {
            case "GET": setup.long(CURLOPT_HTTPGET, 1)
            case "HEAD": setup.long(CURLOPT_NOBODY, 1)
            // With a length of 0, which some servers insist on.
            case "POST", "PUT", "PATCH": post(&setup, [])
            default: setup.text(CURLOPT_CUSTOMREQUEST, request.method)
            }
        }
        // libcurl repeats any request on a fresh connection when a kept one turns out to be dead, a POST as well, and
        // fails for want of a rewind when the body is a stream.
        if upload != nil || !request.isIdempotent { setup.long(CURLOPT_FRESH_CONNECT, 1) }
    }

    private func post(_ setup: inout Setup, _ bytes: [UInt8]) {
        setup.long(CURLOPT_POST, 1)
        setup.offset(CURLOPT_POSTFIELDSIZE_LARGE, Int64(bytes.count))
        setup.copy(CURLOPT_COPYPOSTFIELDS, bytes)
        // `POST` itself is left to libcurl, which changes it to GET on a 303.
        if request.method != "POST" { setup.text(CURLOPT_CUSTOMREQUEST, request.method) }
    }

    private func headerFields(_ setup: inout Setup) {
        for field in request.headers.fields {
            // libcurl's way to write an empty value: with a semicolon; with a colon it removes the field.
            headerList = curl_slist_append(
                headerList, field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
        }
        // Without a word of the caller: no wait for "100 Continue", and no content type that nobody chose.
        for unasked in ["Expect", "Content-Type"] where request.headers[unasked] == nil {
            headerList = curl_slist_append(headerList, "\(unasked):")
        }
        setup.list(CURLOPT_HTTPHEADER, headerList)
    }

    private func callbacks(_ setup: inout Setup) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        // The thread holds the transfer for as long as libcurl holds the handle.
        setup.pointer(CURLOPT_HEADERDATA, context)
        setup.pointer(CURLOPT_WRITEDATA, context)
        setup.pointer(CURLOPT_READDATA, context)
        setup.transfer(CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            guard let bytes, let context else { return 0 }
            let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
            let taken = transfer.receiveHeader(UnsafeRawBufferPointer(start: bytes, count: size * count))
            return taken ? size * count : 0
        }
        setup.transfer(CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            guard let bytes, let context else { return 0 }
            let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
            return transfer.receiveBody(UnsafeRawBufferPointer(start: bytes, count: size * count))
        }
        setup.transfer(CURLOPT_READFUNCTION) { bytes, size, count, context in
            guard let bytes, let context else { return 0 }
            let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
            return transfer.sendBody(UnsafeMutableRawBufferPointer(start: bytes, count: size * count))
        }
    }
}
