import Glibc
import Reactor

/// What /proc tells of one process. The start time makes a reused number another process.
struct ProcessFacts: Sendable, Hashable {
    let pid: pid_t
    let parent: pid_t
    let state: Character
    /// Clock ticks since boot.
    let started: UInt64
    /// Resident memory in bytes.
    let memory: Int

    init?(_ pid: pid_t) {
        guard let text = Files.readText("/proc/\(pid)/stat"), let end = text.lastIndex(of: ")") else { return nil }
        // The name in parentheses may hold spaces and parentheses; what follows the last one does not.
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 21, let state = fields[0].first, let parent = pid_t(fields[1]),
            let started = UInt64(fields[19]), let pages = Int(fields[21])
        else { return nil }
        self.pid = pid
        self.parent = parent
        self.state = state
        self.started = started
        memory = pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    var isDead: Bool { state == "Z" || state == "X" }

    /// Seconds since it started.
    var age: Double {
        guard let uptime = Files.readText("/proc/uptime")?.split(separator: " ").first.flatMap({ Double($0) })
        else { return 0 }
        return max(0, uptime - Double(started) / Double(sysconf(Int32(_SC_CLK_TCK))))
    }
}

/// The processes of the machine, as far as they concern a platform.
enum ProcessTree {
    static func all() -> [ProcessFacts] {
        Files.list("/proc").compactMap { pid_t($0) }.compactMap { ProcessFacts($0) }
    }

    /// A process and all its living descendants, the oldest first.
    static func family(of pid: pid_t) -> [pid_t] {
        let everyone = all()
        var found = [pid]
        var next = 0
        while next < found.count {
            found += everyone.filter { $0.parent == found[next] && !$0.isDead }.map(\.pid)
            next += 1
        }
        return found
    }

    /// Sends a signal to a whole tree, until no member was missed because it was just born.
    static func signal(_ pid: pid_t, _ number: Int32) {
        var told: Set<pid_t> = []
        while true {
            let fresh = family(of: pid).filter { !told.contains($0) }
            if fresh.isEmpty { return }
            for member in fresh {
                kill(member, number)
                told.insert(member)
            }
        }
    }

    /// The memory of a process and its descendants, with what they share counted once.
    static func memory(of pid: pid_t) -> Int {
        family(of: pid).reduce(0) { sum, member in
            let text = Files.readText("/proc/\(member)/smaps_rollup") ?? ""
            let line = text.split(separator: "\n").first { $0.hasPrefix("Pss:") }
            let kilobytes = line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
            return sum + (kilobytes.map { $0 << 10 } ?? ProcessFacts(member)?.memory ?? 0)
        }
    }

    /// The environment variable that marks each process of a platform with its folder.
    static let mark = "GALLEY_LOCAL_PLATFORM"

    /// Living processes that belong to the platform in this folder, whoever their parent is.
    ///
    /// By the mark in the environment; PostgreSQL's children overwrite theirs with a title, so they are
    /// known by their program and by working in one of the data folders.
    static func members(of folder: Folder) -> [ProcessFacts] {
        let mark = Array("\(mark)=\(folder.root)".utf8)
        return all().filter { facts in
            guard !facts.isDead, facts.pid != getpid() else { return false }
            if let environment = Files.read("/proc/\(facts.pid)/environ", limit: 1 << 20),
                environment.split(separator: 0).contains(where: { $0.elementsEqual(mark) })
            {
                return true
            }
            guard let place = Files.linkTarget("/proc/\(facts.pid)/cwd"), place.hasPrefix(folder.postgres + "/"),
                let program = Files.linkTarget("/proc/\(facts.pid)/exe")
            else { return false }
            return program.hasSuffix("/postgres") || program.hasSuffix("/postgres (deleted)")
        }
    }

    /// Ends every process of the platform that its supervisor left behind; says which could not be ended.
    static func endMembers(of folder: Folder, within limit: Duration = .seconds(8)) -> [ProcessFacts] {
        let (end, force) = (Deadline.after(limit), Deadline.after(limit / 2))
        var asked = false
        while true {
            let left = members(of: folder)
            if left.isEmpty { return [] }
            if end.hasPassed { return left }
            for process in left {
                // Stopped ones cannot hear the rest.
                if process.state == "T" { kill(process.pid, SIGCONT) }
                if force.hasPassed {
                    kill(process.pid, SIGKILL)
                } else if !asked, !left.contains(where: { $0.pid == process.parent }) {
                    // SIGTERM waits for clients at a postmaster, SIGINT does not; both end everything else.
                    let program = Files.linkTarget("/proc/\(process.pid)/exe") ?? ""
                    kill(process.pid, program.contains("postgres") ? SIGINT : SIGTERM)
                }
            }
            asked = true
            usleep(20_000)
        }
    }
}
