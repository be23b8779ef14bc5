import Glibc
import PlatformModel
import Testing

@testable import LocalPlatform

/// The folder, its secrets and ports, without starting anything.
@Suite struct FolderTests {
    private func inTemporaryFolder(_ body: (Folder) throws -> Void) throws {
        let path = "/tmp/galley-folder-\(getpid())-\(UInt32.random(in: 0 ..< .max))"
        defer { try? Files.remove(path) }
        try body(Folder(path))
    }

    @Test func foreignFolderIsRefused() throws {
        try inTemporaryFolder { folder in
            try Files.makeFolder(folder.root)
            try Files.write("mine", to: folder.root + "/letter.txt")
            let error = #expect(throws: LocalPlatformError.self) { try FolderCheck(folder: folder).prepare() }
            #expect(error?.code == "foreign-folder")
            #expect(Files.list(folder.root) == ["letter.txt"])
        }
    }

    @Test func resetOfAForeignFolderDeletesNothing() async throws {
        let path = "/tmp/galley-folder-\(getpid())-\(UInt32.random(in: 0 ..< .max))"
        defer { try? Files.remove(path) }
        try Files.makeFolder(path)
        try Files.write("mine", to: path + "/letter.txt")
        let error = await #expect(throws: LocalPlatformError.self) { try await LocalPlatform(folder: path).reset() }
        #expect(error?.code == "foreign-folder")
        #expect(Files.exists(path + "/letter.txt"))
    }

    @Test func fileInTheWayAndLongPathAreTold() throws {
        try inTemporaryFolder { folder in
            try Files.write("", to: folder.root)
            let error = #expect(throws: LocalPlatformError.self) { try FolderCheck(folder: folder).prepare() }
            #expect(error?.code == "in-the-way")
        }
        let long = Folder("/tmp/" + String(repeating: "x", count: 100))
        let error = #expect(throws: LocalPlatformError.self) { try FolderCheck(folder: long).prepare() }
        #expect(error?.code == "path-too-long")
    }

    @Test(.enabled(if: geteuid() == 0)) func wrongOwnerIsToldWithTheFix() throws {
        try inTemporaryFolder { folder in
            _ = try FolderCheck(folder: folder).prepare()
            chown(folder.redis, 0, 0)
            let error = #expect(throws: LocalPlatformError.self) { try FolderCheck(folder: folder).prepare() }
            #expect(error?.code == "wrong-owner")
            #expect(error?.hint.contains("chown -R") == true)
        }
    }

    @Test func secretsAreClosedAndKept() throws {
        try inTemporaryFolder { folder in
            let owner = try FolderCheck(folder: folder).prepare()
            let first = try Secrets.prepare(in: folder, owner: owner)
            try first.writePassFiles(in: folder, owner: owner)
            let second = try Secrets.prepare(in: folder, owner: owner)
            #expect(first.values == second.values)
            #expect(Set(first.values.values).count == first.values.count)
            for name in Files.list(folder.secrets) {
                var status = stat()
                stat(folder.secret(name), &status)
                #expect(status.st_mode & 0o777 == 0o600, "\(name)")
                #expect(status.st_uid == owner.user, "\(name)")
            }
        }
    }

    @Test func takenPortIsMovedAndTold() throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_in.loopback(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(listener, $0, length)
                _ = listen(listener, 1)
                _ = getsockname(listener, $0, &length)
            }
        }
        let taken = UInt16(bigEndian: address.sin_port)
        let (ports, moved) = try Ports.choose(base: taken, earlier: nil)
        #expect(ports["api"] != taken && ports["api"] != 0)
        #expect(moved.contains { $0.hasPrefix("api uses port") && $0.hasSuffix("because \(taken) is taken") })
        #expect(Set(ports.numbers.values).count == ports.numbers.count)
        #expect(Ports(ports.json) == ports)
    }

    @Test func everyFileOfTheServicesIsCompiledIn() throws {
        let source = Files.parent(of: Files.parent(of: Files.parent(of: #filePath))) + "/Sources/LocalPlatform"
        var found: [String] = []
        func look(_ path: String) {
            for name in Files.list(source + "/" + path) where !name.hasSuffix(".pyc") && !name.hasPrefix(".") {
                let inner = path + "/" + name
                if Files.isFolder(source + "/" + inner) {
                    if name != "__pycache__" && name != "tests" { look(inner) }
                } else if name != "pyproject.toml" && !name.hasSuffix(".md") {
                    found.append(inner)
                }
            }
        }
        look("Python")
        look("SQL")
        #expect(Resources.files.map(\.path).sorted() == found.sorted())
        for file in Resources.files { #expect(Files.read(source + "/" + file.path) == file.bytes, "\(file.path)") }
    }

    @Test func quotingSurvivesOddPaths() {
        #expect(PostgresFiles.shellQuoted("it's") == "'it'\\''s'")
        #expect(PostgresFiles.quoted("it's") == "'it''s'")
        #expect(PostgresFiles.connectionQuoted(#"a'b\c"#) == #"'a\'b\\c'"#)
        #expect(Folder("/a//b/../c/./d/").root == "/a/c/d")
    }
}
