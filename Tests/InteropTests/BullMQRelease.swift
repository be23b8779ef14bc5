import Glibc
import LocalPlatform
import PlatformModel
import Reactor
import TestSupport
import Testing

@testable import LocalPlatform

/// One release of BullMQ's official Python port: whatever is in its queues was written by BullMQ's own scripts.
///
/// The platform's pinned environment has one; the others are laid over it, each in a folder of its own beside it that
/// the first test to need it makes (`pip install --no-deps --target`). The scripts are the same as those of BullMQ on
/// Node of that time. Classic Bull has no Python port and its packages are on a registry that CI does not reach: its
/// layout is tested in `CollectorsTests` with commands.
struct BullMQRelease: Sendable, Hashable, CustomTestStringConvertible {
    let version: String
    /// What its queues must be told as: while nothing that only one release writes is in them, and while paused.
    let flavour: QueueFlavour
    let pausedFlavour: QueueFlavour

    /// The layout of BullMQ 3: priorities share the list of waiting jobs.
    static let three = BullMQRelease(version: "0.1.0", flavour: .bullMQ3, pausedFlavour: .bullMQ3or4)
    /// The layout of BullMQ 4: prioritized jobs stand apart.
    static let four = BullMQRelease(version: "1.14.0", flavour: .bullMQ4, pausedFlavour: .bullMQ3or4)
    /// The layout of BullMQ 5, in the release that the platform's own workers use.
    static let five = BullMQRelease(version: "2.26.0", flavour: .bullMQ5or6, pausedFlavour: .bullMQ5)
    /// The layout of BullMQ 6: jobs of a paused queue stay where they are.
    static let six = BullMQRelease(version: "3.4.4", flavour: .bullMQ5or6, pausedFlavour: .bullMQ6)
    static let all = [three, four, five, six]

    var testDescription: String { "bullmq \(version)" }
    /// Releases that let many jobs be retried, limited and counted; the first one could not.
    var isGrown: Bool { self != .three }
    /// What a queue is told as when its jobs were worked on.
    var workedFlavour: QueueFlavour { self == .three || self == .four ? .bullMQ3or4 : .bullMQ5or6 }

    // MARK: Running

    /// Runs a scenario of `write_queues.py` to its end.
    ///
    /// - Returns: what is to be read, by queue; null where the release cannot count.
    func write(
        _ scenario: String, to server: ScratchRedis, prefix: String, queue: String = ""
    ) async throws -> JSON {
        let output = try await Shell.run(
            try await command(scenario, server, prefix) + (queue.isEmpty ? "" : " '\(queue)'"))
        guard let line = output.split(separator: "\n").last.map(String.init), let told = try? JSON.parse(line) else {
            throw ScratchFailure("\(testDescription) \(scenario): \(output)")
        }
        return told
    }

    /// Starts a scenario that goes on until the returned process is ended.
    func begin(_ scenario: String, on server: ScratchRedis, prefix: String) async throws -> RunningShell {
        try await RunningShell.start(try await command(scenario, server, prefix))
    }

    private func command(_ scenario: String, _ server: ScratchRedis, _ prefix: String) async throws -> String {
        let packages = try await Self.folder(version)
        let script = String(#filePath.dropLast("BullMQRelease.swift".count)) + "Python/write_queues.py"
        return "PYTHONPATH=\(packages) PYTHONDONTWRITEBYTECODE=1 exec timeout 120 \(PythonSetup().program) -W ignore"
            + " \(script) \(scenario) \(server.host) \(server.port) '\(server.password ?? "")' '\(prefix)'"
    }

    /// Where the release's package is; empty for the platform's own.
    private static func folder(_ version: String) async throws -> String {
        if version == five.version { return "" }
        let setup = PythonSetup()
        if !setup.isReady {
            let failure = await Thread.run("python", on: .shared, until: .after(.seconds(600))) { () -> String? in
                do throws(LocalPlatformError) { try setup.prepare { _ in } } catch { return error.description }
                return nil
            }
            if case let reason?? = failure { throw ScratchFailure(reason) }
        }
        let place = "\(setup.place)-bullmq-\(version)"
        // Two test runs at once: the second waits, and finds the work done.
        let output = try await Shell.run(
            """
            exec 9>\(place).lock; flock 9; test -e \(place)/.complete || { rm -rf \(place); \
            \(setup.program) -m pip install --quiet --disable-pip-version-check --no-input --no-deps \
            --target \(place) bullmq==\(version) && touch \(place)/.complete; } 2>&1; test -e \(place)/.complete || echo no
            """)
        guard !output.hasSuffix("no\n") else { throw ScratchFailure("bullmq \(version): \(output)") }
        return place
    }
}
