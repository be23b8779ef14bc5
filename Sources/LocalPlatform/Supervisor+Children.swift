import CSystem
import Glibc
import Reactor

extension Supervisor {
    /// Starts one long-running process and watches it until its end.
    func begin(_ child: Child) throws(LocalPlatformError) {
        let log = try LogFile(path: folder.log(child.name)).open()
        defer { close(log) }
        let pid = try child.launch.start(in: folder, output: log, errors: log)
        child.pid = pid
        child.started = ProcessFacts(pid)?.started ?? 0
        child.wanted = true
        child.reason = ""
        child.since = .now
        let name = child.name
        Task { await watch(name, pid) }
    }

    private func watch(_ name: String, _ pid: pid_t) async {
        guard let end = await exit(of: pid, until: .never), let child = child(name), child.pid == pid else { return }
        child.pid = nil
        child.reason = end.description
        if child.kind == .postgres { reapOrphans() }
        guard child.wanted, phase == .starting || phase == .ready, child.fault == nil else { return }
        let lines = LogFile(path: folder.log(name)).tail(lines: 3)
        if !lines.isEmpty { child.reason += ": " + lines.joined(separator: " | ") }
        record("exited", name, child.reason)
        if phase == .ready { saveState() }
        guard child.kind.restarts else { return }
        if child.since.advanced(by: .seconds(30)).hasPassed { child.backoff.reset() }
        await loop.sleep(until: .after(child.backoff.next()))
        guard child.wanted, child.pid == nil, child.fault == nil, phase == .starting || phase == .ready else { return }
        child.restarts += 1
        do {
            try begin(child)
            record("restarted", name, "")
        } catch {
            child.reason = error.description
            record("problem", name, error.description)
        }
        if phase == .ready { saveState() }
    }

    /// How a process ended.
    struct Exit: Sendable, CustomStringConvertible {
        let code: Int32
        let signal: Int32

        var description: String {
            signal == 0 ? "ended with exit code \(code)" : "ended by signal \(signal)"
        }
    }

    /// Waits for the end of a child; nil at the deadline.
    func exit(of pid: pid_t, until deadline: Deadline) async -> Exit? {
        var (code, number): (Int32, Int32) = (0, 0)
        let descriptor = galley_pidfd_open(pid)
        defer {
            if descriptor >= 0 {
                loop.forget(descriptor)
                close(descriptor)
            }
        }
        while true {
            if galley_wait(pid, &code, &number) { return Exit(code: code, signal: number) }
            if deadline.hasPassed { return nil }
            if descriptor >= 0 {
                if case .cancelled = await loop.wait(descriptor, for: .read, until: deadline) { return nil }
            } else {
                await loop.sleep(until: .after(.milliseconds(50)))
            }
        }
    }

    /// Ends one process: asked first, then told, then killed.
    func end(_ child: Child, within limit: Duration = .seconds(3)) async {
        child.wanted = false
        guard let pid = child.pid else { return }
        if child.fault?.kind == .hang { ProcessTree.signal(pid, SIGCONT) }
        kill(pid, child.kind.stopSignal)
        if await isGone(child, pid, by: .after(limit)) { return }
        if child.kind == .postgres {
            record("problem", child.name, "did not stop in \(limit), stopped at once")
            kill(pid, SIGQUIT)
            if await isGone(child, pid, by: .after(.seconds(1))) { return }
        }
        record("problem", child.name, "did not stop, killed")
        ProcessTree.signal(pid, SIGKILL)
        _ = await isGone(child, pid, by: .after(.seconds(2)))
    }

    func isGone(_ child: Child, _ pid: pid_t, by deadline: Deadline) async -> Bool {
        while child.pid == pid {
            if deadline.hasPassed { return false }
            await loop.sleep(until: .after(.milliseconds(10)))
        }
        return true
    }

    /// Ends all: who makes work first, who keeps data last.
    func endAll() async {
        for pid in oneOffs { ProcessTree.signal(pid, SIGTERM) }
        let primaries = children.filter { $0.kind == .postgres && !isStandby($0.name) }.map(\.name)
        let replicas = children.filter { $0.kind == .postgres && isStandby($0.name) }.map(\.name)
        let helpers = children.filter { $0.kind == .helper }.map(\.name)
        await end(["traffic"])
        await end(children.filter { $0.kind == .service }.map(\.name))
        // The primary before its replicas: it hands them its last record while it stops.
        await end(primaries + ["redis"])
        await end(replicas)
        await end(helpers)
        reapOrphans()
        // Nothing may be left, whoever started it.
        let left = ProcessTree.endMembers(of: folder, within: .seconds(2))
        for process in left { record("problem", "process \(process.pid)", "could not be ended") }
        linkFaults = []
        for child in children { child.fault = nil }
        ended = true
        saveState()
    }

    private func end(_ names: [String]) async {
        await withTaskGroup(of: Void.self) { group in
            for name in names { group.addTask { await self.end(named: name) } }
        }
    }

    private func end(named name: String) async {
        if let child = child(name) { await end(child) }
    }

    /// Whether the node follows another one; a promotion changes it, so it is looked up each time.
    func isStandby(_ node: String) -> Bool { Files.exists(folder.data(node) + "/standby.signal") }
}
