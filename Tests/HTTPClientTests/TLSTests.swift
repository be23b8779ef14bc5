import HTTPClient
import Reactor
import Testing

@Suite struct TLSTests {
    let server = RealServer.shared

    private func request(_ kind: String, host: String = "127.0.0.1") -> HTTPRequest {
        var request = HTTPRequest("GET", server.url("/", kind, host: host))
        request.caCertificate = .file(path: server.folder + "/ca.pem")
        return request
    }

    @Test func aGoodCertificateIsTrustedAndTold() async throws {
        let client = HTTPClient()
        for isReused in [false, true] {
            let response = try await client.send(request("good"), until: soon)
            #expect(response.connectionReused == isReused)
            #expect(response.tls?.version == "TLSv1.3")
            #expect(response.tls?.certificateExpires == 2_208_988_800)
            #expect((response.timing.tls > .zero) != isReused)
        }
        #expect(try await client.send(request("good", host: "localhost"), until: soon).status == 200)
    }

    @Test(arguments: [
        ("expired", HTTPError.Kind.certificateExpired), ("early", .certificateNotYetValid),
        ("wrong", .certificateWrongHost),
    ])
    func aBadCertificateIsRefused(_ kind: String, _ expected: HTTPError.Kind) async throws {
        let error = await failure(request(kind))
        #expect(error?.kind == expected, "\(error?.description ?? "no error")")
        #expect(error?.mayHaveReached == false)
        #expect(error?.hint.isEmpty == false)
        var unchecked = request(kind)
        unchecked.verifiesCertificate = false
        #expect(try await client.send(unchecked, until: soon).status == 200)
        // An unchecked connection is not reused for a checked request.
        #expect(await failure(request(kind))?.kind == expected)
    }

    @Test func anUnknownAuthorityIsRefused() async {
        #expect(await failure(HTTPRequest("GET", server.url("/", "good")))?.kind == .certificateNotTrusted)
    }

    @Test func aClientCertificateIsAskedFor() async throws {
        // The alert can be lost when the server's reset overtakes it; then the hint says what may be wrong.
        let error = await failure(request("asking"))
        #expect(
            error?.kind == .clientCertificate || error?.kind == .serverClosed, "\(error?.description ?? "no error")")
        #expect(error?.hint.contains("client certificate") == true)
        var shown = request("asking")
        shown.clientCertificate = HTTPClientCertificate(
            certificate: .file(path: server.folder + "/client.pem"), key: .file(path: server.folder + "/client.key"))
        #expect(try await client.send(shown, until: soon).status == 200)
        shown.clientCertificate = HTTPClientCertificate(
            certificate: .file(path: server.folder + "/none.pem"), key: .file(path: server.folder + "/client.key"))
        #expect(await failure(shown)?.kind == .clientCertificate)
    }

    @Test func certificatesComeFromMemoryToo() async throws {
        var request = request("asking")
        let read = { [server] name in HTTPCertificateData.pem(try contents(server.folder + "/" + name)) }
        request.caCertificate = try read("ca.pem")
        request.clientCertificate = HTTPClientCertificate(
            certificate: try read("client.pem"), key: try read("client.key"))
        #expect(try await client.send(request, until: soon).status == 200)
    }

    @Test func aMissingOrBrokenAuthorityFileIsTold() async {
        var request = request("good")
        request.caCertificate = .file(path: "/nonexistent/ca.pem")
        #expect(await failure(request)?.kind == .tlsFailed)
        request.caCertificate = .pem(Array("no certificate".utf8))
        let error = await failure(request)
        #expect(error?.kind == .tlsFailed || error?.kind == .certificateNotTrusted, "\(error?.description ?? "")")
    }

    @Test func aPortWithoutTLSIsTold() async {
        let url = server.url("/").replacing("http:", with: "https:")
        #expect(await failure(HTTPRequest("GET", url))?.kind == .tlsFailed)
    }
}
