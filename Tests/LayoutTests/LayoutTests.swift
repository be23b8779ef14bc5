import Glibc
import Testing

/// Reads the imports of every source file and holds them against who may know whom.
@Suite struct LayoutTests {
    /// What each target may import of ours; what is not listed it may not.
    private let allowed: [String: Set<String>] = [
        "PlatformModel": [],
        "TerminalCells": [],
        "Reactor": ["CSystem"],
        "PostgresClient": ["CPostgres", "Reactor", "CSystem"],
        "RedisClient": ["CHiredis", "CCurl", "Reactor", "CSystem"],
        "HTTPClient": ["CCurl", "CCurlLate", "Reactor", "CSystem"],
        "Settings": ["CTomlPlusPlus", "PlatformModel"],
        "Collectors": ["PostgresClient", "RedisClient", "HTTPClient", "Reactor", "CSystem", "PlatformModel"],
        "PlatformStore": ["PlatformModel", "Collectors", "Reactor"],
        "Operations": ["PostgresClient", "RedisClient", "HTTPClient", "Reactor", "PlatformModel", "CCrypto"],
        "Console": ["PlatformModel", "TerminalCells", "Operations", "Settings"],
        "CursesTerminal": ["Console", "TerminalCells", "Reactor", "CNcurses", "CSystem"],
        "LocalPlatform": [
            "PostgresClient", "RedisClient", "HTTPClient", "Reactor", "PlatformModel", "CSystem", "CLocalResources",
        ],
    ]

    private var root: String {
        String(#filePath.dropLast("/Tests/LayoutTests/LayoutTests.swift".count))
    }

    @Test func everyTargetImportsOnlyWhatItMay() throws {
        let ours = Set(try names(in: "\(root)/Sources"))
        var files = 0
        for (target, allowed) in allowed {
            for file in try swiftFiles(in: "\(root)/Sources/\(target)") {
                files += 1
                let imports = try imports(of: file)
                let wrong = imports.intersection(ours).subtracting(allowed).subtracting([target])
                #expect(wrong.isEmpty, "\(file) imports \(wrong.sorted().joined(separator: ", "))")
                #expect(!imports.contains("Foundation"), "\(file): Foundation costs start-up and memory")
                #expect(!imports.contains("Dispatch"), "\(file): descriptors and signals are the event loop's")
            }
        }
        #expect(files > 50)
    }

    @Test func everyTargetHasARule() throws {
        let targets = try names(in: "\(root)/Sources").filter {
            !$0.hasPrefix("C") || $0.dropFirst().first?.isLowercase == true
        }
        let unknown = targets.filter { allowed[$0] == nil && $0 != "galley" && $0 != "ARCHITECTURE.md" }
        #expect(unknown.isEmpty)
    }

    private func imports(of file: String) throws -> Set<String> {
        let words = try text(of: file).split(separator: "\n").compactMap { line -> Substring? in
            let words = line.split(separator: " ")
            guard let index = words.firstIndex(of: "import"), index <= 1, words.count > index + 1 else { return nil }
            return words[index + 1]
        }
        return Set(words.map(String.init))
    }

    private func swiftFiles(in folder: String) throws -> [String] {
        try names(in: folder).flatMap { name -> [String] in
            let path = "\(folder)/\(name)"
            if name.hasSuffix(".swift") { return [path] }
            return name.contains(".") ? [] : (try? swiftFiles(in: path)) ?? []
        }
    }

    private func names(in folder: String) throws -> [String] {
        let handle = try #require(opendir(folder), "no folder \(folder)")
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }

    private func text(of file: String) throws -> String {
        let stream = try #require(fopen(file, "r"), "cannot read \(file)")
        defer { fclose(stream) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = fread(&buffer, 1, buffer.count, stream)
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
