import CSystem
import Glibc
import LocalPlatform
import PlatformModel
import Reactor

/// `galley local up`: starts the platform, shows how far it is, says where things are.
struct LocalUp: Sendable {
    let platform: LocalPlatform
    let options: LocalArguments
    let output: LocalOutput

    func run() async throws(LocalPlatformError) -> Int32 {
        let progress = LocalProgress(isTerminal: isatty(2) == 1)
        // A long history takes minutes; about 25,000 orders a second would do, half of that is certain.
        let usual = Duration.seconds(120 + (options.options.orders ?? 0) / 5000)
        let started = try await start(progress, timeout: options.timeout ?? usual)
        progress.end()
        for note in started.notes { output.note("note: \(note)") }
        output.result(started.status, summary(started))
        guard options.foreground else { return 0 }
        return await stay()
    }

    private func start(
        _ progress: LocalProgress, timeout: Duration
    ) async throws(LocalPlatformError) -> LocalPlatform.Started {
        do throws(LocalPlatformError) {
            return try await platform.start(
                options.options, timeout: timeout, staysWithCaller: options.foreground
            ) { progress.show($0) }
        } catch {
            progress.end()
            throw error
        }
    }

    private func summary(_ started: LocalPlatform.Started) -> String {
        let ports = started.status["ports"]
        func port(_ name: String) -> String { ports?[name]?.int.map(String.init) ?? "?" }
        let nodes = (started.status["processes"]?.array ?? []).filter { $0["kind"]?.text == "postgres" }
            .map { "\($0["name"]?.text ?? "") \($0["port"]?.int ?? 0)" }.joined(separator: ", ")
        let services = ["api", "admin", "webhook", "worker", "agents"].map { "\($0) \(port($0))" }.joined(separator: ", ")
        return """
            The local platform \(started.attached ? "runs already" : "is up").
              folder         \(platform.root)
              PostgreSQL     \(nodes)
              Redis          \(port("redis"))
              services       \(services)
              configuration  \(platform.configuration)

            """
    }

    /// Waits in the foreground until a signal or until the platform ends by itself.
    private func stay() async -> Int32 {
        let signal = AsyncSignal(loop: .shared)
        for number in [SIGINT, SIGTERM, SIGHUP] { galley_signal_to_eventfd(number, signal.descriptor) }
        output.note("Ctrl-C ends it.")
        while true {
            let told = await signal.wait(until: .after(.seconds(1)))
            if told {
                do {
                    try await platform.stop()
                    return 0
                } catch {
                    return output.fail(error)
                }
            }
            if (try? await platform.status()) == nil { return 1 }
        }
    }
}

/// A bar on a terminal, a line a step elsewhere.
final class LocalProgress: Sendable {
    private let isTerminal: Bool
    private let last = Locked("")

    init(isTerminal: Bool) { self.isTerminal = isTerminal }

    func show(_ progress: LocalPlatform.Progress) {
        let isNew = last.withLock { last in
            defer { last = progress.text }
            return last != progress.text
        }
        guard isNew, !progress.text.isEmpty else { return }
        guard isTerminal else {
            LocalOutput.put("\(progress.text)\n", on: 2)
            return
        }
        let width = 20
        let filled = progress.total > 0 ? progress.done * width / progress.total : 0
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
        LocalOutput.put("\r\u{1b}[K[\(bar)] \(progress.text.prefix(50))", on: 2)
    }

    func end() {
        if isTerminal { LocalOutput.put("\r\u{1b}[K", on: 2) }
    }
}
