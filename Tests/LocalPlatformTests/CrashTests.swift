import Glibc
import PlatformModel
import Reactor
import Testing

@testable import LocalPlatform

/// What a crash leaves behind, and how the next start deals with it.
@Suite(.serialized) struct CrashTests {
    @Test func killedSupervisorLeavesNothing() async throws {
        try await TemporaryPlatform.with { temporary in
            try await temporary.platform.start(temporary.options())
            // A stopped process hears no signal: the hardest case.
            try await temporary.platform.fault("hang", target: "eu-west-1a")
            let supervisor = try #require(temporary.pid(with: "supervise"))
            kill(supervisor, SIGKILL)
            #expect(try await temporary.eventually { temporary.members.isEmpty })
            waitpid(supervisor, nil, 0)
            await #expect(throws: LocalPlatformError.self) { try await temporary.platform.status() }
        }
    }

    @Test func leftoversOfACrashAreCleanedByTheNextStart() async throws {
        try await TemporaryPlatform.with { temporary in
            try await temporary.platform.start(temporary.options())
            try await temporary.platform.fault("hang", target: "us-east-1a")
            let keeper = try #require(temporary.pid(with: "keep"))
            let supervisor = try #require(temporary.pid(with: "supervise"))
            kill(keeper, SIGKILL)
            kill(supervisor, SIGKILL)
            waitpid(supervisor, nil, 0)
            #expect(!temporary.members.isEmpty)
            let started = try await temporary.platform.start()
            #expect(started.notes.count == 1 && started.notes[0].contains("crashed start"))
            #expect(started.status["processes"]?.array?.allSatisfy { $0["state"]?.text == "running" } == true)
        }
    }

    @Test func halfBuiltFolderIsRepaired() async throws {
        try await TemporaryPlatform.with { temporary in
            let folder = temporary.folder
            try await temporary.platform.start(temporary.options())
            try await temporary.platform.stop()
            // As if the copy of a replica had been cut off, and more had been lost.
            unlink(folder.data("us-east-1a") + ".built")
            try Files.remove(folder.data("us-east-1a") + "/base")
            try Files.remove(folder.secret("galley_lead.password"))
            try Files.remove(folder.faults)
            try Files.remove(folder.sql)
            let started = try await temporary.platform.start()
            #expect(started.status["processes"]?.array?.allSatisfy { $0["state"]?.text == "running" } == true)
            #expect(try await temporary.sql("select pg_is_in_recovery()", on: "us-east-1a") == "t")
            #expect(Files.exists(folder.secret("galley_lead.password")))
        }
    }

    @Test func startThatIsGivenUpEndsEverything() async throws {
        try await TemporaryPlatform.with { temporary in
            let platform = temporary.platform
            let task = Task { try? await platform.start(temporary.options()) }
            #expect(try await temporary.eventually { temporary.pid(with: "supervise") != nil })
            task.cancel()
            _ = await task.value
            #expect(try await temporary.eventually { temporary.members.isEmpty })
            try await platform.start(temporary.options())
            #expect(try await temporary.state("us-east-1a") == "running")
        }
    }

    @Test func startsAtTheSameMomentShareOnePlatform() async throws {
        try await TemporaryPlatform.with { temporary in
            let (platform, options) = (temporary.platform, temporary.options())
            async let first = platform.start(options)
            async let second = platform.start(options)
            async let third = platform.start(options)
            let attached = try await [first.attached, second.attached, third.attached]
            #expect(attached.count { !$0 } == 1)
            #expect(temporary.members.count { $0.parent == temporary.pid(with: "supervise") } > 0)
        }
    }

    @Test func badStateIsToldWithTheFix() async throws {
        try await TemporaryPlatform.with { temporary in
            _ = try FolderCheck(folder: temporary.folder).prepare()
            try Files.write("{ half", to: temporary.folder.state)
            let error = await #expect(throws: LocalPlatformError.self) { try await temporary.platform.start() }
            #expect(error?.code == "bad-state")
            #expect(error?.exitCode == 3)
        }
    }
}
