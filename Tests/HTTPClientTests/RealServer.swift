import CSystem
import Glibc
import Reactor

/// Python's HTTP server in a process of its own, in clear and with every kind of certificate.
///
/// It ends when this process does: its standard input closes then.
final class RealServer: Sendable {
    static let shared = RealServer()

    private let ports: [String: UInt16]
    /// Holds `ca.pem`, `client.pem`, `client.key`, and the servers' own.
    let folder: String

    /// - Parameter kind: `clear`, `good`, `expired`, `early`, `wrong` (host) or `asking` (for a client certificate).
    func url(_ path: String, _ kind: String = "clear", host: String = "127.0.0.1") -> String {
        "\(kind == "clear" ? "http" : "https")://\(host):\(ports[kind] ?? 0)\(path)"
    }

    private init() {
        var template = Array("/tmp/galley-http-XXXXXX".utf8CString)
        folder = mkdtemp(&template).map { String(cString: $0) } ?? ""
        Self.run(["/bin/sh", "-c", Self.certificates, "sh", folder])
        let line = Self.start(["/usr/bin/env", "python3", "-c", Self.program, folder])
        var ports: [String: UInt16] = [:]
        for pair in line.split(separator: " ") {
            let parts = pair.split(separator: "=")
            if parts.count == 2 { ports[String(parts[0])] = UInt16(parts[1]) }
        }
        precondition(ports.count == 6, "the server did not start: \(line)")
        self.ports = ports
    }

    /// Starts a program and returns the first line that it prints.
    private static func start(_ arguments: [String]) -> String {
        var output: [Int32] = [0, 0]
        var input: [Int32] = [0, 0]
        precondition(pipe(&output) == 0 && pipe(&input) == 0)
        for end in output + input { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        spawn(arguments, input: input[0], output: output[1])
        close(output[1])
        close(input[0])
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while read(output[0], &byte, 1) == 1, byte != UInt8(ascii: "\n") { line.append(byte) }
        return String(decoding: line, as: UTF8.self)
    }

    private static func run(_ arguments: [String]) {
        let child = spawn(arguments, input: -1, output: -1)
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        precondition(status == 0, "\(arguments[0]) failed")
    }

    @discardableResult
    private static func spawn(_ arguments: [String], input: Int32, output: Int32) -> pid_t {
        var list: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        defer { for text in list { free(text) } }
        return list.withUnsafeMutableBufferPointer { list in
            var request = galley_spawn()
            request.arguments = UnsafePointer(list.baseAddress)
            request.path = UnsafePointer(list[0])
            request.environment = UnsafePointer(environ)
            request.input = input
            request.output = output
            request.errors = 2
            request.user = uid_t.max
            let child = galley_spawn(&request)
            precondition(child > 0, "no process could be started")
            return child
        }
    }

    /// An authority and what it signed, in `$1`.
    private static let certificates = """
        set -e
        exec 2>"$1/log"
        cd "$1"
        printf '%s\\n' '[ca]' 'default_ca=d' '[d]' 'database=index.txt' 'new_certs_dir=.' 'serial=serial' 'policy=p' \\
            'default_md=sha256' 'copy_extensions=copy' 'unique_subject=no' '[p]' 'commonName=supplied' > ca.cnf
        : > index.txt
        echo 01 > serial
        ec='-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'
        openssl req -x509 $ec -keyout ca.key -out ca.pem -days 30 -subj /CN=galley-test-ca
        leaf() {
            openssl req -new $ec -keyout $1.key -out $1.csr -subj /CN=$1 -addext "subjectAltName=$2"
            openssl ca -batch -notext -config ca.cnf -cert ca.pem -keyfile ca.key -in $1.csr -out $1.pem \\
                -startdate $3 -enddate $4
        }
        leaf good DNS:localhost,IP:127.0.0.1 20200101000000Z 20400101000000Z
        leaf expired DNS:localhost,IP:127.0.0.1 20200101000000Z 20210101000000Z
        leaf early DNS:localhost,IP:127.0.0.1 20390101000000Z 20400101000000Z
        leaf wrong DNS:elsewhere.example 20200101000000Z 20400101000000Z
        leaf asking DNS:localhost,IP:127.0.0.1 20200101000000Z 20400101000000Z
        leaf client DNS:client 20200101000000Z 20400101000000Z
        """

    private static let program = """
        import os, ssl, sys, threading
        from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self, status, body=b"", headers=()):
                self.send_response(status)
                for name, value in headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            def chunks(self):
                if self.headers.get("Transfer-Encoding") == "chunked":
                    while True:
                        size = int(self.rfile.readline().strip(), 16)
                        data = self.rfile.read(size)
                        self.rfile.readline()
                        if size == 0:
                            return
                        yield data
                left = int(self.headers.get("Content-Length") or 0)
                while left > 0:
                    data = self.rfile.read(min(left, 65536))
                    if not data:
                        return
                    left -= len(data)
                    yield data

            def handle_any(self):
                path, _, query = self.path.partition("?")
                parts = path.strip("/").split("/")
                if parts[0] == "bytes":
                    left = int(parts[1])
                    self.send_response(200)
                    self.send_header("Content-Length", str(left))
                    self.end_headers()
                    block = bytes(range(256)) * 256
                    while left > 0 and self.command != "HEAD":
                        self.wfile.write(block[:left])
                        left -= len(block)
                elif parts[0] == "echo":
                    body = b"".join(self.chunks())
                    names = sorted(n.lower() for n in self.headers)
                    self.answer(200, body, [("X-Method", self.command), ("X-Names", ",".join(names)),
                        ("X-Authorization", self.headers.get("Authorization", ""))])
                elif parts[0] == "count":
                    total = check = 0
                    for data in self.chunks():
                        total += len(data)
                        check = (check + sum(data)) % 65521 if len(data) < 1000 else check
                    self.answer(200, b"%d" % total)
                elif parts[0] == "status":
                    self.answer(int(parts[1]), b"" if parts[1] in ("204", "304") else b"body")
                elif parts[0] == "redirect":
                    self.answer(302, b"", [("Location", query)])
                else:
                    self.answer(200, b"hello")

            do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = handle_any

            def log_message(self, *arguments):
                pass

        class Server(ThreadingHTTPServer):
            request_queue_size = 512
            daemon_threads = True

            def handle_error(self, request, address):
                pass

        def serve(kind):
            server = Server(("127.0.0.1", 0), Handler)
            if kind != "clear":
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(f"{kind}.pem", f"{kind}.key")
                if kind == "asking":
                    context.verify_mode = ssl.CERT_REQUIRED
                    context.load_verify_locations("ca.pem")
                server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            return f"{kind}={server.server_address[1]}"

        os.chdir(sys.argv[1])
        print(*[serve(k) for k in ("clear", "good", "expired", "early", "wrong", "asking")], flush=True)
        sys.stdin.read()
        import shutil
        shutil.rmtree(sys.argv[1])
        """
}
