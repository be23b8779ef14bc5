import CCurl
import Glibc

/// What libcurl hands over, on the transfer thread. False ends the transfer, with `failure` as the reason.
extension Transfer {
    func receiveHeader(_ line: UnsafeRawBufferPointer) -> Bool {
        headerBytes += line.count
        guard headerBytes <= request.maximumHeaderBytes else {
            failure = (.tooLarge, "the answer's header is longer than \(request.maximumHeaderBytes) bytes")
            return false
        }
        let text = line.prefix { $0 != 0x0A && $0 != 0x0D }
        if expectsStatusLine {
            if text.starts(with: "HTTP/".utf8) { beginHead(text) }
            // Else a trailer behind the body: nobody asks for those.
            return true
        }
        if text.isEmpty {
            expectsStatusLine = true
            return endHead()
        }
        if text.first == 0x20 || text.first == 0x09 {
            headers.extendLast(Self.trimmed(text[...]))
        } else if let colon = text.firstIndex(of: UInt8(ascii: ":")) {
            headers.add(Self.trimmed(text[..<colon]), Self.trimmed(text[(colon + 1)...]))
        }
        return true
    }

    private func beginHead(_ line: Slice<UnsafeRawBufferPointer>) {
        expectsStatusLine = false
        headers = HTTPHeaders()
        let digits = line.drop { $0 != 0x20 }.drop { $0 == 0x20 }.prefix(3)
        status = digits.reduce(0) { $0 * 10 + Int($1 &- UInt8(ascii: "0")) }
    }

    private func endHead() -> Bool {
        let isInterim = (100...199).contains(status) && status != 101
        let isFollowed = request.followRedirects && (300...399).contains(status) && headers["Location"] != nil
        guard !isInterim, !isFollowed else { return true }
        headIsComplete = true
        var expires: Int64 = 0
        if let easy, let version = galley_curl_tls(easy, &expires) {
            tls = HTTPTLS(version: String(cString: version), certificateExpires: expires == 0 ? nil : expires)
        }
        if let said = headers["Content-Length"].flatMap({ Int($0) }), hasBody {
            guard download != nil || said <= request.maximumResponseBytes else { return refuseBody() }
            if download == nil { body.reserveCapacity(min(said, 64 << 10)) }
        }
        deliverHead()
        return true
    }

    private var hasBody: Bool { request.method != "HEAD" && status != 204 && status != 304 }

    private func refuseBody() -> Bool {
        failure = (.tooLarge, "the answer is longer than \(request.maximumResponseBytes) bytes")
        return false
    }

    /// Takes a piece of the body: its size, `GALLEY_CURL_WRITE_PAUSE`, or 0 to end the transfer.
    func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        if let download {
            deliverHead()
            return download.receive(bytes) ? bytes.count : GALLEY_CURL_WRITE_PAUSE
        }
        guard bytes.count <= request.maximumResponseBytes - body.count else {
            _ = refuseBody()
            return 0
        }
        body.append(contentsOf: bytes)
        return bytes.count
    }

    func sendBody(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard let upload else { return 0 }
        switch upload.pipe.read(into: buffer) {
        case .bytes(let count): return count
        case .pause: return GALLEY_CURL_READ_PAUSE
        case .failed(let cause):
            failure = (.bodyFailed, cause)
            return GALLEY_CURL_READ_ABORT
        }
    }

    private static func trimmed(_ bytes: Slice<UnsafeRawBufferPointer>) -> String {
        let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
        let tail = bytes.drop(while: isSpace)
        let end = tail.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? tail.startIndex
        return String(decoding: tail[..<end], as: UTF8.self)
    }
}
