import CSystem
import Glibc
import PlatformModel
import Reactor

/// Starts, watches and ends every process of one platform.
///
/// It lives on one loop whose thread lasts as long as the process: the kernel ends the children when that
/// thread ends, so a killed supervisor takes its platform with it.
actor Supervisor {
    enum Phase: Sendable, Hashable {
        case starting, ready, stopping, stopped
        case failed(LocalPlatformError)
    }

    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    let folder: Folder
    let programs: Programs
    let owner = Account.current
    let timeout: Duration
    let portBase: UInt16?
    /// The interpreter of the services' environment.
    let python: String
    var state: State
    var secrets = Secrets()
    var ports = Ports(numbers: [:])
    var children: [Child] = []
    var phase = Phase.starting
    /// What was told while starting, for watchers that come late.
    var told: [JSON] = []
    var watchers = 0
    /// The fault or cure at work, so that two never mix.
    var busy = false
    var startTask: Task<Void, Never>?
    /// Nothing runs any more, and this process is about to go.
    var ended = false
    /// Held open: its closing tells the keeper that the supervisor is gone.
    private var keeper: Int32 = -1

    init(
        folder: Folder, programs: Programs, python: String, state: State, portBase: UInt16?, timeout: Duration,
        loop: EventLoop
    ) {
        self.folder = folder
        self.programs = programs
        self.python = python
        self.portBase = portBase
        self.state = state
        self.timeout = timeout
        self.loop = loop
    }

    /// Starts the platform and keeps it until it is told to stop; the exit code for the process.
    func run() async -> Int32 {
        galley_become_subreaper()
        do {
            keeper = try Keeper.start(for: folder)
        } catch {
            record("problem", "keeper", error.description)
        }
        startTask = Task { await start() }
        var nextSweep = Deadline.after(.seconds(5))
        while phase != .stopped {
            await loop.sleep(until: .after(.milliseconds(100)))
            if case .failed = phase { break }
            if nextSweep.hasPassed {
                sweep()
                nextSweep = .after(.seconds(5))
            }
        }
        if case .failed(let error) = phase {
            // Those who wait for the start read why before the socket goes.
            let end = Deadline.after(.seconds(2))
            while watchers > 0, !end.hasPassed { await loop.sleep(until: .after(.milliseconds(20))) }
            return error.exitCode
        }
        return 0
    }

    private func start() async {
        let deadline = Deadline.after(timeout)
        do {
            try await build(until: deadline)
            guard phase == .starting else { return }
            phase = .ready
            saveState()
            record("ready", "platform", "")
        } catch {
            guard phase == .starting else { return }
            record("failed", "platform", error.description)
            await endAll()
            phase = .failed(error)
        }
    }

    /// Ends everything in order, then lets ``run()`` return.
    func stop() async {
        guard phase != .stopping, phase != .stopped else { return }
        if case .failed = phase { return }
        phase = .stopping
        startTask?.cancel()
        await endAll()
        record("stopped", "platform", "")
        phase = .stopped
    }

    /// Keeps logs, archive and adopted orphans within bounds.
    private func sweep() {
        for child in children { LogFile(path: folder.log(child.name)).bound() }
        WALArchive(folder: folder).prune()
        reapOrphans()
    }

    /// Processes whose parent was killed become ours; the ended ones are put away.
    func reapOrphans() {
        let known = Set(children.compactMap(\.pid)).union(oneOffs)
        for process in ProcessTree.all() where process.parent == getpid() && process.isDead {
            if !known.contains(process.pid) {
                var (code, number): (Int32, Int32) = (0, 0)
                _ = galley_wait(process.pid, &code, &number)
            }
        }
    }

    /// Short-lived tools that run now.
    var oneOffs: Set<pid_t> = []

    func child(_ name: String) -> Child? { children.first { $0.name == name } }

    func tell(_ step: String, _ text: String, done: Int, total: Int) {
        told.append([
            "event": "progress", "step": .string(step), "text": .string(text), "done": .integer(Int64(done)),
            "total": .integer(Int64(total)),
        ])
    }

    /// Adds a line to the events; the console shows faults beside what they caused.
    func record(_ event: String, _ target: String, _ detail: String) {
        let line: JSON = [
            "at": .string(Timestamp.now), "event": .string(event), "target": .string(target), "detail": .string(detail),
        ]
        let descriptor = open(folder.events, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o640)
        guard descriptor >= 0 else { return }
        let bytes = Array((line.write() + "\n").utf8)
        _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        close(descriptor)
    }

    func saveState() {
        let own = ended ? [] : ProcessFacts(getpid()).map { [("supervisor", Int($0.pid), $0.started)] } ?? []
        state.running = own + children.compactMap { child in child.pid.map { (child.name, Int($0), child.started) } }
        state.faults = children.compactMap(\.fault) + linkFaults
        state.ports = ports
        do {
            try state.write(folder)
        } catch {
            record("problem", "platform.json", error.description)
        }
    }

    /// Faults of links and answers, which live in files that the processes read.
    var linkFaults: [Fault] = []
}
