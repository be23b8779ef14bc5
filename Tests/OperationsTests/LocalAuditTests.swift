import Glibc
import PlatformModel
import Reactor
import Testing

@testable import Operations

/// The chain in the file, and what tampering does to it.
@Suite struct LocalAuditTests {
    private func entry(_ number: Int) -> AuditEntry {
        AuditEntry(
            at: Timestamp(seconds: Int64(number)), environment: "test", event: .ended, identity: .test(.lead),
            secondFactor: nil, console: .test, command: "orders.hold", intent: "i\(number)", title: "Hold \(number)",
            outcome: "done: held", details: ["reason": "line\nbreak \u{202E} and \"quotes\""])
    }

    private func filled(_ folder: StateFolder) throws -> LocalAudit {
        let audit = LocalAudit(state: folder, environment: "test")
        for number in 1...6 { try audit.append(entry(number).json.write()) }
        return audit
    }

    private func change(_ audit: LocalAudit, _ body: ([String]) -> [String]) throws -> [String] {
        let lines = AppendFile.wholeLines(try #require(StateFolder.text(of: audit.path)))
        let text = body(lines).map { $0 + "\n" }.joined()
        let stream = try #require(fopen(audit.path, "w"))
        fputs(text, stream)
        fclose(stream)
        return audit.verify().0.problems
    }

    @Test func whatIsWrittenIsReadBackAndWhole() async throws {
        try await withFolder { folder in
            let audit = try filled(folder)
            let (verifier, _) = audit.verify()
            #expect(verifier.count == 6 && verifier.problems.isEmpty)
            #expect(audit.entries().map(\.intent) == (1...6).map { "i\($0)" })
            #expect(audit.entries()[2].details == entry(3).details)
            var status = stat()
            #expect(stat(audit.path, &status) == 0 && status.st_mode & 0o077 == 0)
        }
    }

    @Test func changedRemovedAndReorderedEntriesAreFound() async throws {
        try await withFolder { folder in
            let audit = try filled(folder)
            func problems(_ body: ([String]) -> [String]) throws -> [String] {
                system("cp \(audit.path) \(audit.path).whole")
                defer { system("cp \(audit.path).whole \(audit.path)") }
                return try change(audit, body)
            }
            // Outside of the macro: Swift 6.3.1 gives a closure within it and the next one outside the same name.
            let untouched = try problems { $0 }
            #expect(untouched.isEmpty)
            let changed = try problems { lines in
                var lines = lines
                lines[2] = lines[2].replacing("Hold 3", with: "Hold 4")
                return lines
            }
            #expect(changed == ["entry 3 was changed"])
            #expect(try problems { Array($0[..<2] + $0[3...]) }.first == "entry 3 is missing")
            #expect(try problems { Array($0[..<1] + $0[4...]) }.first == "entries 2 to 4 are missing")
            #expect(try problems { Array($0.dropFirst()) }.first == "entry 1 is missing")
            #expect(try !problems { [$0[0], $0[2], $0[1], $0[3], $0[4], $0[5]] }.isEmpty)
            #expect(try !problems { $0 + [$0[5]] }.isEmpty)
            #expect(try problems { $0[..<3] + ["rubbish"] + $0[3...] }.first == "line 4 is no audit entry")
            // Changed and its own digest made anew: the next one tells.
            let forged = try problems { lines in
                var lines = lines
                let link = AuditLink(line: lines[2])!
                let text = link.text.replacing("Hold 3", with: "Hold 9")
                lines[2] =
                    AuditLink(
                        sequence: 3, previous: link.previous, stamp: "", text: text,
                        hash: AuditLink.hash(3, link.previous, "", text)
                    ).line
                return lines
            }
            #expect(forged.count == 1 && forged[0].hasPrefix("entry 4 does not follow"))
        }
    }

    /// A crash in the middle of a write leaves a torn line, which was never said to be written.
    @Test func aTornLineIsCutOff() async throws {
        try await withFolder { folder in
            let audit = try filled(folder)
            let stream = try #require(fopen(audit.path, "a"))
            fputs("{\"sequence\":7,\"prev", stream)
            fclose(stream)
            #expect(audit.verify().0.problems.isEmpty)
            try audit.append(entry(7).json.write())
            let (verifier, _) = audit.verify()
            #expect(verifier.count == 7 && verifier.problems.isEmpty)
        }
    }

    @Test func manyConsolesWriteOneChain() async throws {
        try await withFolder { folder in
            await withTaskGroup(of: Void.self) { group in
                for console in 0..<8 {
                    group.addTask {
                        let audit = LocalAudit(state: folder, environment: "test")
                        for number in 0..<10 { try? audit.append(self.entry(console * 10 + number).json.write()) }
                    }
                }
            }
            let (verifier, _) = LocalAudit(state: folder, environment: "test").verify()
            #expect(verifier.count == 80 && verifier.problems.isEmpty)
        }
    }

    @Test func whatHasAReceiptIsSent() async throws {
        try await withFolder { folder in
            let audit = try filled(folder)
            let ids = audit.unsent().entries.map(\.id)
            #expect(ids.count == 6)
            try audit.append(AuditReceipt(entry: ids[1], sequence: 41, hash: "x").text)
            #expect(audit.unsent().entries.map(\.id) == [ids[0]] + ids[2...])
            #expect(audit.verify().1.map(\.sequence) == [41])
        }
    }
}
